#!/bin/sh
# Runs every test program named, each speaking TAP (cmocka's own, or a script's), and prints one closing
# line: N passed, N failed, N skipped. A program that dies, or says nothing, is a failure of its own.
# JOBS of them run at a time, begun in the order given and told as they end: most scripts wait more than they work.
CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}
export ASAN_OPTIONS

# One test: its lines at once when it has ended, its counts into a file of their own.
if [ "$1" = --one ]; then
	results=$2 test=$3
	out=$(mktemp "$results/out.XXXXXX") || exit 1
	start=$(date +%s)
	timeout "${TEST_SECONDS:-900}" "$test" >"$out" 2>&1
	status=$?
	# cmocka 1.1.5 says "not ok 3 # SKIP name" for a test that skips itself.
	sed -i 's/^not ok \([0-9]* # SKIP\)/ok \1/' "$out"
	ok=$(grep -c '^ok ' "$out")
	bad=$(grep -c '^not ok ' "$out")
	skip=$(grep -ci '^ok .*# skip' "$out")
	[ "$status" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
	[ "$status" -eq 0 ] && [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ] && bad=1
	ok=$((ok - skip))
	echo "$ok $bad $skip" >"$out.count"
	{
		printf '%-48s %4d ok' "${test#build/}" "$ok"
		[ "$skip" -gt 0 ] && printf ', %d skipped' "$skip"
		[ "$bad" -gt 0 ] && printf ', %d FAILED (exit %d)' "$bad" "$status"
		printf '  %ds\n' $(($(date +%s) - start))
		grep -i '^ok .*# skip' "$out"
		if [ "$bad" -gt 0 ]; then
			sed 's/^/    /' "$out" | grep -v '^    ok ' | head -n "${TEST_LINES:-80}"
		fi
	} >"$out.told"
	cat "$out.told"
	exit 0
fi

results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
trap 'exit 1' HUP INT TERM
printf '%s\n' "$@" | xargs -P "${JOBS:-1}" -I '{}' "$0" --one "$results" '{}'
cat "$results"/*.count 2>/dev/null | awk -v wanted="$#" '
	{ passed += $1; failed += $2; skipped += $3 }
	END {
		if (NR < wanted)
			failed += wanted - NR
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0
	}'
