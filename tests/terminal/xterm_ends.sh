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
window_class=xterm
all_ends
done_testing
