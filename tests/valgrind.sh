#!/bin/sh
# The unit tests that need no other process, under valgrind, without the sanitizers: what they cannot see
# (uninitialised reads) is seen here.
cd "$(dirname "$0")/.." || exit 1
make --no-print-directory VARIANT=plain all units-built >/dev/null || exit 1
passed=0 failed=0
for test in build/plain/tests/base/* build/plain/tests/core/* build/plain/tests/wire/* build/plain/tests/camera/*; do
	[ -x "$test" ] && [ -f "$test" ] || continue
	case $test in *.d) continue ;; esac
	if BUILD=build/plain timeout 600 valgrind -q --error-exitcode=99 --leak-check=full "$test" >/tmp/valgrind.$$ 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok - $test"
		tail -n 40 /tmp/valgrind.$$
	fi
done
rm -f /tmp/valgrind.$$
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
