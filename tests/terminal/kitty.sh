#!/bin/sh
# kitty, drawn in software in an X window: its own graphics, which stand beside the text and are erased by
# their number alone.
. "$(dirname "$0")/lib.sh"
needs Xvfb kitty xdotool import convert compare
start_x 1100 720
small_night Karin
inside_measured
mkdir -m 700 "$folder/run"
XDG_RUNTIME_DIR="$folder/run" XDG_CACHE_HOME="$folder/run" LIBGL_ALWAYS_SOFTWARE=1 kitty --config NONE \
	-o update_check_interval=0 -o background=black -o foreground=white -o cursor_blink_interval=0 \
	-o window_padding_width=0 -o remember_window_size=no -o initial_window_width=1000 -o initial_window_height=640 \
	sh "$folder/inside.sh" >"$folder/kitty.log" 2>&1 &
terminal=$!
one_look
# It complains of a frame that ends and had not begun.
is "every frame is begun before it is ended" sh -c "! grep 'Pending mode stop' $folder/kitty.log"
done_testing
