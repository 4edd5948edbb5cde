# demo/residents.txt to the files of a town: town.json, one camera.conf a camera, and lists of whom to
# enrol and to pause. Variables: folder, night (the date that names the night), day (the date of its small
# hours), admin_key, signer_key, operator_key, user, port.
BEGIN { FS = "|" }
/^#/ || NF < 8 { next }
function escape(text) { gsub(/["\\]/, "", text); return text }
function ascii(id) { gsub(/ö/, "o", id); gsub(/ä/, "a", id); gsub(/å/, "a", id); return id }
function comma(n) { return n ? ",\n" : "" }
{
	id = ascii($1); people = split($2, name, "+")
	area = NR % 2 ? "north" : "south"
	persons = consents = ""
	for (i = 1; i <= people; i++) {
		person = people > 1 ? id "-" i : id
		residents = residents comma(residents != "") "\t\t{\"id\": \"" person "\", \"name\": \"" escape(name[i]) \
			"\", \"address\": \"" escape($3) "\", \"bed_note\": \"" escape($4) "\", \"door_note\": \"" escape($5) "\"}"
		persons = persons (i > 1 ? ", " : "") "{\"resident\": \"" person "\", \"from\": \"2024-01-01\"" \
			($8 == "lapsed" ? ", \"to\": \"" night "\"" : "") "}"
		consents = consents (i > 1 ? ", " : "") "{\"who\": \"" person "\", \"from\": \"2024-01-01\"}"
	}
	n = split($6, times, " "); slots = ""
	for (i = 1; i <= n; i++) {
		kind = sub(/^visit@/, "", times[i]) ? "visit" : "camera"
		slots = slots (i > 1 ? ", " : "") "{\"id\": \"s" i "\", \"kind\": \"" kind "\", \"from\": \"" times[i] \
			"\", \"date_from\": \"2024-01-01\"}"
	}
	camera = $7 == "" ? "" : "cam-" id
	agreements = agreements comma(agreements != "") "\t\t{\"id\": \"a-" id "\", " \
		(camera == "" ? "" : "\"camera\": \"" camera "\", ") "\"area\": \"" area "\", \"priority\": " (NR % 9 + 1) \
		", \"persons\": [" persons "], " (camera == "" ? "" : "\"consents\": [" consents "], ") "\"slots\": [" slots "]}"
	if (camera == "") next
	serial = sprintf("SN-%04d", 4700 + NR)
	cameras = cameras comma(cameras != "") "\t\t{\"id\": \"" camera "\", \"serial\": \"" serial "\", \"agreement\": \"a-" id "\"}"
	conf = folder "/cameras/" camera ".conf"
	scene = $7
	printf "camera = %s\nhub_host = 127.0.0.1\nhub_port = %d\nhub_tls = no\nadministration_key = %s\nsigner_key = %s\n", \
		camera, port, admin_key, signer_key > conf
	printf "device_key_file = %s/device/%s.key\nstate_folder = %s/device/%s\ndriver = simulated\nscene = %s\ndemo = yes\n", \
		folder, camera, folder, camera, scene > conf
	while ((getline line < policy_file) > 0) print line > conf
	close(policy_file); close(conf)
	if ($8 != "unenrolled") print camera, serial, (people > 1 ? id "-1" : id) > (folder "/enrol.txt")
	if ($8 == "paused") print id > (folder "/pause.txt")
}
END {
	out = folder "/town.json"
	printf "{\n\t\"zone\": \"Europe/Stockholm\",\n\t\"residents\": [\n%s\n\t],\n\t\"agreements\": [\n%s\n\t],\n\t\"cameras\": [\n%s\n\t],\n", \
		residents, agreements, cameras > out
	printf "\t\"operators\": [\n\t\t{\"id\": \"anna\", \"name\": \"Anna\", \"role\": \"operator\", \"user\": \"%s\", \"key\": \"%s\"}\n\t],\n", \
		user, operator_key > out
	printf "\t\"contacts\": [\n" > out
	printf "\t\t{\"id\": \"patrol-1\", \"name\": \"Patrol 1\", \"phone\": \"070-111 11 11\", \"role\": \"patrol\", \"area\": \"north\", \"step\": 0},\n" > out
	printf "\t\t{\"id\": \"patrol-2\", \"name\": \"Patrol 2\", \"phone\": \"070-222 22 22\", \"role\": \"patrol\", \"area\": \"south\", \"step\": 0},\n" > out
	printf "\t\t{\"id\": \"lead\", \"name\": \"Shift lead\", \"phone\": \"070-333 33 33\", \"role\": \"shift-lead\", \"step\": 1},\n" > out
	printf "\t\t{\"id\": \"manager\", \"name\": \"Unit manager\", \"phone\": \"070-444 44 44\", \"role\": \"unit-manager\", \"step\": 2},\n" > out
	printf "\t\t{\"id\": \"support\", \"name\": \"Camera support\", \"phone\": \"08-987 65 43\", \"role\": \"support\"}\n\t]\n}\n" > out
}
