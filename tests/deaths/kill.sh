#!/bin/sh
# kill -9 of hub, cameras and console, each at ten different moments of a look, real processes in tmux. No
# check may be lost, no lens may open without a right that the log holds, and every check ends right: seen
# well, or with the patrol.
TOWN_POLICY="policy.latest_start = 12min
policy.hard_end = 20s
policy.fault_retry = 5s
policy.fault_page = 10s
policy.camera_ping = 2s
policy.camera_lost = 6s
policy.restart_hold = 1s
policy.answer = 10s
policy.lease = 10s
policy.clock_skew = 5s"
. "$(dirname "$0")/../night/lib.sh"

victims=${VICTIMS:-"hub camera console"}
moments="0 0.2 0.4 0.7 1.0 1.3 1.7 2.2 3.0 4.0"
: >"$folder/town.txt"
n=0
for victim in $victims; do
	for moment in $moments; do
		n=$((n + 1))
		printf 'r%02d|Person%02d Ek|Storgatan %d|Bed by the window|Key box|01:58|asleep|\n' $n $n $n >>"$folder/town.txt"
	done
done
town_make "$build" "$folder" "$folder/town.txt" || { not_ok "the town is made"; done_testing; }
start_hub
is "the import is applied" town_import "$build" "$folder"
start_cameras
console 100 30
see 20 "Person01"
sleep 2

restart() {
	case $1 in
	hub)
		stop_one "$hub" KILL
		sleep 0.3
		start_hub
		;;
	camera)
		stop_one "$camera" KILL
		sleep 0.3
		start_cameras
		;;
	console)
		pid=$(tmux -S "$tmux_socket" list-panes -F '#{pane_pid}')
		for child in $(pgrep -P "$pid" -f tillsyn); do
			# The guardian first, which would start the next console in this same terminal.
			kill -9 "$child" $(pgrep -P "$child") 2>/dev/null
		done
		tmux -S "$tmux_socket" kill-server 2>/dev/null
		sleep 0.5
		console 100 30
		;;
	esac
	soon 15 shows "NEEDS YOU" || shows "LOOK"
	sleep 1.5
	kill -0 "$hub" 2>/dev/null || { not_ok "the hub lives after a restart"; done_testing; }
}
n=0
for victim in $victims; do
	for moment in $moments; do
		n=$((n + 1))
		name=$(printf 'Person%02d' $n)
		take "$name"
		sleep "$moment"
		restart "$victim"
		# Whatever is on the screen: leave it, and try once more where a look is still possible.
		keys Escape; sleep 0.7; keys Escape; sleep 0.7
		take "$name"
		soon 6 shows "taken" && { sleep 2; keys c; sleep 0.7; }
		keys Escape; sleep 0.3; keys Escape; sleep 0.3
	done
done
# Once more for those that a death left open; the hard end takes what nobody could answer.
for name in $(ctl night 2>/dev/null | grep -E ' (open|fault|undecided) ' | grep -o 'Person[0-9]*'); do
	take "$name"
	soon 6 shows "taken" && { sleep 2; keys c; sleep 0.7; }
	keys Escape; sleep 0.3; keys Escape; sleep 0.3
done
ended() {
	[ "$(ctl night 2>/dev/null | grep Person | grep -cE 'seen-well|patrol')" -eq 30 ]
}
is "every one of the thirty checks ended: seen well, or with the patrol" soon 600 ended
ctl night >"$folder/night.txt"
is "no check was lost" test "$(grep -c Person "$folder/night.txt")" -eq 30
is "most were seen well all the same" test "$(grep -c seen-well "$folder/night.txt")" -ge 15
ctl log >"$folder/log.txt"
unproven=0
for i in $(seq 1 30); do
	id=$(printf 'r%02d' "$i")
	opened=$(grep -c "lens open .*at $id\$\|lens open .*at $id:" "$folder/log.txt")
	recorded=$(grep -c "right of .* to look at $id was recorded" "$folder/log.txt")
	[ "$opened" -le "$recorded" ] || unproven=$((unproven + 1))
done
is "no lens opened without a right in the log" test "$unproven" -eq 0
no_picture_process() {
	! pgrep -f "^$build/tillsyn-picture" >/dev/null
}
is "no picture process is left" soon 5 no_picture_process
awk '{print $5}' "$folder/night.txt" | sort | uniq -c | sed 's/^/# /'
done_testing
