#!/bin/sh
# Every end of a view in xterm, where pixels stay until they are written over: of the picture none is left,
# whoever was killed, and a terminal that was given back is empty to the last pixel.
. "$(dirname "$0")/lib.sh"
needs Xvfb xterm xdotool import convert compare
start_x 1100 720
TOWN_POLICY=$ends_policy small_night $ends_names
inside_measured
xterm -ti vt340 -tn xterm-256color -u8 -fn 10x20 -geometry 100x30+0+0 -bg black -fg white -b 0 \
	-xrm 'XTerm*maxGraphicSize: 2000x2000' -e sh "$folder/inside.sh" >/dev/null 2>&1 &
terminal=$!

type_keys() {
	press "$@"
}
# What is lit in a rectangle larger than any stroke of a letter.
solid() { # part
	shot now
	convert "$folder/now.png" -crop "$1" +repage -colorspace Gray -threshold 4% -morphology Erode Rectangle:7x13 \
		-format '%[fx:round(mean*w*h)]' info:
}
is_shown() {
	[ "$(solid "$place")" -gt 50000 ]
}
is_erased() {
	[ "$(solid "$place")" -eq 0 ]
}
is_left() {
	shot now
	# The cursor alone.
	[ "$(convert "$folder/now.png" -colorspace Gray -threshold 4% -format '%[fx:round(mean*w*h)]' info:)" -le 200 ]
}
change_size() {
	window_=$(xdotool search --onlyvisible --class xterm | head -n 1)
	xdotool windowsize "$window_" 900 560
}
measure_place
move_pointer
soon 10 find_programs
sleep 2
every_end
done_testing
