#!/bin/sh
# mlterm: as xterm, but it swallows everything that follows a sixel which was cut off.
. "$(dirname "$0")/lib.sh"
needs Xvfb mlterm xdotool import convert compare
start_x 1100 720
small_night Karin
inside_measured
# Its settings come from a folder of the home: an empty one has none.
HOME=$folder mlterm -g 100x30 -w 16 -b black -f white --sb=false -e sh "$folder/inside.sh" >"$folder/mlterm.log" 2>&1 &
terminal=$!
one_look
done_testing
