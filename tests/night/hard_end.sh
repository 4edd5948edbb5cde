#!/bin/sh
# Whatever happened before, a check with no recorded answer pages by itself: one that nobody started, one
# that was looked at and never answered, and a recheck that nobody made (SERVICE.md, the hard end).
TOWN_POLICY="policy.latest_start = 25s
policy.hard_end = 25s
policy.recheck_earliest = 3s
policy.recheck_due = 4s
policy.recheck_late = 5s
policy.recheck_end = 15s
policy.fault_retry = 5s
policy.fault_page = 10s
policy.camera_ping = 2s
policy.camera_lost = 6s
policy.restart_hold = 1s
policy.answer = 5s
policy.view = 4s
policy.lease = 10s
policy.clock_skew = 5s"
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
nora|Nora Lund|Storgatan 4|Bed by the window|Key box|01:58|asleep|
sten|Sten Ek|Parkgatan 1|Bed by the wall|Key box|01:58|asleep|
rita|Rita Ros|Torggatan 2|Bed by the door|Key box|01:58|empty|
END
TOWN_CLOCK=01:57:35 town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras
console 90 24
becomes 70 "Nora Lund" open

look_at Sten
becomes 15 "Sten Ek" undecided
keys Escape; sleep 1
look_at Rita
keys r
becomes 5 "Rita Ros" waiting

becomes 60 "Rita Ros" no-answer
becomes 60 "Nora Lund" no-answer
becomes 10 "Sten Ek" no-answer
for name in "Nora Lund" "Sten Ek" "Rita Ros"; do
	becomes 5 "$name" patrol
done
keys Escape; keys b; sleep 1
see 5 "Nora Lund"
done_testing
