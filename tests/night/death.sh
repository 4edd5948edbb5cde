#!/bin/sh
# A console that is killed while a picture stands: the picture goes with it, and the next console stands on
# the same row. Then its guardian is killed, while a picture stands: all of it ends, and the screen is clean.
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
karin|Karin Lundgren|Storgatan 4 B|Bed by the window|Key box|01:58|asleep|
arne|Arne Falk|Parkgatan 12|Bed under the picture|Key box|01:58|asleep|
rut|Rut Hedman|Hamngatan 7|Bed by the stove|Key box|01:58|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras
console 100 30
see 20 "Karin Lundgren"
sleep 2

child_of() {
	pgrep -P "$1" | head -n 1
}
gone() {
	! kill -0 "$1" 2>/dev/null
}
cursor_on() {
	row=$(tmux -S "$tmux_socket" display -p '#{cursor_y}')
	screen | sed -n "$((row + 1))p" | grep -qF -- "$1"
}
left_screen() {
	[ "$(tmux -S "$tmux_socket" display -p '#{alternate_on}')" = 0 ]
}
only_the_end() {
	[ "$(screen | grep . | grep -cv 'Killed\|console ended')" = 0 ]
}
shell=$(tmux -S "$tmux_socket" list-panes -F '#{pane_pid}')
guardian=$(child_of "$shell")
console=$(child_of "$guardian")

look_at Rut
picture=$(child_of "$console")
is "a picture process runs" kill -0 "$picture"
kill -KILL "$console"
is "the picture process has ended" soon 2 gone "$picture"
see 5 "started again"
is "the cursor is on the same row" soon 5 cursor_on "Rut Hedman"
is "the guardian is the same" test "$(child_of "$shell")" = "$guardian"
is "the console is another" test "$(child_of "$guardian")" != "$console"
is "nothing went into the scrollback" test "$(tmux -S "$tmux_socket" display -p '#{history_size}')" = 0
keys Escape; sleep 1

look_at Karin
console=$(child_of "$guardian")
picture=$(child_of "$console")
is "a picture process runs" kill -0 "$picture"
kill -KILL "$guardian"
is "the picture process has ended" soon 3 gone "$picture"
is "the console has ended" soon 3 gone "$console"
is "the alternate screen was left" soon 3 left_screen
is "nothing is left on the screen but how it ended" soon 3 only_the_end
done_testing
