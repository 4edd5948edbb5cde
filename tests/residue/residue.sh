#!/bin/sh
# Nothing of a picture stays: three looks, drawn in symbols, in sixel and for kitty, at pictures of which every
# piece is known and stands nowhere else. While the agent closes the lens its memory has the picture, and while
# the picture stands its own process has; that proves that what searches also finds. Nobody else has anything
# of it then, and afterwards nobody has: not the memory of any process of ours, no file they wrote or have
# open, not the screen nor the lines above it. tmux's own memory is not ours to wipe.
. "$(dirname "$0")/../night/lib.sh"
tool=$build/tests/residue/residue
own=$(mktemp -d "${TMPDIR:-/tmp}/tillsyn-residue.XXXXXX") || exit 1
slow_1= slow_2=
finish_all() {
	exec 7>&- 8>&-
	stop_one "$slow_1"
	stop_one "$slow_2"
	finish
	rm -rf "$own"
}
trap finish_all EXIT

# free() wipes in the picture process (M_PERTURB), but not AddressSanitizer's.
sanitised=false
! grep -q __asan_init "$build/tillsyn-picture" || sanitised=true

# What the programs put into a folder for temporary files is searched as well.
mkdir "$folder/tmp"
TMPDIR=$folder/tmp
export TMPDIR

cat >"$folder/town.txt" <<'TOWN'
ada|Ada|Storgatan 4|Bed by the window|Key box|01:58|asleep|
bea|Bea|Storgatan 5|Bed by the window|Key box|01:58|asleep|
cid|Cid|Storgatan 6|Bed by the window|Key box|01:58|asleep|
TOWN
TOWN_POLICY="policy.view = 20s
policy.clock_skew = 5s" town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
mkdir "$own/cid" # whose camera is simulated: her picture is known when it stands
for id in ada bea; do
	mkdir "$own/$id"
	"$tool" picture "$own/$id/1.jpg" || { not_ok "a picture is made"; done_testing; }
	sed -i "s|^driver = .*|driver = still|; s|^scene = .*|pictures = $own/$id|" "$folder/cameras/cam-$id.conf"
done
start_hub
"$tool" scan "jpeg=$own/ada/1.jpg" -- "$hub" >/dev/null 2>&1
if [ $? -eq 3 ]; then
	ok "the memory of the programs is searched # SKIP only root may read it"
	done_testing
fi
town_import "$build" "$folder" >/dev/null || { not_ok "the import is applied"; done_testing; }
start_cameras

# Three terminals: tmux, whose screen can be looked at, and two that keep what they are sent.
console 100 30
tmux -S "$tmux_socket" pipe-pane "cat >'$own/ada.sent'"
terminal() { # resident, kind of picture
	mkfifo "$own/$1.orders"
	TERM=xterm-256color "$build/tests/terminal/slow_terminal" 30 100 "$own/$1.sent" \
		env ASAN_OPTIONS=detect_leaks=0 "$build/tillsyn" --socket "$folder/hub.sock" \
		--key "$folder/keys/operators/anna.key" --picture "$2" <"$own/$1.orders" 2>>"$folder/console.log" &
}
terminal bea sixel
slow_1=$!
exec 7>"$own/bea.orders"
terminal cid kitty
slow_2=$!
exec 8>"$own/cid.orders"

