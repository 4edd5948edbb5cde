#!/bin/sh
# A real xterm with sixel under Xvfb: the picture's structure stands in its place, and after the view no
# pixel of it is left. Pictures of the screen before, shown and after are compared, not looked at.
. "$(dirname "$0")/../night/lib.sh"

cat >"$folder/town.txt" <<'END'
karin|Karin Lundgren|Storgatan 4 B|Bed by the window|Key box|01:58|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
town_import "$build" "$folder" >/dev/null || { not_ok "the import is applied"; done_testing; }
start_cameras

display=$((70 + $$ % 20))
Xvfb ":$display" -screen 0 1100x720x24 -nolisten tcp >/dev/null 2>&1 &
xvfb=$!
export DISPLAY=":$display"
soon 10 test -S "/tmp/.X11-unix/X$display" || { not_ok "Xvfb starts"; stop_one "$xvfb"; done_testing; }
xterm -ti vt340 -tn xterm-256color -u8 -fn 10x20 -geometry 100x30+0+0 -bg black -fg white -xrm 'XTerm*maxGraphicSize: 2000x2000' \
	-e "$build/tillsyn" --socket "$folder/hub.sock" --key "$folder/keys/operators/anna.key" >/dev/null 2>&1 &
terminal=$!

shot() {
	import -window root "$folder/$1.png"
}
# The number of distinct greys between black and white: a drawn bedroom has dozens, a text screen few.
greys() {
	convert "$folder/$1.png" -crop 640x420+10+40 +repage -colorspace Gray -unique-colors txt:- | grep -vc '^#'
}
logged() { # words
	ctl log --resident karin 2>/dev/null | grep -qF -- "$1"
}
press() {
	xdotool key --clearmodifiers "$1"
}

soon 20 sh -c "$build/tillsynctl --socket $folder/hub.sock log 2>/dev/null | grep -q 'camera cam-karin has contact'"
sleep 4
shot before
press Return
if soon 15 logged "anna sees the picture of karin"; then ok "the log says that the picture was shown"; else not_ok "the log says that the picture was shown"; fi
sleep 1
shot shown
press Escape
is "Esc ends the view, and the log has its time" soon 10 logged "the picture of karin was before anna for"
sleep 1
shot after
[ -z "${KEEP:-}" ] || cp "$folder"/*.png "$KEEP"/
is "before the look there is no picture" test "$(greys before)" -lt 24
is "a picture of many greys stands" test "$(greys shown)" -gt 24
is "after the view no grey of it is left" test "$(greys after)" -lt 24
stop_one "$terminal"
stop_one "$xvfb"
done_testing
