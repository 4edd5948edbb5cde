#!/bin/sh
# Time-zone data replaced under a running hub: tonight's list follows and says so; data that cannot be read
# is said and changes nothing; a hub that would start on such data names the file.
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
export TZDIR="$folder/zoneinfo"

# Stockholm of the test's own: an hour ahead of UTC, whatever the season, and put forward when told.
zone_is() { # what zic is to read
	printf '%s\n' "$1" >"$folder/zone.zi"
	zic -d "$folder/new" "$folder/zone.zi" && mkdir -p "$TZDIR/Europe" \
		&& mv "$folder/new/Europe/Stockholm" "$TZDIR/Europe/Stockholm"
}
is "a zone is compiled" zone_is "Zone Europe/Stockholm 1:00 - CET"

cat >"$folder/town.txt" <<'END'
nora|Nora Lund|Storgatan 4|Bed by the window|Key box|01:58|asleep|
sten|Sten Ek|Parkgatan 1|Bed by the wall|Key box|05:10|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras
console 90 24
see 20 "Sten Ek"

is "a zone with a clock change tonight is compiled" zone_is "Rule Now $(date -d "$day" '+%Y only - %b %d') 3:00 1:00 S
Rule Now 2000 only - Jan 1 0:00 0 -
Zone Europe/Stockholm 1:00 Now CE%sT"
see 20 "time-zone data changed: 1 check tonight moved"
see 5 "time-zone data changed: moved"
see 5 "05:10"
see 5 "01:58  Nora Lund"
is "the log tells of the move" sh -c "$build/tillsynctl --socket $folder/hub.sock --keys $folder/keys log | grep 'moved by -3600.0 s'"
screen >"$folder/screen.txt"
[ -z "${KEEP_SCREEN:-}" ] || cp "$folder/screen.txt" "$KEEP_SCREEN"

cp "$TZDIR/Europe/Stockholm" "$folder/sound"
head -c 60 "$folder/sound" >"$folder/cut" && mv "$folder/cut" "$TZDIR/Europe/Stockholm"
see 20 "time-zone data of Europe/Stockholm: malformed"
stop_one "$hub"; hub=
"$build/tillsynd" --config "$folder/hub.conf" --clock-offset "$offset" >"$folder/refusal" 2>&1
is "a hub does not start on it" test $? -eq 0 -o -s "$folder/refusal"
is "and names the file" grep -F "$TZDIR/Europe/Stockholm: malformed" "$folder/refusal"
rm "$TZDIR/Europe/Stockholm"
"$build/tillsynd" --config "$folder/hub.conf" --clock-offset "$offset" >"$folder/refusal" 2>&1
is "nor without it" grep -F "$TZDIR/Europe/Stockholm: not found" "$folder/refusal"
done_testing
