#!/bin/sh
# One run of the bench: tillsyn-picture beside chafa, timg and img2sixel, from the start of the process to its
# picture on a terminal of 10x20 pixel cells; then looks over a slow line. Prints tables in Markdown, and says of
# every aim whether it was met. RUNS=101 measures longer.
cd "$(dirname "$0")/.." || exit 1
RUNS=${RUNS:-21}
LINE_RUNS=${LINE_RUNS:-3}
LINE=125000 # bytes a second: 1 Mbit/s
here=$BUILD/bench
picture=$BUILD/tillsyn-picture
sizes='640x480 1280x720 1920x1080 3840x2160'
cells='80x24 160x48'
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
met=0 missed=0

die() { echo "bench: $1" >&2; exit 1; }

# aim WORDS EXPRESSION: counts, and prints what was missed.
aim() {
	if awk "BEGIN { exit !($2) }"; then met=$((met + 1)); return; fi
	missed=$((missed + 1))
	echo "- missed: $1" >>"$work/missed"
}

# alike DRAWING JPEG: how alike the decoded drawing is to its source scaled to the same size.
alike() {
	sixel2png -i "$1" -o "$work/drawn.png" || die 'a drawing cannot be decoded'
	size=$(identify -format '%wx%h' "$work/drawn.png")
	convert "$work/drawn.png" -colorspace Gray -depth 8 "$work/drawn.pgm"
	convert "$2" -resize "$size!" -colorspace Gray -depth 8 "$work/source.pgm"
	"$here/ssim" "$work/source.pgm" "$work/drawn.pgm"
}

# other COLUMNSxROWS PROGRAM...: ms, bytes.
other() {
	at=$1; shift
	"$here/command" "${at%x*}" "${at#*x}" "$RUNS" "$work/other" "$@"
}

# ours MODE COLUMNSxROWS JPEG [OPTION...]: ms until it stands, ms until it is gone, bytes.
ours() {
	mode=$1 at=$2 jpeg=$3; shift 3
	"$here/look" "$@" "$mode" "${at%x*}" "${at#*x}" "$runs" "$picture" "$jpeg"
}

