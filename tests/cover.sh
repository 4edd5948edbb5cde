#!/bin/sh
# What of core/ the tests of core, hub and camera reach: lines, branches, and every condition of a decision on
# its own (MC/DC). Prints a table; what is not reached stands in build/cover/core.txt, line by line.
# Something may be missed only in a function that tests/cover.txt names with the reason, and none is named in
# vain: otherwise this fails.
cd "$(dirname "$0")/.." || exit 1
build=build/cover
folders='core hub camera'
tests=$(for folder in $folders; do find "tests/$folder" -name 'test_*.c'; done | sed "s|\.c\$||; s|^|$build/|" | sort)
make -s --no-print-directory VARIANT=cover $tests || exit 1
rm -f $build/*.profraw
objects=
for test in $tests; do
	# Two folders may have a test of one name.
	profile=$build/$(echo "${test#$build/tests/}" | tr / -).profraw
	LLVM_PROFILE_FILE="$profile" "$test" >"$build/cover.log" 2>&1 || { cat "$build/cover.log"; echo "cover: $test fails"; exit 1; }
	objects="$objects -object $test"
done
llvm-profdata-19 merge -sparse -o $build/core.profdata $build/*.profraw || exit 1
set -- -instr-profile=$build/core.profdata ${objects# -object } src/core/*.c
llvm-cov-19 show -show-branches=count -show-mcdc "$@" >$build/core.txt 2>/dev/null
llvm-cov-19 report -show-region-summary=false -show-functions=false -show-mcdc-summary "$@" \
	| sed 's|^.*/src/core/||' | awk '/^-+$/ { next } { printf "%-24s", $1; for (i = 2; i <= NF; i++) printf " %9s", $i; print "" }'

# Every side of a branch and every condition that is missed, as file:function and which of the two. A
# function's name is the last one that begins a line.
awk '
	/^\/.*:$/ { file = $0; sub(/:$/, "", file); sub(/^.*\//, "", file) }
	/^ *[0-9]+\| *[0-9.kMGE]*\|[a-z].*\(/ {
		name = $0
		sub(/^[^|]*\|[^|]*\|/, "", name)
		sub(/\(.*$/, "", name)
		sub(/^.*[ *]/, "", name)
	}
	/Branch \([0-9]+:[0-9]+\): .*True: 0,/ { print file ":" name, "branch" }
	/Branch \([0-9]+:[0-9]+\): .*False: 0\]/ { print file ":" name, "branch" }
	/C[0-9]+-Pair: not covered/ { print file ":" name, "condition" }
' $build/core.txt >$build/missed.txt
cut -d ' ' -f 1 $build/missed.txt | sort -u >$build/missed.names
grep -v '^#' tests/cover.txt | cut -d : -f 1,2 | sort >$build/listed.names
unlisted=$(comm -23 $build/missed.names $build/listed.names)
idle=$(comm -13 $build/missed.names $build/listed.names)
for name in $unlisted; do echo "cover: $name: something of it is missed (see $build/core.txt), and tests/cover.txt has no reason"; done
for name in $idle; do echo "cover: $name: stands in tests/cover.txt, and nothing of it is missed"; done
[ -z "$unlisted$idle" ] || exit 1
echo "$(grep -c branch $build/missed.txt) branches and $(grep -c condition $build/missed.txt) conditions missed, all listed in tests/cover.txt"
