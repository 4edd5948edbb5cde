#!/bin/sh
# The window changes while a picture stands: it goes, comes again in its new place, and it is one look with
# one time. A window that is too small for it ends the view and says so; and none is begun
# without room. In tmux no setting brings anything but symbols.
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
karin|Karin Lundgren|Storgatan 4 B|Bed by the window|Key box|01:58|asleep|
elsa|Elsa Wikström|Storgatan 5|Bed at the door|Key box|01:58|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
town_import "$build" "$folder" >/dev/null || { not_ok "the import is applied"; done_testing; }
start_cameras
console 80 24 "--picture kitty"
see 20 "Karin Lundgren"
see 5 "only symbols can be erased"
sleep 2

look_at "Karin"
shaded() { # rows at least
	[ "$(screen | grep -c '[▀▄█▌▐▖▗▘▝▙▛▜▟▁▂▃▅▆▇]')" -ge "$1" ]
}
is "a picture stands" soon 5 shaded 10
# A drag: many sizes in a moment.
for columns in 84 88 92 96 100; do
	tmux -S "$tmux_socket" resize-window -x "$columns" -y 30
done
is "it is gone at once" soon 1 sh -c "! tmux -S '$tmux_socket' capture-pane -p | sed 1d | grep -q '▄▄\|▀▀\|▇▇'"
is "it stands again, larger" soon 5 shaded 16
is "the countdown goes on" shows " s "
tmux -S "$tmux_socket" resize-window -x 50 -y 14
is "and smaller" soon 5 shaded 5
tmux -S "$tmux_socket" resize-window -x 30 -y 7
sleep 1
tmux -S "$tmux_socket" resize-window -x 80 -y 24
see 5 "too small for the picture"
see 5 "what did you see?"
is "nothing of it is left" sh -c "! tmux -S '$tmux_socket' capture-pane -p | sed 1d | grep -q '▄▄\|▀▀\|▇▇'"
shown() {
	ctl log --resident karin 2>/dev/null | grep -c "$1"
}
is "one showing is in the log" test "$(shown 'anna sees the picture of karin')" -eq 1
is "and one time" test "$(shown 'the picture of karin was before anna for')" -eq 1
keys c
becomes 5 "Karin Lundgren" seen-well

tmux -S "$tmux_socket" resize-window -x 30 -y 7
sleep 0.5
take Elsa
sleep 2
tmux -S "$tmux_socket" resize-window -x 80 -y 24
see 5 "too small for a picture"
is "no look was begun, and there is no fault" check_says "Elsa Wikström" open
look_at Elsa
is "with room there is one" shaded 10
done_testing
