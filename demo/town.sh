# Makes a town in a folder: keys, hub.conf, one camera.conf a camera, the import document. Sourced by
# demo/run.sh and by the scripted nights of tests/. Sets offset: how far the town's clock is ahead, so that
# it stands at two minutes to two, or at TOWN_CLOCK (hh:mm, after midnight).

# Scripts that run side by side have neighbouring process numbers, and may take a second port.
town_port() {
	port=$((20000 + $$ * 8 % 20000))
	while grep -q "$(printf ':%04X 00000000:0000 0A' "$port")" /proc/net/tcp 2>/dev/null; do
		port=$((port + 1))
	done
	echo "$port"
}

# Policy times that let a recheck be lived through in half a minute, or those of TOWN_POLICY instead.
town_policy() {
	if [ -n "${TOWN_POLICY:-}" ]; then
		printf '%s\n' "$TOWN_POLICY"
		return
	fi
	cat <<-END
		policy.recheck_earliest = 25s
		policy.recheck_due = 30s
		policy.recheck_late = 40s
		policy.recheck_end = 3min
		policy.fault_retry = 20s
		policy.fault_page = 60s
		policy.camera_ping = 2s
		policy.camera_lost = 6s
		policy.restart_hold = 5s
		policy.page_unanswered = 60s
		policy.clock_skew = 5s
	END
}

town_make() { # build folder [residents file]
	build_=$1 folder_=$2 residents_=${3:-$here_demo/residents.txt}
	mkdir -p "$folder_/cameras" "$folder_/device" "$folder_/signer" || return 1
	"$build_/tillsynctl" init "$folder_/keys" --operator anna >/dev/null || return 1
	"$build_/tillsynd-signer" --key "$folder_/keys/signer.key" --state "$folder_/signer/state" --new tillsyn/log || return 1
	port=$(town_port)
	clock=${TOWN_CLOCK:-01:58}
	# The small hours that come next, seen from Stockholm.
	day=$(TZ=Europe/Stockholm date +%F)
	at=$(TZ=Europe/Stockholm date -d "$day $clock" +%s)
	now=$(date +%s)
	[ "$at" -gt "$now" ] || { day=$(TZ=Europe/Stockholm date -d "$day 12:00 tomorrow" +%F); at=$(TZ=Europe/Stockholm date -d "$day $clock" +%s); }
	offset=$(((at - now) * 1000))
	night=$(date -u -d "$day 12:00 UTC yesterday" +%F)
	{
		printf 'database = %s/hub.db\nsocket = %s/hub.sock\nzone = Europe/Stockholm\ncentre = Trygghetscentralen\n' "$folder_" "$folder_"
		printf 'administrators = %s\nadministration_key = %s\n' "$(id -un)" "$(cat "$folder_/keys/administration.pub")"
		printf 'signer_socket = %s/signer.sock\nsigner_key = %s\n' "$folder_" "$(cat "$folder_/keys/signer.pub")"
		printf 'agent_host = 127.0.0.1\nagent_port = %s\ndemo = yes\n' "$port"
		town_policy
	} >"$folder_/hub.conf"
	town_policy >"$folder_/policy.conf"
	awk -v folder="$folder_" -v night="$night" -v admin_key="$(cat "$folder_/keys/administration.pub")" \
		-v signer_key="$(cat "$folder_/keys/signer.pub")" -v operator_key="$(cat "$folder_/keys/operators/anna.pub")" \
		-v user="$(id -un)" -v port="$port" -v policy_file="$folder_/policy.conf" -f "$here_demo/town.awk" "$residents_" || return 1
}

# The log's signer, in the foreground; the town must have been made.
town_sign() { # build folder
	exec "$1/tillsynd-signer" --key "$2/keys/signer.key" --state "$2/signer/state" --socket "$2/signer.sock"
}

# Imports, enrols and pauses; the hub must be running.
town_import() { # build folder
	ctl_="$1/tillsynctl --socket $2/hub.sock --keys $2/keys"
	$ctl_ import "$2/town.json" --apply || return 1
	while read -r camera_ serial_ resident_; do
		key_=$("$1/tillsyn-camera" --config "$2/cameras/$camera_.conf" --make-key) || return 1
		$ctl_ enrol "$camera_" "$serial_" "$resident_" "$key_" --accepted || return 1
	done <"$2/enrol.txt"
	# A camera that nobody enrolled is there all the same, and refused.
	for conf_ in "$2"/cameras/*.conf; do
		grep -q "^$(basename "$conf_" .conf) " "$2/enrol.txt" \
			|| "$1/tillsyn-camera" --config "$conf_" --make-key >/dev/null || return 1
	done
	[ ! -e "$2/pause.txt" ] || while read -r resident_; do
		$ctl_ pause "$resident_" "$night" "$(date -u -d "$night 12:00 UTC 2 days" +%F)" --reason "at the hospital" || return 1
	done <"$2/pause.txt"
}
