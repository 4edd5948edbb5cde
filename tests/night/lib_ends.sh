#!/bin/sh
# Everything that can end a view, and what must be true afterwards: nothing of the picture is on the screen,
# the picture process is gone, the console stays, starts again or has left as it should, a terminal that was
# given back is as it was found, and the hub's log tells of the look. Sourced, after lib.sh, by scripts that
# bring a terminal (tests/terminal). They define
#
#   type_keys KEY...     presses keys, by X's names (Return, Escape, slash, a letter)
#   is_shown             a picture stands in its place
#   is_erased            nothing is in the picture's place but the console's own words
#   is_left              the program has given an empty screen back
#   change_size          makes the terminal another size
#
# The table is at the end.

# What runs in the terminal: what a terminal needs before, then the console, and again each time that it is
# asked for. It says how the program ended, and the terminal's settings around it.
inside() { # a file with what comes before, or nothing; the console's own options
	{
		printf 'exec 2>>"%s/console.log"\necho $$ >"%s/shell"\n' "$folder" "$folder"
		[ -z "$1" ] || cat "$1"
		shift
		cat <<-END
			while :; do
				stty -g >"$folder/before.stty"
				ASAN_OPTIONS=detect_leaks=0 "$build/tillsyn" --socket "$folder/hub.sock" --key "$folder/keys/operators/anna.key" $*
				echo "\$?" >"$folder/status"
				while [ ! -e "$folder/again" ]; do
					[ ! -e "$folder/tell" ] || { stty -g >"$folder/after.stty"; rm "$folder/tell"; }
					sleep 0.1
				done
				rm "$folder/again" "$folder/status"
			done
		END
	} >"$folder/inside.sh"
}
child_of() {
	pgrep -P "$1" tillsyn | head -n 1
}
find_programs() {
	guardian=$(child_of "$(cat "$folder/shell")") && console=$(child_of "$guardian") && picture=$(child_of "$console")
	[ -n "$console" ]
}
is_gone() { # pid; one that nobody waited for yet is gone too
	case $(ps -o stat= -p "$1") in '' | Z*) return 0 ;; esac
	return 1
}
logged() { # resident or nothing, words
	ctl log ${1:+--resident "$1"} 2>/dev/null | grep -qF -- "$2"
}
type_name() {
	type_keys slash
	sleep 0.3
	type_keys $(echo "$1" | tr '[:upper:]' '[:lower:]' | sed 's/./& /g') Return
	sleep 0.7
	type_keys Return
}

# One view from the list until it stands.
stand() { # name
	type_name "$1"
	soon 15 logged "$id" "anna sees the picture of $id" && soon 3 is_shown && find_programs && [ -n "$picture" ]
}
given_back() {
	rm -f "$folder/after.stty"
	touch "$folder/tell"
	soon 3 test -s "$folder/after.stty"
	cmp "$folder/before.stty" "$folder/after.stty"
}
stays() {
	set -- "$console" "$guardian"
	sleep 0.3
	find_programs && [ "$console" = "$1" ] && [ "$guardian" = "$2" ]
}
started_again() {
	former_=$console
	find_programs && [ "$console" != "$former_" ] && return 0
	console=$former_
	return 1
}
leaves() {
	[ -s "$folder/status" ] && is_gone "$console" && is_gone "$guardian"
}
start_again() {
	touch "$folder/again"
	soon 10 find_programs && sleep 1.5
}

# ends NAME ID stays|again|leaves WORDS command...: a view of that resident, ended by the command.
ends() {
	name=$1 id=$(echo "$1" | tr '[:upper:]' '[:lower:]') then=$2 words=$3
	shift 3
	stand "$name" || { not_ok "$words: the picture stands"; return 1; }
	"$@"
	is "$words: the picture process has ended" soon "$patience" is_gone "$picture"
	case $then in
	leaves)
		is "$words: the program has left" soon 3 leaves
		is "$words: the terminal is as it was" given_back
		is "$words: the screen was given back empty" soon 3 is_left
		start_again
		;;
	again)
		is "$words: the console starts again" soon 3 started_again
		is "$words: nothing of the picture is left" soon 3 is_erased
		;;
	*)
		is "$words: nothing of the picture is left" soon 3 is_erased
		is "$words: the console is still there" stays
		[ "$then" = answered ] || { type_keys Escape; sleep 0.3; }
		;;
	esac
	if [ "$words" = "SIGKILL to the console" ]; then
		is "$words: the log does not tell of what nobody could report" untold
	else
		is "$words: the log has its end" soon 5 logged "$id" "the picture of $id was before anna for"
	fi
	return 0
}
untold() {
	ctl log --looks | grep -E " $id +anna +lens open [0-9.]+ s +picture shown for a time not reported"
}
hub_dies() {
	stop_one "$hub" KILL
	sleep 1
	start_hub
}
answer() {
	sleep 1.2 # an answer counts once the picture has stood for a second
	type_keys c
}
resize() {
	change_size
	sleep 1
	type_keys Escape
}

ends_names="Ada Bea Cid Dan Eva Fia Geo Hed Ivo Jan Kim Leo Moa Ove"
ends_policy="policy.view = 6s
policy.latest_start = 12min
policy.camera_ping = 2s
policy.camera_lost = 6s
policy.clock_skew = 5s"
signal() { # signal, which program: found only once the picture stands
	eval "kill -$1 \"\$$2\""
}
# every_end: the whole table, unless not even the first picture is seen. patience: how long after its end a picture process may live, in seconds.
every_end() {
	patience=3
	ends Ada stays "Esc" type_keys Escape || return
	ends Bea answered "an answer" answer
	ends Cid stays "another size" resize
	ends Dan stays "SIGTERM to the picture process" signal TERM picture
	ends Eva stays "SIGHUP to the picture process" signal HUP picture
	ends Fia stays "SIGKILL to the picture process" signal KILL picture
	ends Geo again "SIGKILL to the console" signal KILL console
	ends Hed leaves "SIGTERM to the console" signal TERM console
	ends Ivo leaves "SIGHUP to the console" signal HUP console
	ends Jan leaves "SIGTERM to the guardian" signal TERM guardian
	ends Kim leaves "SIGHUP to the guardian" signal HUP guardian
	ends Leo leaves "SIGKILL to the guardian" signal KILL guardian
	patience=9
	ends Moa stays "the end of its time" true
	ends Ove stays "a lost hub" hub_dies
}
