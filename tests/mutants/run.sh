#!/bin/sh
# Deliberate defects, one patch each, tried on a copy of the tree: the tests must find every one of them.
#
#	tests/mutants/run.sh            all
#	tests/mutants/run.sh 10         every so manieth, ten in all
#	tests/mutants/run.sh NAME...    these
#	tests/mutants/run.sh mechanical COUNT SEED
#	                                so many made by mechanical.sh
#
# A patch says in its first line what it breaks. One that no test finds is a failure, unless survivors.txt
# says why it cannot be found here; one that does not apply any more is a failure, too.
cd "$(dirname "$0")/../.." || exit 1
here=tests/mutants
work=$(mktemp -d "${TMPDIR:-/tmp}/tillsyn-mutants.XXXXXX") || exit 1
work=$(cd "$work" && pwd -P)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
passed=0 failed=0 skipped=0

patches=$here
if [ "${1-}" = mechanical ]; then
	patches=$work/mechanical
	mkdir "$patches"
	$here/mechanical.sh "$patches" "${2:-25}" "${3:-1}" || exit 1
	set -- all
fi
all=$(cd "$patches" && ls -- *.patch | sed 's/\.patch$//')
case ${1-all} in
all) chosen=$all ;;
[0-9]*) chosen=$(echo "$all" | awk -v n="$1" '{ name[NR] = $0 } END { for (i = 0; i < n && i < NR; i++) print name[int(i * NR / n) + 1] }') ;;
*) chosen=$* ;;
esac

# The files that the repository would hold, and the objects of a build that is at hand.
git ls-files --cached --others --exclude-standard -z 2>/dev/null | xargs -0 cp --parents -p -t "$work" 2>/dev/null \
	|| tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$work"
cd "$work" || exit 1
build() { make -s -j2 VARIANT=plain "$@" >build.log 2>&1; }
build all units-built || { tail -n 20 build.log; echo "the tree itself does not build"; exit 1; }

# Where a defect of a folder shows first, nearest first.
folders_of() {
	case $1 in
	core) echo core camera hub console ;;
	camera) echo camera ;;
	*) echo "$1" hub ;;
	esac
}
tests_of() {
	find "tests/$1" -name 'test_*.c' | sed 's|\.c$||; s|^|build/plain/|' | sort
}
# Whether a test fails; prints its name.
finds() { # folder
	build $(tests_of "$1") || { echo "the compiler"; return 0; }
	for test in $(tests_of "$1"); do
		timeout 60 "$test" >test.log 2>&1 || { echo "${test#build/plain/tests/}"; return 0; }
	done
	return 1
}
# What no test of one thing sees may show in a night.
nights_find() {
	build build/plain/tests/sim/sim || return 1
	! timeout 300 build/plain/tests/sim/sim --seed 1 --seeds 60 --quiet --no-shrink >test.log 2>&1
}
# The first finder among the folders that the patch bears on, then the simulator.
finder() { # patch
	folder=$(sed -n 's|^+++ b/src/\([a-z]*\)/.*|\1|p' "$1" | head -n 1)
	for near in $(folders_of "$folder"); do
		finds "$near" && return 0
	done
	nights_find && echo "a simulated night: $(sed -n 's/.*broken \([a-z-]*\) .*/\1/p' test.log | head -n 1)"
}

for name in $chosen; do
	patch=$patches/$name.patch
	if ! patch -s -p1 --no-backup-if-mismatch <"$patch" >patch.log 2>&1; then
		echo "not ok - $name does not apply: $(head -n 1 patch.log)"
		failed=$((failed + 1))
		git -C "$OLDPWD" ls-files -z src 2>/dev/null | (cd "$OLDPWD" && xargs -0 cp --parents -t "$work")
		continue
	fi
	reason=$(sed -n "s/^$name: //p" $here/survivors.txt)
	if found=$(finder "$patch"); then
		echo "ok - $name is found by $found"
		passed=$((passed + 1))
	elif [ -n "$reason" ]; then
		echo "ok - $name # SKIP survives: $reason"
		skipped=$((skipped + 1))
	else
		echo "not ok - $name is not found: $(head -n 1 "$patch")"
		failed=$((failed + 1))
	fi
	patch -s -R -p1 --no-backup-if-mismatch <"$patch" >/dev/null
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
