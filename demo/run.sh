#!/bin/sh
# A night at the centre, on simulated cameras: a hub on a throw-away database, the log's signer, an agent
# with a few dozen cameras, the patrol's simulated gateway, and the console on top, its clock set to about
# two at night.
# BUILD names the folder of the programs. Everything lives in one temporary folder and ends with it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${BUILD:-build/release}" && pwd) || exit 1

fail() {
	echo "demo: $1" >&2
	exit 1
}

[ -t 0 ] && [ -t 1 ] || fail "needs a terminal on standard input and output; run it in one"
size=$(stty size) || fail "cannot ask the terminal for its size"
rows=${size% *} columns=${size#* }
[ "$rows" -ge 10 ] && [ "$columns" -ge 40 ] \
	|| fail "this terminal has $columns columns and $rows rows; at least 40 and 10 are needed (80 and 24 are good)"

for program in tillsynd tillsynd-signer tillsyn-camera tillsyn tillsyn-picture tillsynctl; do
	[ -x "$build/$program" ] || fail "$build/$program is missing; make all builds it"
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/tillsyn-demo.XXXXXX") || fail "cannot make a temporary folder"
hub= camera= signer=
end() {
	[ -n "$camera" ] && kill "$camera" 2>/dev/null
	[ -n "$hub" ] && kill "$hub" 2>/dev/null
	[ -n "$signer" ] && kill "$signer" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$folder"
}
trap end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

here_demo=$here
. "$here/town.sh"
town_make "$build" "$folder" || exit 1

wait_for() { # what, file
	tries=0
	while [ ! -S "$2" ]; do
		kill -0 "$1" 2>/dev/null || return 1
		tries=$((tries + 1))
		[ "$tries" -gt 100 ] && return 1
		sleep 0.05
	done
}
town_sign "$build" "$folder" 2>"$folder/signer.log" &
signer=$!
wait_for "$signer" "$folder/signer.sock" || fail "the log's signer did not start: $(tail -n 1 "$folder/signer.log")"
"$build/tillsynd" --config "$folder/hub.conf" --clock-offset "$offset" 2>"$folder/hub.log" &
hub=$!
wait_for "$hub" "$folder/hub.sock" || fail "the hub did not start: $(tail -n 1 "$folder/hub.log")"
town_import "$build" "$folder" >"$folder/import.log" 2>&1 || fail "the import failed: $(tail -n 1 "$folder/import.log")"
"$build/tillsyn-camera" --config "$folder/cameras" --clock-offset "$offset" 2>"$folder/camera.log" &
camera=$!
sleep 0.3
kill -0 "$camera" 2>/dev/null || fail "the cameras did not start: $(tail -n 1 "$folder/camera.log")"

"$build/tillsyn" --socket "$folder/hub.sock" --key "$folder/keys/operators/anna.key" "$@"
status=$?
kill -0 "$signer" 2>/dev/null || fail "the log's signer ended while the demo ran: $(tail -n 1 "$folder/signer.log")"
kill -0 "$hub" 2>/dev/null || fail "the hub ended while the demo ran: $(tail -n 1 "$folder/hub.log")"
exit "$status"
