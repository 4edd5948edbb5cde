#!/bin/sh
# The hub over TLS: cameras that hold its pin, the wrong one or none, and consoles on one machine that are
# told apart by their certificates. One look by each of two operators goes the whole way encrypted.
. "$(dirname "$0")/lib.sh"

cat >"$folder/town.txt" <<'END'
karin|Karin Lundgren|Storgatan 4 B|Bed by the window|Key box|01:58|asleep|
sven|Sven Öberg|Kyrkvägen 9|Bed along the wall|Key box|01:58|asleep|
olle|Olle Nyman|Lindvägen 21|Bed under the window|Code 9001|01:58|asleep|
maj|Maj Lind|Strandvägen 5|Bed in the alcove|Key box|01:58|asleep|
END
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }

tls=$folder/tls
mkdir "$tls"
# authority NAME; signed NAME AUTHORITY EXTENSION: NAME.key and NAME.pem.
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tls/$1.key" \
		-subj "/CN=$1" -days 2 -out "$tls/$1.pem" 2>>"$tls/openssl.log"
}
signed() {
	echo "$3" >"$tls/$1.ext"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tls/$1.key" -subj "/CN=$1" \
		-out "$tls/$1.csr" 2>>"$tls/openssl.log" \
		&& openssl x509 -req -in "$tls/$1.csr" -CA "$tls/$2.pem" -CAkey "$tls/$2.key" -CAcreateserial -days 2 \
			-extfile "$tls/$1.ext" -out "$tls/$1.pem" 2>>"$tls/openssl.log"
}
# SHA-256 of the public key, as docs/import.md tells how to take it.
pin() {
	openssl x509 -in "$tls/$1.pem" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d ' ' -f 1
}
certificates() {
	authority ca && authority stranger && signed hub ca "subjectAltName=IP:127.0.0.1" \
		&& signed anna ca "extendedKeyUsage=clientAuth" && signed bo ca "extendedKeyUsage=clientAuth" \
		&& signed nobody ca "extendedKeyUsage=clientAuth" && signed carla stranger "extendedKeyUsage=clientAuth"
}
is "the certificates are made" certificates
hub_pin=$(pin hub)
wrong_pin=$(pin anna)

# Cameras: two with the hub's pin, one with another's, one that speaks plain text.
for camera_name in karin sven olle; do
	pin_=$hub_pin
	[ "$camera_name" = olle ] && pin_=$wrong_pin
	sed -i "s/^hub_tls = no/hub_tls = yes\nhub_pin = $pin_/" "$folder/cameras/cam-$camera_name.conf"
done

# Two operators with the same login name and each her own certificate.
"$build/tillsynctl" init "$folder/keys" --operator bo >/dev/null
operators="{\"id\": \"anna\", \"name\": \"Anna\", \"role\": \"operator\", \"certificate\": \"$(pin anna)\", \"key\": \"$(cat "$folder/keys/operators/anna.pub")\"},"
operators="$operators {\"id\": \"bo\", \"name\": \"Bo\", \"role\": \"operator\", \"certificate\": \"$(pin bo)\", \"key\": \"$(cat "$folder/keys/operators/bo.pub")\"}"
sed -i "s|^.*\"id\": \"anna\".*\$|$operators|" "$folder/town.json"

console_port=$((port + 1))
while grep -q "$(printf ':%04X 00000000:0000 0A' "$console_port")" /proc/net/tcp; do
	console_port=$((console_port + 1))
done
cat >>"$folder/hub.conf" <<END
agent_certificate = $tls/hub.pem
agent_key = $tls/hub.key
console_host = 127.0.0.1
console_port = $console_port
console_certificate = $tls/hub.pem
console_key = $tls/hub.key
console_ca = $tls/ca.pem
END
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras

# A console of one operator, in a tmux session of her name; keys and screen are those of $seat.
seat=
console_of() { # session, certificate, how the hub is known...
	seat=$1 certificate=$2; shift 2
	key_=$folder/keys/operators/$seat.key
	[ -e "$key_" ] || key_=$folder/keys/operators/anna.key
	tmux -S "$tmux_socket" -f /dev/null new-session -d -s "$seat" -x 100 -y 30 \
		"ASAN_OPTIONS=detect_leaks=0 $build/tillsyn --host 127.0.0.1 --port $console_port --certificate $tls/$certificate.pem --certificate-key $tls/$certificate.key $* --key $key_ 2>>$folder/console.log; echo console ended \$?; sleep 100"
	tmux -S "$tmux_socket" set-option -g status off
}
keys() {
	tmux -S "$tmux_socket" send-keys -t "=$seat:" "$@"
}
screen() {
	tmux -S "$tmux_socket" capture-pane -p -t "=$seat:"
}

console_of anna anna --ca "$tls/ca.pem"
console_of bo bo --pin "$hub_pin"
console_of deceived anna --pin "$wrong_pin"
console_of nobody nobody --ca "$tls/ca.pem" --pin "$hub_pin"
console_of carla carla --ca "$tls/ca.pem"

camera_says() { # camera, words
	grep -F "$1:" "$folder/camera.log" | grep -qF -- "$2"
}
is "a camera with another hub's pin says why it stays away" \
	soon 10 camera_says cam-olle "no contact with the hub: the server's certificate is not the expected one"
is "one that speaks plain text gets no contact" soon 10 camera_says cam-maj "no contact with the hub"
is "cameras with the hub's pin say nothing of the kind" \
	sh -c "! grep -E 'cam-(karin|sven): no contact' '$folder/camera.log'"

seat=anna
see 15 "Karin Lundgren"
is "Anna's certificate makes her Anna" soon 5 sh -c "tmux -S '$tmux_socket' capture-pane -p -t =anna: | head -n 1 | grep -qw Anna"
look_at Karin
keys c
becomes 5 "Karin Lundgren" seen-well

seat=bo
see 15 "Sven Öberg"
is "Bo's certificate makes him Bo" soon 5 sh -c "tmux -S '$tmux_socket' capture-pane -p -t =bo: | head -n 1 | grep -qw Bo"
look_at Sven
keys c
becomes 5 "Sven Öberg" seen-well

seat=deceived
see 10 "NO CONTACT with the hub yet · trying · the server's certificate is not the expected one"
seat=nobody
see 10 "NO CONTACT with the hub yet · trying · no operator has this login name or certificate"
is "a hub that refuses an operator is not asked five times a second" \
	test "$(grep -c "session refused" "$folder/hub.log")" -le 10
seat=carla
see 10 "the server may not accept our certificate"

ctl log --looks >"$folder/looks.txt" 2>&1
is "the log tells Anna's look from Bo's" sh -c "grep -E 'karin +anna ' '$folder/looks.txt' && grep -E 'sven +bo ' '$folder/looks.txt'"
is "nobody looked elsewhere" sh -c "! grep -E 'olle|maj' '$folder/looks.txt'"
done_testing
