#!/bin/sh
# Keys from a file, in a real terminal: the map without letters answers a look, a file of the operator's own
# is taken up while the console runs, and one that would leave her without an answer never is.
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
karin|Karin Lundgren|Storgatan 4 B|Bed by the window|Key box|01:58|asleep|
arne|Arne Falk|Parkgatan 12|Bed under the picture|Key box|01:58|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras

printf 'over = function\n[look]\n<Ctrl-W> = answer well\n[tonight]\nzz = board\n' >"$folder/mine.keys"
is "the file is in order" "$build/tillsyn" --check-config --keymap "$folder/mine.keys"
tmux -S "$tmux_socket" -f /dev/null new-session -d -x 80 -y 24 \
	"ASAN_OPTIONS=detect_leaks=0 $build/tillsyn --keymap $folder/mine.keys --socket $folder/hub.sock --key $folder/keys/operators/anna.key 2>>$folder/console.log; echo console ended \$?; sleep 1000"
tmux -S "$tmux_socket" set-option -g status off
see 20 "Karin Lundgren"
see 5 "F4 patrol"
sleep 1

# One key of two is shown, and does nothing by itself.
keys z
see 2 "z …"
keys z
see 5 "PATROL BOARD"
keys Escape
see 5 "NEEDS YOU"

# The answer keys of the map, and of the file over it.
sleep 1
keys Enter
see 15 "taken"
see 5 "Ctrl-W all well"
sleep 2
# A letter answers nothing.
keys c
see 2 "That key does nothing here. F1 shows all keys."
keys F3
becomes 5 "Karin Lundgren" waiting

# Taken up while the console runs; what is wrong is told, and the keys stay as they were.
printf 'over = function\n[look]\n<Ctrl-V> = answer well\n[tonight]\nx = page\n' >"$folder/mine.keys"
see 10 "x patrol"
printf '[look]\nc = none\n' >"$folder/mine.keys"
see 10 'no key in [look] for "answer well"'
see 5 "x patrol"
is "the fault is told without a console too" sh -c "! $build/tillsyn --check-config --keymap $folder/mine.keys"
sleep 1
keys Enter
see 15 "taken"
see 5 "Ctrl-V all well"
sleep 2
keys C-v
becomes 5 "Arne Falk" seen-well
done_testing
