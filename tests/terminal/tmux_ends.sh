#!/bin/sh
# Every end of a view in tmux, where a picture is made of symbols: the pane is as it was, and nothing ever
# came into its history.
. "$(dirname "$0")/../night/lib.sh"
. "$(dirname "$0")/../night/lib_ends.sh"

for name in $ends_names Pia; do
	echo "$(echo "$name" | tr '[:upper:]' '[:lower:]')|$name|Storgatan 4|Bed by the window|Key box|01:58|asleep|"
done >"$folder/town.txt"
TOWN_POLICY=$ends_policy town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras
inside ""
pane() {
	tmux -S "$tmux_socket" -f /dev/null "$@"
}
pane new-session -d -x 80 -y 24 "sleep 1000" \; set-option -g status off \; set-option -g default-terminal tmux-256color \
	\; respawn-pane -k "sh $folder/inside.sh"

type_keys() {
	for key_ in "$@"; do
		case $key_ in
		Return) key_=Enter ;;
		slash) key_=/ ;;
		esac
		pane send-keys "$key_"
	done
}
# What pictures are made of: block shapes, and backgrounds that are not black. Prints how many cells of the
# picture's place have them, how many shapes are there, how many backgrounds, and how many characters are on
# the pane and in its history in all.
lit() {
	set -- $(pane display -p '#{pane_width} #{pane_height}')
	pane capture-pane -p -e -N -S - | LC_ALL=C awk -v bottom=$(($2 - 4)) -v right=$(($1 - 27)) '
	function colours(codes,    n, c, i) {
		n = split(codes == "" ? "0" : codes, c, ";")
		for (i = 1; i <= n; i++)
			if (c[i] == 0 || c[i] == 40 || c[i] == 49) back = 0
			else if (c[i] >= 41 && c[i] <= 47) back = c[i]
			else if (c[i] == 48) { back = c[i + 2] == 16 ? 0 : c[i + 2] + 100; i += 2 }
			else if (c[i] >= 100 && c[i] <= 107) back = c[i]
			else if (c[i] == 38) i += 2
	}
	{
		column = 0
		while ($0 != "")
			if (match($0, /^\033\[[0-9;]*m/)) {
				colours(substr($0, 3, RLENGTH - 3)); $0 = substr($0, RLENGTH + 1)
			} else if ($0 ~ /^[\200-\277]/) {
				$0 = substr($0, 2) # the rest of a character
			} else {
				column++; all += $0 !~ /^ /
				if (NR >= 3 && NR <= bottom && column >= 2 && column <= right) {
					shape = $0 ~ /^\342\226[\200-\237]/
					shapes += shape; cells += shape || back; backs += back && !seen[back]++
				}
				$0 = substr($0, 2)
			}
	}
	END { print cells + 0, shapes + 0, backs + 0, all + 0 }'
}
no_history() {
	[ "$(pane display -p '#{history_size}')" = 0 ]
}
is_shown() {
	set -- $(lit)
	[ "$1" -gt 400 ] && [ "$2" -gt 100 ] && [ "$3" -gt 8 ]
}
is_erased() {
	set -- $(lit)
	# A row may be tinted: the one that the cursor is on.
	[ "$2" = 0 ] && [ "$3" -le 1 ] && [ "$1" -le 52 ] && no_history
}
is_left() {
	set -- $(lit)
	[ "$4" = 0 ] && no_history && [ "$(pane display -p '#{alternate_on} #{cursor_flag}')" = "0 1" ]
}
change_size() {
	pane resize-window -x 76 -y 23
}
soon 10 find_programs
see 20 "Ada"
soon 20 logged "" "has contact"
sleep 1
every_end

# Nobody is there any more who could see it; the programs go all the same, and at once.
hang_up() {
	pane kill-server
	is "a hang-up: the console has ended" soon 2 is_gone "$console"
	is "a hang-up: the guardian has ended" soon 2 is_gone "$guardian"
}
id=pia
soon 10 logged "" "camera cam-pia has contact"
stand Pia || not_ok "a hang-up: the picture stands"
hang_up
is "a hang-up: the picture process has ended" soon 2 is_gone "$picture"
is "a hang-up: the log has its end" soon 5 logged pia "the picture of pia was before anna for"
done_testing