# Presses keys in the terminal of that resident's look.
press() { # resident, text or \r for Enter or \e for Esc
	case $1 in
	ada) case $2 in '\r') keys Enter ;; '\e') keys Escape ;; *) keys -l "$2" ;; esac ;;
	bea) printf 'keys %s\n' "$2" >&7 ;;
	cid) printf 'keys %s\n' "$2" >&8 ;;
	esac
}
capture() { # file
	tmux -S "$tmux_socket" capture-pane -p -e -S - >"$1"
}
children() { # pid
	for child_ in $(pgrep -P "$1"); do
		echo "$child_"
		children "$child_"
	done
}
consoles() {
	children "$(tmux -S "$tmux_socket" display-message -p '#{pane_pid}')"
	children "$slow_1"
	children "$slow_2"
}
# The picture process of the present look, if there is one.
find_picture() {
	picture=$(ps -o pid= -o stat= -o comm= -p $(consoles | tr '\n' ' ') | awk '$2 !~ /^Z/ && $3 ~ /^tillsyn-picture/ {print $1}')
	[ -n "$picture" ]
}
find_no_picture() {
	! find_picture
}
logged() { # resident words
	ctl log --resident "$1" 2>/dev/null | grep -qF -- "$2"
}
# search FILE PLACE...: for every kind of piece that there is of the present look.
search() {
	report_=$1; shift
	set -- -- "$@"
	[ "$id" = ada ] && [ -s "$own/ada.cells" ] && set -- "cells=$own/ada.cells" "$@"
	[ -s "$own/$id.drawn" ] && set -- "drawn=$own/$id.drawn" "$@"
	pixels_=$own/$id/1.jpg
	[ "$id" = bea ] && [ -s "$own/bea.drawn" ] && pixels_=$pixels_,$own/bea.drawn
	"$tool" scan "jpeg=$own/$id/1.jpg" "pixels=$pixels_" "$@" >"$report_" 2>&1
}
# has WORDS FILE KIND: at least nine in ten pieces of that kind stand in one place of the report.
has() {
	if awk -v kind="$3" '$1 == kind && $3 * 10 >= $4 * 9 && $4 > 20 { good = 1 } END { exit !good }' "$2"; then
		ok "$1"
	else
		not_ok "$1"
		sed 's/^/# /' "$2"
	fi
}
# has_none WORDS FILE [PLACE...]: the report is of these places, or of any, and nothing was found there.
has_none() {
	words_=$1 report_=$2; shift 2
	awk -v places="$*" 'BEGIN { n = split(places, place, " "); for (i = 1; i <= n; i++) chosen[place[i]] = 1 }
		n == 0 || $2 in chosen' "$report_" >"$report_.places"
	if [ -s "$report_.places" ] && ! grep -qv ' 0 [0-9]*$' "$report_.places"; then
		ok "$words_"
	else
		not_ok "$words_"
		grep -v ' 0 [0-9]*$' "$report_.places" | sed 's/^/# /'
	fi
}
# everywhere WORDS: in all that is ours, but for the picture process.
everywhere() {
	consoles_=$(consoles | grep -vx "${picture:-none}" | tr '\n' ' ')
	signers_="$signer $(children "$signer" | tr '\n' ' ')"
	search "$own/found" "$hub" $signers_ "$camera" $consoles_ "$folder"
	has_none "$name, $1: nothing is in the hub" "$own/found" "$hub"
	has_none "$name, $1: nothing is in its signer" "$own/found" $signers_
	has_none "$name, $1: nothing is in the agent" "$own/found" "$camera"
	has_none "$name, $1: nothing is in the consoles" "$own/found" $consoles_
	has_none "$name, $1: nothing is in a file" "$own/found" "$folder"
}

# Takes the resident's check and looks.
begin_look() {
	press "$id" /; sleep 0.3; press "$id" "$name"; press "$id" '\r'
	sleep 0.7
	press "$id" '\r'
}
catch_look() {
	"$tool" catch "$own/$id/1.jpg" "$camera" "jpeg=$own/$id/1.jpg" >"$own/$id.caught" 2>&1 &
	catcher=$!
	soon 5 grep -q watching "$own/$id.caught"
	begin_look
	wait "$catcher"
	has "$name: the agent has the picture while the lens closes" "$own/$id.caught" jpeg
}
look() { # resident name
	id=$1 name=$2
	if [ -s "$own/$id/1.jpg" ]; then catch_look; else begin_look; fi
	soon 15 logged "$id" "anna sees the picture of $id" || not_ok "$name: the picture stands"
	find_picture
	[ -s "$own/$id/1.jpg" ] || "$tool" take "$own/$id/1.jpg" "$picture" || { not_ok "$name: her picture is known"; return; }
	cp "$own/$id.sent" "$own/$id.drawn"
	[ "$id" != ada ] || capture "$own/ada.cells"
	search "$own/picture.found" "${picture:-1}"
	has "$name, while it stands: its own process has the picture" "$own/picture.found" jpeg
	grep -v '^jpeg ' "$own/picture.found" >"$own/more.found"
	$sanitised || has_none "$name, while it stands: its own process has nothing else of it" "$own/more.found"
	search "$own/sent.found" "$own/$id.sent"
	has "$name, while it stands: the terminal was sent a drawing" "$own/sent.found" drawn
	everywhere "while it stands"
	press "$id" '\e'
	is "$name: the picture process has ended" soon 5 find_no_picture
	picture=
	soon 5 logged "$id" "the picture of $id was before anna for" || not_ok "$name: the log has its end"
	everywhere "afterwards"
}

see 15 "Ada"
for id in ada bea cid; do
	soon 20 check_says "$(echo "$id" | sed 's/./\U&/')" open
done
sleep 1
look ada Ada
capture "$own/after.cells"
search "$own/screen.found" "$own/ada.cells"
has "Ada, while it stands: the screen has the picture" "$own/screen.found" cells
search "$own/screen.found" "$own/after.cells"
has_none "Ada, afterwards: nothing is on the screen" "$own/screen.found"
look bea Bea
look cid Cid
done_testing
