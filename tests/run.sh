#!/bin/sh
# Runs every test program named, each speaking TAP (cmocka's own, or a script's), and prints one closing
# line: N passed, N failed, N skipped. A program that dies, or says nothing, is a failure of its own.
passed=0 failed=0 skipped=0
CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}
export ASAN_OPTIONS
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
for test in "$@"; do
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
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	printf '%-48s %4d ok' "${test#build/}" "$ok"
	[ "$skip" -gt 0 ] && printf ', %d skipped' "$skip"
	[ "$bad" -gt 0 ] && printf ', %d FAILED (exit %d)' "$bad" "$status"
	printf '  %ds\n' $(($(date +%s) - start))
	grep -i '^ok .*# skip' "$out"
	if [ "$bad" -gt 0 ]; then
		sed 's/^/    /' "$out" | grep -v '^    ok ' | head -n "${TEST_LINES:-80}"
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
