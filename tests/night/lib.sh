# Real processes for scripted nights: a hub and its signer, its cameras and a console in tmux, in one temporary folder
# on loopback and Unix sockets. Sourced by tests/night/*.sh, which speak TAP. Only what was started here
# is stopped, by its process id or on the test's own tmux socket.

root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${BUILD:-$root/build/asan}" && pwd) || exit 1
folder=$(mktemp -d "${TMPDIR:-/tmp}/tillsyn-night.XXXXXX") || exit 1
tmux_socket=$folder/tmux
number=0 failures=0
hub= camera= signer=
export LC_ALL=C.UTF-8
unset TMUX
here_demo=$root/demo
. "$root/demo/town.sh"

stop_one() { # pid, signal
	[ -n "$1" ] && kill "-${2:-TERM}" "$1" 2>/dev/null && wait "$1" 2>/dev/null
	return 0
}
finish() {
	tmux -S "$tmux_socket" kill-server 2>/dev/null
	stop_one "$camera"
	stop_one "$hub"
	stop_one "$signer"
	if [ "$failures" -gt 0 ]; then
		tail -n 5 "$folder"/*.log | sed 's/^/# /'
		[ -z "${KEEP:-}" ] || cp -R "$folder" "$KEEP"/
	fi
	rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

ok() {
	number=$((number + 1))
	echo "ok $number - $1"
}
not_ok() {
	number=$((number + 1))
	failures=$((failures + 1))
	echo "not ok $number - $1"
}
# is "what" command...: the command's success is the test.
is() {
	what=$1; shift
	if "$@" >"$folder/is.log" 2>&1; then
		ok "$what"
	else
		not_ok "$what"
		head -n 20 "$folder/is.log" | sed 's/^/# /'
	fi
}
# soon SECONDS command...: until it succeeds.
soon() {
	until_=$(($(date +%s) + $1)); shift
	while ! "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$until_" ] || return 1
		sleep 0.1
	done
}

start_signer() {
	town_sign "$build" "$folder" 2>>"$folder/signer.log" &
	signer=$!
	soon 20 test -S "$folder/signer.sock" || { not_ok "the signer starts"; tail -n 3 "$folder/signer.log" | sed 's/^/# /'; exit 1; }
}
start_hub() {
	[ -n "$signer" ] || start_signer
	"$build/tillsynd" --config "$folder/hub.conf" --clock-offset "$offset" 2>>"$folder/hub.log" &
	hub=$!
	soon 20 test -S "$folder/hub.sock" || { not_ok "the hub starts"; tail -n 3 "$folder/hub.log" | sed 's/^/# /'; exit 1; }
}
start_cameras() {
	"$build/tillsyn-camera" --config "$folder/cameras" --clock-offset "$offset" 2>>"$folder/camera.log" &
	camera=$!
}
ctl() {
	"$build/tillsynctl" --socket "$folder/hub.sock" --keys "$folder/keys" "$@"
}
console() { # columns rows [options]
	tmux -S "$tmux_socket" -f /dev/null new-session -d -x "$1" -y "$2" \
		"ASAN_OPTIONS=detect_leaks=0 $build/tillsyn --socket $folder/hub.sock --key $folder/keys/operators/anna.key ${3:-} 2>>$folder/console.log; echo console ended \$?; sleep 1000"
	tmux -S "$tmux_socket" set-option -g status off
}
keys() {
	tmux -S "$tmux_socket" send-keys "$@"
}
screen() {
	tmux -S "$tmux_socket" capture-pane -p
}
shows() {
	screen | grep -qF -- "$1"
}
shows_not() {
	! shows "$1"
}
# see SECONDS TEXT: a test of its own, with the screen beside it when it fails.
see() {
	if soon "$1" shows "$2"; then
		ok "the screen shows: $2"
	else
		not_ok "the screen shows: $2"
		screen | sed 's/^/# /'
	fi
}
# A resident's check as tillsynctl tells it.
check_says() { # name text
	ctl night 2>/dev/null | grep -F -- "$1" | grep -qF -- "$2"
}
becomes() { # seconds name text
	if soon "$1" check_says "$2" "$3"; then
		ok "$2: $3"
	else
		not_ok "$2: $3"
		ctl night 2>&1 | grep -F -- "$2" | sed 's/^/# /'
	fi
}
# Finds a resident in the list and presses Enter on her.
take() {
	keys "/"; sleep 0.3; keys -l "$1"; keys Enter
	sleep 0.9
	keys Enter
}
# take, and wait until the picture has stood long enough for an answer.
look_at() {
	take "$1"
	soon 15 shows "taken" || { not_ok "the picture of $1 stands"; screen | sed 's/^/# /'; return; }
	sleep 2
}
done_testing() {
	echo "1..$number"
	[ "$failures" -eq 0 ]
	exit
}
