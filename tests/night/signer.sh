#!/bin/sh
# The log's signer dies with a look under way, and comes back; and the hub is started on an older copy of its
# database, which the signer does not sign for.
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
nora|Nora Lund|Storgatan 4|Bed by the window|Key box|01:58|asleep|
sten|Sten Ek|Parkgatan 1|Bed by the wall|Key box|01:58|asleep|
vera|Vera Dahl|Parkgatan 3|Bed by the wall|Key box|01:58|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
stop_one "$hub"; hub=
mkdir "$folder/backup" && cp "$folder"/hub.db* "$folder/backup/"
start_hub
start_cameras
console 110 30
see 20 "Nora Lund"
sleep 1

# It has the order, and dies before the answer.
kill -STOP "$signer"
take "Nora Lund"
sleep 1
kill -KILL "$signer"; wait "$signer" 2>/dev/null; signer=
becomes 5 "Nora Lund" fault
keys Escape
see 5 "signer does not answer"

# Without it no look is possible, and nobody waits for one.
take "Sten Ek"
becomes 5 "Sten Ek" fault
keys Escape

start_signer
is "the alarm ends when it is back" soon 10 shows_not "signer does not answer"
look_at "Vera Dahl"
keys c
becomes 10 "Vera Dahl" seen-well

# Older than what was signed.
stop_one "$hub"; hub=
rm -f "$folder"/hub.db*
cp "$folder"/backup/hub.db* "$folder/"
start_hub
see 20 "was a backup restored?"
see 20 "Sten Ek"
sleep 3
take "Sten Ek"
becomes 5 "Sten Ek" fault
is "the signer has said why" grep -q "refused: the log is shorter than the one that was signed last" "$folder/signer.log"
keys Escape
see 5 "was a backup restored?"
done_testing
