#!/bin/sh
# xterm, whose sixels stand on the screen until something else is written there.
. "$(dirname "$0")/lib.sh"
needs Xvfb xterm xdotool import convert compare
start_x 1100 720
small_night Karin
inside_measured
xterm -ti vt340 -tn xterm-256color -u8 -fn 10x20 -geometry 100x30+0+0 -bg black -fg white \
	-xrm 'XTerm*maxGraphicSize: 2000x2000' -e sh "$folder/inside.sh" >/dev/null 2>&1 &
terminal=$!
one_look
done_testing
