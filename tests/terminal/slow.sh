#!/bin/sh
# A terminal at the end of a slow line, and one that stops reading: keys count all the same, a view ends at
# its time whether anybody reads that or not, the log is true, and when the reader goes on the screen is clean.
. "$(dirname "$0")/../night/lib.sh"
. "$(dirname "$0")/../night/lib_ends.sh"

names="Ada Bea Cid Dan Eva Fia"
for name in $names; do
	echo "$(echo "$name" | tr '[:upper:]' '[:lower:]')|$name|Storgatan 4|Bed by the window|Key box|01:58|asleep|"
done >"$folder/town.txt"
TOWN_POLICY="policy.view = 5s
policy.latest_start = 12min
policy.clock_skew = 5s" town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras
mkfifo "$folder/orders"
inside "" --picture sixel
: >"$folder/out"
TERM=xterm-256color "$build/tests/terminal/slow_terminal" 40 120 "$folder/out" sh "$folder/inside.sh" <"$folder/orders" 2>>"$folder/console.log" &
slow=$!
exec 8>"$folder/orders"
finish_slow() {
	stop_one "$slow"
	finish
}
trap finish_slow EXIT

rate() {
	echo "rate $1" >&8
}
type_keys() {
	for key_ in "$@"; do
		case $key_ in
		Return) key_='\r' ;;
		Escape) key_='\e' ;;
		slash) key_=/ ;;
		esac
		printf 'keys %s\n' "$key_" >&8
	done
}
written() {
	wc -c <"$folder/out"
}
longer() { # than
	[ "$(written)" -gt "$1" ]
}
# All that the terminal was sent, on a screen that can be read.
replay() {
	tmux -S "$tmux_socket" -f /dev/null new-session -d -x 120 -y 40 "cat '$folder/out'; sleep 1000" \; set-option -g status off
	sleep 1
	screen >"$folder/screen"
	tmux -S "$tmux_socket" kill-server
	sleep 0.2
}
screen_has() { # words
	replay
	cat "$folder/screen"
	grep -qF -- "$1" "$folder/screen"
}
# A sixel begun and none finished; the reader stops in the middle of it.
stop_in_the_middle() { # name
	id=$(echo "$1" | tr '[:upper:]' '[:lower:]')
	rate 40000
	mark=$(written)
	type_name "$1"
	soon 10 logged "$id" "had its lens open" && soon 5 longer $((mark + 12000)) || { not_ok "$1: a picture is begun"; return 1; }
	rate 0
	sleep 0.3
	find_programs
	[ -n "$picture" ] || not_ok "$1: the picture is still being drawn"
}

soon 10 find_programs
soon 20 logged "" "has contact"
sleep 1.5
rate 100000
id=ada
type_name Ada
is "100 kB/s: the picture stands" soon 4 logged ada "anna sees the picture of ada"
find_programs
sleep 1.2
type_keys c
is "100 kB/s: an answer counts" soon 2 logged ada "anna answered well about ada"
is "100 kB/s: the picture process has ended" soon 3 is_gone "$picture"
is "100 kB/s: the log has its end" soon 3 logged ada "the picture of ada was before anna for"
sleep 0.5

stop_in_the_middle Bea
type_keys Escape
is "stopped in the middle: Esc ends the picture process" soon 3 is_gone "$picture"
is "stopped in the middle: the hub hears of it" soon 3 logged bea "is open again"
rate 1000000000
sleep 1
is "stopped in the middle: the screen comes clean" screen_has "NEEDS YOU"
is "stopped in the middle: nobody has seen it" sh -c "! $build/tillsynctl --socket $folder/hub.sock log --resident bea | grep -q 'sees the picture'"

stop_in_the_middle Cid
is "stopped for good: the picture process ends by itself" soon 13 is_gone "$picture"
rate 1000000000
sleep 1
is "stopped for good: the log says why" soon 5 logged cid "no picture of cid"
is "stopped for good: the screen comes clean" screen_has "Cid"
type_keys Escape
sleep 0.7

rate 100000
id=dan
type_name Dan
soon 10 logged dan "anna sees the picture of dan" && find_programs || not_ok "Dan: the picture stands"
rate 0
sleep 1.5
type_keys c
is "stopped while it stands: an answer counts" soon 2 logged dan "anna answered well about dan"
is "stopped while it stands: the picture process has ended" soon 3 is_gone "$picture"
is "stopped while it stands: the log has its end" soon 3 logged dan "the picture of dan was before anna for"
rate 1000000000
sleep 0.5
is "stopped while it stands: the screen comes clean" screen_has "NEEDS YOU"

id=eva
type_name Eva
soon 10 logged eva "anna sees the picture of eva" && find_programs || not_ok "Eva: the picture stands"
rate 0
is "stopped until its time is over: the picture process has ended" soon 9 is_gone "$picture"
is "stopped until its time is over: the log has its end" soon 3 logged eva "the picture of eva was before anna for"
rate 1000000000
sleep 0.5
is "stopped until its time is over: the screen comes clean" screen_has "the picture is gone"

# What a console writes where nobody reads holds it at last; told to go it goes all the same.
rate 0
type_keys Escape
for i in 1 2 3 4 5 6 7 8 9 10; do
	printf 'keys jjjjjjjjjjkkkkkkkkkk:help\\r\\e\nkeys :board\\r\\e\n' >&8
	sleep 0.1
done
find_programs
kill -TERM "$guardian"
is "stopped, with much to write: the console has left" soon 3 is_gone "$console"
is "stopped, with much to write: the guardian has left" soon 3 is_gone "$guardian"
rate 1000000000
is "stopped, with much to write: the terminal is as it was" given_back
done_testing
