#!/bin/sh
# The log out of a real hub: exported, judged without the hub, and told to the resident.
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
nora|Nora Lund|Storgatan 4|Bed by the window|Key box|01:58|asleep|
sten|Sten Ek|Parkgatan 1|Bed by the wall|Key box|05:10|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
is "the log is exported" ctl log export "$folder/first.export"
start_cameras
console 90 24
see 20 "Nora Lund"
look_at "Nora Lund"
keys c
becomes 10 "Nora Lund" "seen-well"

verify() {
	"$build/tillsynctl" verify "$@" >"$folder/said" 2>&1
}
says() {
	grep -qF -- "$1" "$folder/said"
}
is "an extract is exported" ctl log export --resident nora --since "$folder/first.export" "$folder/nora.export"
is "the whole log is exported" ctl log export "$folder/all.export"
is "for nobody else's eyes" test "$(stat -c %a "$folder/nora.export" "$folder/all.export" | tr '\n' ' ')" = "600 600 "
extract_sv() { ctl log extract nora >"$folder/nora.txt" && grep -q "^Någon har tittat 1 gång.$" "$folder/nora.txt"; }
is "she can read it" extract_sv
is "with its result" grep -q "^    Resultat: allt var väl.$" "$folder/nora.txt"
is "the unit, and no staff" sh -c "grep -q '^Enhet:      Trygghetscentralen$' '$folder/nora.txt' && ! grep -qi anna '$folder/nora.txt'"
extract_en() { ctl log extract sten --language en | grep -q "^Nobody has looked.$"; }
is "in English too, and that nobody looked" extract_en
[ -z "${KEEP_EXTRACT:-}" ] || cp "$folder/nora.txt" "$folder/nora.export" "$folder/all.export" "$folder/keys/signer.pub" "$KEEP_EXTRACT"

# From here on without any of it.
stop_one "$camera"; camera=
stop_one "$hub"; hub=
rm -f "$folder"/hub.db*
key=$folder/keys/signer.pub
is "the whole log holds" verify "$folder/all.export" --signer "$key" --from "$folder/first.export"
is "which it says" says "The log has only grown since $folder/first.export"
is "the extract holds" verify "$folder/nora.export" --signer "$(cat "$key")" --from "$folder/first.export"
is "and is complete" says "They are all that the log has about nora."
is "it does not hold when nobody says who signs" sh -c "! '$build/tillsynctl' verify '$folder/nora.export' --from '$folder/first.export' >'$folder/said'"
is "which it says" says "NOT CHECKED  Who signed the checkpoint"
sed '3d' "$folder/all.export" >"$folder/cut.export"
is "an entry left out is found" sh -c "! '$build/tillsynctl' verify '$folder/cut.export' --signer '$key' >'$folder/said'"
is "and named" says "Entries 1 to 1 are missing before line 3."
is "a file that is no export is refused" sh -c "! '$build/tillsynctl' verify '$key' --signer '$key' >'$folder/said'"
is "in words" says "Line 1 is not the beginning of an export of the log, or was changed."
done_testing
