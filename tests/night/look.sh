#!/bin/sh
# One operator, real processes: a look that ends well; not seen, then the recheck, then the patrol until
# the resident is seen; a couple, one seen and one not; a camera without contact and one that dies; a
# lapsed decision; a visit slot; a withdrawal before the recheck; and what the log tells of the looks.
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
karin|Karin Lundgren|Storgatan 4 B|Bed by the window|Key box|01:58|asleep|
arne|Arne Falk|Parkgatan 12|Bed under the picture|Key box|01:58|empty|
ek|Berit Ek+Nils Ek|Ringvägen 31|Berit left, Nils right|Ring|01:58|couple-one|
wille|Wille Dahl|Hamngatan 9|Bed by the door|Key box|01:58|empty|
rut|Rut Hedman|Hamngatan 7|Bed by the stove|Key box|01:58|asleep|unenrolled
olle|Olle Nyman|Lindvägen 21|Bed under the window|Code 9001|01:58|dead|
vera|Vera Sjögren|Bruksgatan 6|Bed to the left|Key at 8|01:58|asleep|lapsed
tage|Tage Ström|Åsgatan 3||Dog is kind|visit@01:58||
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras
console 100 30
see 15 "NEEDS YOU"
see 20 "Karin Lundgren"
sleep 2

# Not seen, twice.
look_at Arne
keys r
becomes 5 "Arne Falk" waiting

# Withdrawn between the first look and the recheck.
look_at Wille
keys r
becomes 5 "Wille Dahl" waiting
is "a withdrawal is recorded" ctl withdraw wille --reason "she called"
becomes 5 "Wille Dahl" withdrawn

look_at Karin
keys c
becomes 5 "Karin Lundgren" seen-well

# A couple, one seen and one not.
look_at Berit
keys 1; sleep 0.8; keys c
is "one answer of two closes nothing" sh -c "sleep 1; ! $build/tillsynctl --socket $folder/hub.sock night | grep 'Berit Ek' | grep -q closed"
keys 2; sleep 0.8; keys r
becomes 5 "Berit Ek" seen-well
becomes 5 "Nils Ek" waiting

# A camera that dies when it is asked to open.
take Olle
becomes 15 "Olle Nyman" fault
keys Escape; sleep 0.5

becomes 60 "Arne Falk" open
look_at Arne
keys p; sleep 0.8
keys -l "bed empty twice"; sleep 0.8; keys Enter
becomes 5 "Arne Falk" patrol
keys Escape; sleep 0.5

becomes 60 "Nils Ek" open
look_at Nils
keys c
becomes 5 "Nils Ek" seen-well

becomes 90 "Rut Hedman" patrol
becomes 90 "Olle Nyman" patrol
becomes 5 "Vera Sjögren" lapsed
becomes 5 "Vera Sjögren" patrol
becomes 5 "Tage Ström" visit-slot

# The board: acknowledged, on site, seen. Each is asked for before it is recorded.
on_board() {
	keys Home
	for step in 1 2 3 4 5 6 7 8 9 10 11 12; do
		sleep 0.3
		screen | tail -n 4 | grep -q "^ $1:" && return 0
		keys j
	done
	return 1
}
keys b; sleep 1
see 5 "Arne Falk"
is "the cursor finds Arne on the board" on_board "Arne Falk"
for key in a s d; do
	keys "$key"; sleep 1; keys Enter; sleep 1
done
becomes 5 "Arne Falk" visited
# What the patrol has for other reasons ends the same way: somebody on site saw the resident.
for name in "Wille Dahl" "Vera Sjögren" "Tage Ström" "Rut Hedman" "Olle Nyman"; do
	on_board "$name" || not_ok "the cursor finds $name on the board"
	sleep 0.8; keys c; sleep 1; keys Enter
	becomes 5 "$name" visited
done
keys Escape; sleep 0.5

ctl log --looks >"$folder/looks.txt" 2>&1
is "the log tells of two looks at Arne" test "$(grep -c arne "$folder/looks.txt")" -eq 2
is "the log tells of one look at Karin" test "$(grep -c karin "$folder/looks.txt")" -eq 1
is "who, lens open, picture shown and answer stand in it" grep -qE "karin +anna +lens open [0-9.]+ s +picture shown [0-9.]+ s +answer well" "$folder/looks.txt"
done_testing
