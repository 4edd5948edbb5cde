#!/bin/sh
# What of core/ the tests of core, hub and camera reach: lines, branches, and every condition of a decision on
# its own (MC/DC). Prints a table; what is not reached stands in build/cover/core.txt, line by line.
cd "$(dirname "$0")/.." || exit 1
build=build/cover
folders='core hub camera'
tests=$(for folder in $folders; do find "tests/$folder" -name 'test_*.c'; done | sed "s|\.c\$||; s|^|$build/|" | sort)
make -s --no-print-directory VARIANT=cover $tests || exit 1
rm -f $build/*.profraw
objects=
for test in $tests; do
	LLVM_PROFILE_FILE="$build/${test##*/}.profraw" "$test" >"$build/cover.log" 2>&1 || { cat "$build/cover.log"; echo "cover: $test fails"; exit 1; }
	objects="$objects -object $test"
done
llvm-profdata-19 merge -sparse -o $build/core.profdata $build/*.profraw || exit 1
set -- -instr-profile=$build/core.profdata ${objects# -object } src/core/*.c
llvm-cov-19 show -show-branches=count -show-mcdc "$@" >$build/core.txt 2>/dev/null
llvm-cov-19 report -show-region-summary=false -show-functions=false -show-mcdc-summary "$@" \
	| sed 's|^.*/src/core/||' | awk '/^-+$/ { next } { printf "%-24s", $1; for (i = 2; i <= NF; i++) printf " %9s", $i; print "" }'
