#!/bin/sh
# Every end of a view in kitty.
. "$(dirname "$0")/lib.sh"
needs Xvfb kitty xdotool import convert compare
start_x 1100 720
TOWN_POLICY=$ends_policy small_night $ends_names
inside_measured
mkdir -m 700 "$folder/run"
XDG_RUNTIME_DIR="$folder/run" XDG_CACHE_HOME="$folder/run" LIBGL_ALWAYS_SOFTWARE=1 kitty --config NONE \
	-o update_check_interval=0 -o background=black -o foreground=white -o cursor_blink_interval=0 \
	-o window_padding_width=0 -o remember_window_size=no -o initial_window_width=1000 -o initial_window_height=640 \
	sh "$folder/inside.sh" >"$folder/kitty.log" 2>&1 &
terminal=$!
window_class=kitty
all_ends
done_testing
