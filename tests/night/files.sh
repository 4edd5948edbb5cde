#!/bin/sh
# The console's own files, in a real terminal: tui.conf alone starts it, a theme is taken up while it runs
# but not under a look, what is wrong is told and the last good kept; and it is drawn without colours too.
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
karin|Karin Lundgren|Storgatan 4 B|Bed by the window|Key box|01:58|asleep|
arne|Arne Falk|Parkgatan 12|Bed under the picture|Key box|01:58|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras

export XDG_CONFIG_HOME="$folder/config"
conf=$XDG_CONFIG_HOME/tillsyn/tui.conf
mkdir -p "$XDG_CONFIG_HOME/tillsyn/themes"
# As an editor writes: a new file, renamed over the old one.
write_conf() {
	{ printf 'socket = %s\nkey = %s\n' "$folder/hub.sock" "$folder/keys/operators/anna.key"; printf "$1"; } >"$conf.new"
	mv "$conf.new" "$conf"
}
console_in() { # terminal, environment
	tmux -S "$tmux_socket" -f /dev/null new-session -d -x 80 -y 24 \
		"$2 TERM=$1 ASAN_OPTIONS=detect_leaks=0 $build/tillsyn 2>>$folder/console.log; echo console ended \$?; sleep 1000"
	tmux -S "$tmux_socket" set-option -g status off
}
# The ground that most of the screen stands on, by its number among 256.
on_ground() {
	tmux -S "$tmux_socket" capture-pane -pe | grep -q "48;5;${1}m"
}

write_conf 'theme = paper\n'
is "the file is in order" "$build/tillsyn" --check-config
console_in tmux-256color ""
see 20 "Karin Lundgren"
is "paper is light" soon 5 on_ground 230

write_conf 'theme = night\n'
see 10 "have changed and are in use"
is "night is dark" soon 5 on_ground 16
is "nothing of paper is left" sh -c "! tmux -S '$tmux_socket' capture-pane -pe | grep -q '48;5;230m'"

write_conf 'theme = paper\ncalm = perhaps\n'
see 10 "tui.conf:4:8: calm: must be yes or no"
is "the last good theme stays" on_ground 16
is "the fault is told without a console too" sh -c "! '$build/tillsyn' --check-config"
keys -l ":messages"; keys Enter
see 5 "MESSAGES"
see 2 "tui.conf:4:8: calm: must be"
keys Escape

# A theme of the operator's own, over a shipped one.
printf 'over = paper\n[palette]\npaper = #e4e4e4 254 white\n' >"$XDG_CONFIG_HOME/tillsyn/themes/mine.theme"
write_conf 'theme = mine\n'
is "her own theme is taken up" soon 10 on_ground 254
printf 'over = paper\n[palette]\npaper = #d0d0d0 252 white\n' >"$XDG_CONFIG_HOME/tillsyn/themes/mine.theme"
is "and taken up again when it changes" soon 10 on_ground 252

# Under a look nothing changes: a frame drawn whole would wipe the picture.
sleep 1
keys Enter
see 15 "taken"
write_conf 'theme = night\n'
sleep 1
is "the look stays as it is" on_ground 252
shows "taken" && ok "and its picture stands" || not_ok "and its picture stands"
keys c
see 10 "NEEDS YOU"
is "after it the theme is taken up" soon 10 on_ground 16
tmux -S "$tmux_socket" kill-server
sleep 0.5

# Terminals without colours, and who wants none.
has_no_colour() {
	! tmux -S "$tmux_socket" capture-pane -pe | grep -qE '\[([0-9;]*;)?[34][0-8]'
}
for terminal in "vt100 " "linux NO_COLOR=1"; do
	console_in $terminal
	see 20 "Arne Falk"
	is "${terminal% *} shows no colour" has_no_colour
	is "the row of the cursor is reversed" sh -c "tmux -S '$tmux_socket' capture-pane -pe | grep -F 'Arne Falk' | grep -qE '\[([0-9;]*;)?7m'"
	tmux -S "$tmux_socket" kill-server
	sleep 0.5
done
done_testing
