#!/bin/sh
# A dozen nights from fixed seeds, and those that once went wrong (tests/sim/seeds: a line of what it was,
# then the options that lead there). SIM_SEEDS, SIM_FIRST: others.
cd "$(dirname "$0")/../.." || exit 1
sim=${BUILD:-build/asan}/tests/sim/sim
n=0
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
try() { # name, options...
	name=$1; shift
	n=$((n + 1))
	if "$sim" --no-shrink "$@" >"$out" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# /' "$out"
	fi
}
seed=${SIM_FIRST:-1}
last=$((seed + ${SIM_SEEDS:-12}))
while [ "$seed" -lt "$last" ]; do
	try "seed $seed" --seed "$seed" --residents "${SIM_RESIDENTS:-12}"
	seed=$((seed + 1))
done
# The same on SQLite with libsodium, on a disk that loses power; and a disk that is cut after every write.
seed=${SIM_FIRST:-1}
last=$((seed + ${SIM_SEEDS:-12} / 4))
while [ "$seed" -lt "$last" ]; do
	try "seed $seed, with SQLite and libsodium" --seed "$seed" --residents "${SIM_RESIDENTS:-12}" --sqlite --real
	seed=$((seed + 1))
done
try "crash points" --seed "${SIM_FIRST:-1}" --residents 6 --crash "${CRASH_POINTS:-300}"
for file in tests/sim/seeds/*.seed; do
	[ -e "$file" ] || continue
	# shellcheck disable=SC2046
	try "$(sed -n '1s/^# //p' "$file")" $(sed 1d "$file")
done
echo "1..$n"