sixel() { # CELLS SIZE JPEG
	runs=$RUNS
	set -- "$1" "$2" "$3" $(ours sixel "$1" "$3" --drawing "$work/ours") || die 'no look'
	[ $# -eq 6 ] || die "no look at $2"
	ms=$4 gone=$5 bytes=$6
	alike_ours=$(alike "$work/ours" "$3")
	set -- "$1" "$2" "$3" $(other "$1" chafa -f sixels -s "$1" "$3")
	alike_chafa=$(alike "$work/other" "$3")
	chafa_ms=$4 chafa_bytes=$5
	set -- "$1" "$2" "$3" $(other "$1" img2sixel -w "$(identify -format '%w' "$work/drawn.png")" -h auto "$3")
	echo "| $1 | $2 | $ms | $gone | $chafa_ms | $4 | $bytes | $chafa_bytes | $5 | $alike_ours | $alike_chafa |"
	aim "time, $1 cells, $2: $ms ms is more than a quarter of $chafa_ms" "$ms * 4 <= $chafa_ms"
	aim "bytes, $1 cells, $2: $bytes is more than a fifth of $chafa_bytes" "$bytes * 5 <= $chafa_bytes"
	aim "likeness, $1 cells, $2: $alike_ours is more than 0.02 below $alike_chafa" \
		"$alike_ours >= $alike_chafa - 0.02"
}

symbols() { # CELLS SIZE JPEG
	runs=$RUNS
	set -- "$1" "$2" "$3" $(ours 256 "$1" "$3")
	[ $# -eq 6 ] || die "no look at $2"
	ms=$4 bytes=$6
	set -- "$1" "$2" "$3" $(other "$1" chafa -f symbols -c 240 -s "$1" "$3")
	chafa_ms=$4 chafa_bytes=$5
	set -- "$1" "$2" "$3" $(other "$1" timg -ph --color8 -b none -U -I -g "$1" "$3")
	echo "| $1 | $2 | $ms | $chafa_ms | $4 | $bytes | $chafa_bytes | $5 |"
}

line() { # CELLS SIZE JPEG
	runs=$LINE_RUNS
	set -- "$1" "$2" "$3" $(ours sixel "$1" "$3" --line "$LINE")
	[ $# -eq 5 ] || die "no look at $2 over the line"
	standing=$4 shown=$5
	# The end comes in the middle of every drawing.
	set -- "$1" "$2" "$3" $(ours sixel "$1" "$3" --line "$LINE" --end 4000)
	[ $# -eq 5 ] || die "no end in the middle of a drawing at $2"
	echo "| $1 | $2 | $standing | $shown | $4 | $5 |"
	aim "slow line, $1 cells, $2: it stands after $standing ms" "$standing <= 1000"
	aim "slow line, $1 cells, $2: the end is obeyed after $4 ms" "$4 <= 100"
}

kitty() { # CELLS SIZE JPEG
	runs=$LINE_RUNS
	set -- "$1" "$2" "$3" $(ours kitty "$1" "$3")
	[ $# -eq 6 ] || die "no look at $2"
	ms=$4 bytes=$6
	set -- "$1" "$2" "$3" $(ours kitty "$1" "$3" --line "$LINE")
	[ $# -eq 5 ] || die "no look at $2 over the line"
	echo "| $1 | $2 | $ms | $bytes | $4 | $5 |"
	aim "slow line, kitty, $1 cells, $2: it stands after $4 ms" "$4 <= 1000"
}

each() { # FUNCTION
	for at in $cells; do
		for size in $sizes; do
			"$1" "$at" "$size" "$work/$size.jpg"
		done
	done
}

for size in $sizes; do
	"$here/scene" "${size%x*}" "${size#*x}" >"$work/$size.jpg" || die 'no scene'
done

echo "$(date -u +%Y-%m-%d), $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1), $(nproc) cores, Linux $(uname -r)"
echo "$(chafa --version | head -n 1), $(timg --version 2>&1 | sed -n '1s/ <.*//p'), $(img2sixel --version | head -n 1)"
echo "Medians of $RUNS runs; load at the start $(cut -d ' ' -f 1-3 /proc/loadavg)."
echo
echo 'Sixel: ms, bytes, likeness to the source (SSIM).'
echo
echo '| cells | JPEG | ms | … gone | chafa | img2sixel | bytes | chafa | img2sixel | SSIM | chafa |'
echo '|---|---|---|---|---|---|---|---|---|---|---|'
each sixel
echo
echo 'Symbols in 256 colours: ms, bytes.'
echo
echo '| cells | JPEG | ms | chafa | timg | bytes | chafa | timg |'
echo '|---|---|---|---|---|---|---|---|'
each symbols
echo
echo "Sixel over 1 Mbit/s: ms, the longest of $LINE_RUNS."
echo
echo '| cells | JPEG | stands | … and read | END to GONE | … and blank |'
echo '|---|---|---|---|---|---|'
each line
echo
echo 'kitty: ms, bytes; and over 1 Mbit/s: ms.'
echo
echo '| cells | JPEG | ms | bytes | stands | … and read |'
echo '|---|---|---|---|---|---|'
each kitty
echo
echo "The log, on the disk of ${TMPDIR:-/tmp}: proofs at a hub and an agent."
echo
echo '| | |'
echo '|---|---|'
mkdir "$work/log" && "$here/log" "$work/log" "${ENTRIES:-1000000}" "${LOOKS:-1000}" || die 'the log cannot be measured'
echo
echo "Load at the end $(cut -d ' ' -f 1-3 /proc/loadavg). $met aims met, $missed missed."
if [ -e "$work/missed" ]; then cat "$work/missed"; fi
