#!/bin/sh
# Every end of a view in mlterm.
. "$(dirname "$0")/lib.sh"
needs Xvfb mlterm xdotool import convert compare
start_x 1100 720
TOWN_POLICY=$ends_policy small_night $ends_names
inside_measured
# Its settings come from a folder of the home: an empty one has none.
HOME=$folder mlterm -g 100x30 -w 16 -b black -f white --sb=false -e sh "$folder/inside.sh" >"$folder/mlterm.log" 2>&1 &
terminal=$!
window_class=mlterm
all_ends
done_testing
