#!/bin/sh
# foot, drawn in software by weston in an X window: sixels on Wayland.
. "$(dirname "$0")/lib.sh"
needs Xvfb weston foot xdotool import convert compare
start_x 1100 720
small_night Karin
inside_measured
mkdir -m 700 "$folder/run"
export XDG_RUNTIME_DIR="$folder/run" XDG_CONFIG_HOME="$folder"
weston --backend=x11-backend.so --use-pixman --shell=kiosk-shell.so --width=1100 --height=700 --idle-time=0 --socket=wayland-t \
	>"$folder/weston.log" 2>&1 &
compositor=$!
soon 10 test -S "$folder/run/wayland-t" || skip_all "weston does not start: $(tail -n 1 "$folder/weston.log")"
WAYLAND_DISPLAY=wayland-t foot --config=/dev/null -o pad=0x0 -o colors.background=000000 -o colors.foreground=ffffff \
	-o font=monospace:size=12 sh "$folder/inside.sh" >"$folder/foot.log" 2>&1 &
terminal=$!
one_look
done_testing
