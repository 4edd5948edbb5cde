#!/bin/sh
# The agent as a program, without a hub: its key, what it says of wrong settings, its clock's offset, and
# that it leaves at once when it is told to.
build=$(cd "${BUILD:-build/asan}" && pwd) || exit 1
folder=$(mktemp -d "${TMPDIR:-/tmp}/tillsyn-agent.XXXXXX") || exit 1
agent=
number=0 failures=0
finish() {
	[ -n "$agent" ] && kill -KILL "$agent" 2>/dev/null
	rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# is "what" command...: the command's success is the test.
is() {
	what=$1; shift
	number=$((number + 1))
	if "$@" >"$folder/is.log" 2>&1; then
		echo "ok $number - $what"
	else
		failures=$((failures + 1))
		echo "not ok $number - $what"
		sed 's/^/# /' "$folder/is.log"
	fi
}
key=1111111111111111111111111111111111111111111111111111111111111111
conf() { # name, state folder, more lines
	cat >"$folder/$1.conf" <<END
camera = $1
hub_tls = no
hub_port = 1
administration_key = $key
signer_key = $key
device_key_file = $folder/$1.key
state_folder = $folder/$2
driver = simulated
$3
END
}
run() {
	timeout 10 "$build/tillsyn-camera" "$@" >"$folder/out" 2>"$folder/err"
}
fails_with() { # status, words, arguments of the agent...
	status=$1 words=$2; shift 2
	run "$@"
	[ $? -eq "$status" ] && grep -q -- "$words" "$folder/err" || { cat "$folder/err"; return 1; }
}

conf cam1 state1 "demo = no"
makes_key() { run --config "$folder/cam1.conf" --make-key && grep -qx '[0-9a-f]\{64\}' "$folder/out"; }
keeps_key() { cp "$folder/out" "$folder/first" && makes_key && cmp -s "$folder/out" "$folder/first"; }
is "a device key is made, and its public half printed" makes_key
is "nobody else can read it" test "$(stat -c %a "$folder/cam1.key")" = 600
is "made again it is the same key" keeps_key

conf wrong state2 "scene = asleep
drivers = still
policy.view = soon"
lists_both() {
	fails_with 1 "wrong.conf:.*drivers" --config "$folder/wrong.conf" && grep -q "policy.view" "$folder/err"
}
is "every wrong line is named" lists_both
rm "$folder/wrong.conf"
conf cam2 state2 "scene = dancing"
run --config "$folder/cam2.conf" --make-key
is "a scene that there is not is named" fails_with 1 dancing --config "$folder/cam2.conf"
conf cam2 state1 ""
is "two agents do not share a memory of openings" fails_with 1 "state_folder of its own" --config "$folder"
rm "$folder/cam2.conf"
is "a clock offset is for a demo" fails_with 1 "clock-offset" --config "$folder/cam1.conf" --clock-offset 60000
is "without a configuration it says how it is called" fails_with 2 usage
chmod 644 "$folder/cam1.key"
is "a key that others can read is refused" fails_with 1 "cam1.key" --config "$folder/cam1.conf"
chmod 600 "$folder/cam1.key"

leaves() {
	"$build/tillsyn-camera" --config "$folder" 2>"$folder/err" &
	agent=$!
	sleep 0.7
	kill -TERM "$agent" && wait "$agent"
	status=$?
	agent=
	[ "$status" -eq 0 ] && ! grep -q "not verified" "$folder/err" || { cat "$folder/err"; return 1; }
}
began=$(date +%s)
is "without a hub it keeps trying, and leaves when it is told to" leaves
is "it leaves soon" test $(($(date +%s) - began)) -le 4
echo "1..$number"
[ "$failures" -eq 0 ]
