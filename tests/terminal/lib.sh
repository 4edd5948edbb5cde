#!/bin/sh
# Real terminals under Xvfb: a small night with one known picture in every camera, a terminal with the
# console in it, and pictures of its screen that are measured, not looked at. What a picture must be: in its
# place, whole, and like the snapshot that the camera took; and afterwards not one pixel of it. Sourced by
# tests/terminal/*.sh, which speak TAP; what cannot be had on a machine is skipped with its reason.
. "$(dirname "$0")/../night/lib.sh"
. "$(dirname "$0")/../night/lib_ends.sh"

x_server= compositor= terminal=
finish_all() {
	for pid_ in $terminal $compositor $x_server; do
		stop_one "$pid_"
	done
	finish
}
trap finish_all EXIT

skip() { # why
	number=$((number + 1))
	echo "ok $number - # SKIP $1"
}
skip_all() {
	skip "$1"
	done_testing
}
needs() { # command...
	for command_ in "$@"; do
		command -v "$command_" >/dev/null 2>&1 || skip_all "there is no $command_"
	done
}

# A bedroom as an infrared camera would see it, lopsided in both directions so that no mirrored or moved
# picture passes for it, and nowhere black, so that its edges are found on a black screen.
snapshot() {
	convert -size 640x480 xc:'gray(38%)' -fill 'gray(24%)' -draw 'rectangle 0,330 640,480' \
		-fill 'gray(88%)' -draw 'rectangle 430,40 590,200' -fill 'gray(45%)' -draw 'rectangle 506,40 514,200' \
		-fill 'gray(30%)' -draw 'rectangle 40,190 70,440' -fill 'gray(75%)' -draw 'polygon 70,260 330,230 420,400 80,430' \
		-fill 'gray(96%)' -draw 'polygon 75,240 170,228 190,300 85,316' -fill 'gray(64%)' -draw 'ellipse 132,268 32,26 0,360' \
		-fill 'gray(24%)' -draw 'ellipse 118,258 30,18 0,360' -fill 'gray(56%)' -draw 'polygon 170,290 320,262 372,372 190,398' \
		-fill 'gray(52%)' -draw 'rectangle 500,300 600,440' -fill 'gray(70%)' -draw 'rectangle 515,318 585,340' \
		-blur 0x1.2 -colorspace Gray -quality 90 "$folder/pictures/bed.jpg"
}
# One resident a name, all due at once, all with the same picture; the hub and the cameras run afterwards.
small_night() { # names..., of one word each
	mkdir "$folder/pictures" && snapshot || { not_ok "the snapshot is drawn"; done_testing; }
	for name_ in "$@"; do
		id_=$(echo "$name_" | tr '[:upper:]' '[:lower:]')
		echo "$id_|$name_|Storgatan 4 B|Bed by the window|Key box|01:58|asleep|"
	done >"$folder/town.txt"
	town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
	sed -i "s|^driver = simulated|driver = still\npictures = $folder/pictures|; /^scene = /d" "$folder"/cameras/*.conf
	start_hub
	town_import "$build" "$folder" >"$folder/import.log" 2>&1 || { not_ok "the import is applied"; done_testing; }
	start_cameras
	soon 20 logged "" "has contact" || { not_ok "the cameras have contact"; done_testing; }
}
start_x() { # width height
	Xvfb -displayfd 7 -screen 0 "$1x$2x24" -nolisten tcp 7>"$folder/display" >/dev/null 2>&1 &
	x_server=$!
	soon 10 grep -q '[0-9]' "$folder/display" || skip_all "Xvfb does not start"
	export DISPLAY=":$(cat "$folder/display")"
	unset WAYLAND_DISPLAY
}

# What runs in the terminal: the corners of the picture's place, until they were measured; then the console.
inside_measured() { # the console's own options
	cat >"$folder/corners.sh" <<-END
		while [ ! -e "$folder/go" ]; do
			set -- \$(stty size)
			side=0 at=0
			[ "\$2" -lt 70 ] || side=26
			[ "\$1" -lt 16 ] || [ "\$side" = 0 ] || at=1
			rows=\$((\$1 - at - 5)) columns=\$((\$2 - side - 2 * at))
			printf '\033[?25l\033[m\033[2J\033[%d;%dH\033[7m \033[%d;%dH \033[m' \$((at + 2)) \$((at + 1)) \
				\$((at + 1 + rows)) \$((at + columns))
			echo "\$rows \$columns" >"$folder/place"
			sleep 0.3
		done
		printf '\033[m\033[2J\033[H\033[?25h'
	END
	inside "$folder/corners.sh" "$@"
}

shot() { # name
	import -window root "$folder/$1.png"
	[ -z "${KEEP:-}" ] || cp "$folder/$1.png" "$KEEP/${0##*/}.$1.png"
}
press() { # keys...
	xdotool key --clearmodifiers --delay 60 "$@"
}
# The smallest rectangle around what is not black, WxH+X+Y, in a picture or the given part of it.
lit_box() { # name [part]
	convert "$folder/$1.png" ${2:+-crop "$2" +repage} -colorspace Gray -threshold 4% -format '%@' info: 2>/dev/null
}
corners_stand() {
	shot corners
	sleep 0.5
	shot corners2
	place=$(lit_box corners)
	[ "$(lit_box corners2)" = "$place" ] && [ "${place%%x*}" -gt 100 ]
}
# Sets place, WxH+X+Y in pixels, and lets the console begin.
measure_place() {
	soon 20 test -s "$folder/place" && soon 20 corners_stand || { not_ok "the terminal shows where the picture's place is"; done_testing; }
	read -r place_rows place_columns <"$folder/place"
	place_width=${place%%x*} place_height=${place#*x}
	place_height=${place_height%%+*}
	touch "$folder/go"
}

# How like the camera's picture that part of the screen is in which something is lit: 1 is the same, 0 is nothing like it.
likeness() { # name
	box_=$(lit_box "$1" "$place")
	size_=${box_%%+*}
	convert "$folder/$1.png" -crop "$place" +repage -crop "$box_" +repage -colorspace Gray "$folder/drawn.png"
	convert "$folder/pictures/bed.jpg" -colorspace Gray -resize "$size_!" "$folder/wanted.png"
	compare -metric NCC "$folder/drawn.png" "$folder/wanted.png" null: 2>&1
}
at_least() { # number limit
	echo "# $1 (at least $2)"
	awk -v a="$1" -v b="$2" 'BEGIN { exit !(a + 0 >= b + 0) }'
}
# Of the snapshot's shape, nearly as large as the place lets it be, and never on the place's last row.
stands_whole() { # name of a shot
	box_=$(lit_box "$1" "$place")
	echo "# place $place ($place_rows rows, $place_columns columns), lit $box_"
	echo "$box_" | awk -F'[x+]' -v w="$place_width" -v h="$place_height" -v rows="$place_rows" -v columns="$place_columns" '{
		room = h * (rows - 1) / rows; cell_w = w / columns; cell_h = h / rows; shape = $1 / $2 * 3 / 4
		exit !($1 <= w && $2 + $4 <= room + 1 && ($1 >= 0.93 * w - cell_w || $2 >= 0.93 * room - cell_h) \
			&& shape > 0.9 && shape < 1.11)
	}'
}
# Pixels of the place that were dark before, that the picture lit, and that still have what it gave them:
# three by three at least, since the edge of a letter may have the same grey by chance.
residue() { # before shown after
	convert "$folder/$1.png" -crop "$place" +repage -colorspace Gray -threshold 0 -negate "$folder/dark.png"
	convert "$folder/$2.png" -crop "$place" +repage -colorspace Gray -threshold 0 "$folder/lit.png"
	convert "$folder/$2.png" "$folder/$3.png" -crop "$place" +repage -compose difference -composite \
		-colorspace Gray -threshold 0 -negate "$folder/same.png"
	convert "$folder/dark.png" "$folder/lit.png" "$folder/same.png" -evaluate-sequence min -morphology Erode Square:1 \
		-format '%[fx:round(mean*w*h)]' info:
}

