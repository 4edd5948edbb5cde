#!/bin/sh
# What is too heavy for make check: clang with its sanitizers, valgrind over the units, real terminals.
# Prints one closing line over all of it.
cd "$(dirname "$0")/.." || exit 1
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
passed=0 failed=0 skipped=0
part() { # name, command...
	name=$1; shift
	echo "--- $name"
	"$@" 2>&1 | tee "$out"
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$out" | tail -n 1)
	if [ -z "$line" ]; then
		echo "$name: did not come to its end"
		failed=$((failed + 1))
		return
	fi
	set -- $(echo "$line" | tr -dc '0-9 ')
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}
part clang make --no-print-directory -j"$(nproc)" VARIANT=clang check-run
part valgrind tests/valgrind.sh
part mutants tests/mutants/run.sh 10
make -s --no-print-directory VARIANT=release all terminals sim-built || exit 1
part simulator env BUILD=build/release SIM_FIRST=1000 SIM_SEEDS=400 SIM_RESIDENTS=20 CRASH_POINTS=5000 tests/run.sh tests/sim/seeds.sh
part terminals env BUILD=build/release JOBS=2 tests/run.sh $(ls tests/terminal/*.sh | grep -v '/lib\.sh$')
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
