#!/bin/sh
# A real Linux console, whose cells are read back from the kernel (/dev/vcsu, /dev/vcsa). It has no second
# screen to go back to: what is not erased stays, whatever ended the console.
. "$(dirname "$0")/lib.sh"
needs convert compare od

small_night Ada Bea Cid Dan
inside ""
mkfifo "$folder/typed"
"$build/tests/terminal/linux_console" sh "$folder/inside.sh" <"$folder/typed" >"$folder/number" 2>"$folder/why" &
terminal=$!
exec 8>"$folder/typed"
soon 5 test -s "$folder/number" || skip_all "$(head -n 1 "$folder/why")"
vc=$(cat "$folder/number")
[ -r "/dev/vcsu$vc" ] && [ -r "/dev/vcsa$vc" ] || skip_all "/dev/vcsu$vc cannot be read"

type_keys() {
	for key_ in "$@"; do
		case $key_ in
		Return) key_='\r' ;;
		Escape) key_='\e' ;;
		slash) key_=/ ;;
		esac
		printf '%s\n' "$key_" >&8
	done
}
# The place's cells as greys, four a cell, in a portable grey map; and how many of them have block shapes.
cells() {
	set -- $(od -An -t u1 -N 2 "/dev/vcsa$vc")
	od -An -v -t u4 -w4 "/dev/vcsu$vc" >"$folder/characters"
	od -An -v -t u1 -w2 -j 4 "/dev/vcsa$vc" >"$folder/attributes"
	paste "$folder/characters" "$folder/attributes" | awk -v rows="$1" -v columns="$2" -v pgm="$folder/cells.pgm" '
	function grey(colour) { return colour == 0 ? 0 : colour == 7 ? 170 : colour == 8 ? 85 : colour == 15 ? 255 : 128 }
	function ink(c, quarter) {
		if (c == 9600) return quarter < 2
		if (c == 9604) return quarter > 1
		if (c == 9608) return 1
		if (c == 9612) return quarter % 2 == 0
		if (c == 9616) return quarter % 2
		if (c >= 9617 && c <= 9619) return (c - 9616) / 4
		return 0
	}
	BEGIN {
		high = rows - 7; wide = columns - 28 # the place, without its spare row
		if (wide > high * 8 / 3) { left = 1 + int((wide - high * 8 / 3) / 2); wide = int(high * 8 / 3) } else left = 1
	}
	{
		row = int((NR - 1) / columns); column = (NR - 1) % columns
		all += $1 >= 9600 && $1 <= 9631 && !(column == 0)
		if (row < 2 || row >= 2 + high || column < left || column >= left + wide) next
		front = grey($3 % 16); back = grey(int($3 / 16) % 8)
		shapes += $1 >= 9600 && $1 <= 9631
		for (q = 0; q < 4; q++)
			level[(row - 2) * 2 + int(q / 2), (column - left) * 2 + q % 2] = int(back + ink($1, q) * (front - back))
	}
	END {
		printf "P2\n%d %d\n255\n", wide * 2, high * 2 >pgm
		for (y = 0; y < high * 2; y++)
			for (x = 0; x < wide * 2; x++) printf "%d\n", level[y, x] >pgm
		print shapes + 0, all + 0
	}'
}
is_shown() {
	set -- $(cells)
	[ "$1" -gt 200 ]
}
is_erased() {
	set -- $(cells)
	[ "$1" = 0 ]
}
# Nothing is drawn on it but what the shell says.
is_left() {
	set -- $(cells)
	[ "$2" = 0 ] && [ "$(tr -d ' \n' <"/dev/vcs$vc" | wc -c)" -lt 80 ]
}
likeness_of_cells() {
	cells >/dev/null
	convert "$folder/pictures/bed.jpg" -colorspace Gray -resize "$(sed -n '2s/ /x/p' "$folder/cells.pgm")!" "$folder/wanted.png"
	convert "$folder/cells.pgm" "$folder/cells.png"
	compare -metric NCC "$folder/cells.png" "$folder/wanted.png" null: 2>&1
}
soon 10 find_programs || skip_all "the console does not start there"
sleep 1.5
id=ada
stand Ada && ok "the picture stands" || not_ok "the picture stands"
is "it is what the camera took" at_least "$(likeness_of_cells)" 0.85
[ -z "${KEEP:-}" ] || cp "$folder/cells.png" "$KEEP/"
type_keys Escape
is "Esc: nothing of it is left" soon 3 is_erased
type_keys Escape
patience=3
ends Bea again "SIGKILL to the console" signal KILL console
ends Cid leaves "SIGTERM to the guardian" signal TERM guardian
ends Dan leaves "SIGKILL to the guardian" signal KILL guardian
exec 8>&-
done_testing