# Of the place nothing is lit but words, on so many rows.
is_blank() { # name rows
	box_=$(lit_box "$1" "$place")
	echo "# lit $box_"
	echo "$box_" | awk -F'[x+]' -v h="$place_height" -v rows="$place_rows" -v words="$2" '{ exit !($2 <= words * h / rows) }'
}
# In the window, which has the keys then, and where a drawn pointer covers nothing that is measured.
move_pointer() {
	left_=${place#*+}
	xdotool mousemove $((${left_%%+*} + place_width + 80)) 300
}
# One look from the list and back, in a terminal that was just started.
one_look() { # how like the snapshot it must be (0.95)
	measure_place
	move_pointer
	sleep 3
	shot before
	press Return
	is "the log says that the picture was shown" soon 15 logged karin "anna sees the picture of karin"
	sleep 1
	shot shown
	is "the picture stands whole in its place" stands_whole shown
	is "it is what the camera took" at_least "$(likeness shown)" "${1:-0.95}"
	press Escape
	is "Esc ends the view, and the log has its time" soon 10 logged karin "the picture of karin was before anna for"
	sleep 1
	shot question
	is "its place is blank" is_blank question 1
	is "no pixel of it is left" test "$(residue before shown question)" -eq 0
	press Escape
	sleep 1
	shot after
	is "the list stands there alone" is_blank after 2
	is "nor is there a pixel of it behind the list" test "$(residue before shown after)" -eq 0
}

# Every end of a view (lib_ends.sh) in a terminal that was just started; window_class finds its window.
type_keys() {
	press "$@"
}
# What is lit in a rectangle larger than any stroke of a letter, and lighter than the row that the cursor is on.
solid() { # part
	shot now
	convert "$folder/now.png" -crop "$1" +repage -colorspace Gray -threshold 19% -morphology Erode Rectangle:7x13 \
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
	window_=$(xdotool search --onlyvisible --class "$window_class" | tail -n 1)
	xdotool windowsize "$window_" 900 560
}
all_ends() {
	measure_place
	move_pointer
	soon 10 find_programs
	sleep 2
	every_end
}
