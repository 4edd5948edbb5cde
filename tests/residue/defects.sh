#!/bin/sh
# What searches for the rest of a picture must find it, in each place, where a wipe, the seal or an erasing is
# taken away: one patch each, tried on a copy of the tree. Its first line says what it breaks, those
# with "Found:" which tests of residue.sh must fail.
#
#	tests/residue/defects.sh            all
#	tests/residue/defects.sh NAME...    these
#
# The programs are built with AddressSanitizer, whose freed memory is not used again at once: a picture that
# lies there is found in every run, and not by luck. Where a patch says "Build: release" they are built for
# production.
cd "$(dirname "$0")/../.." || exit 1
here=tests/residue
work=$(mktemp -d "${TMPDIR:-/tmp}/tillsyn-defects.XXXXXX") || exit 1
work=$(cd "$work" && pwd -P)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
passed=0 failed=0 skipped=0

chosen=${*:-$(cd $here && ls -- *.patch | sed 's/\.patch$//')}
# The files that the repository would hold.
git ls-files --cached --others --exclude-standard -z 2>/dev/null | xargs -0 cp --parents -p -t "$work" 2>/dev/null \
	|| tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$work"
cd "$work" || exit 1
variant=asan
build() { make -s -j2 VARIANT=$variant residue-built >build.log 2>&1; }
search() { BUILD=build/$variant timeout 180 $here/residue.sh >search.log 2>&1; }
# Whether every test has failed that the patch names.
fails() { # patch
	sed -n 's/^Found: //p' "$1" | while read -r words; do
		grep -q "^not ok [0-9]* - .*$words" search.log || exit 1
	done
}
build || { tail -n 20 build.log; echo "the tree itself does not build"; exit 1; }
search || { grep -A 3 '^not ok' search.log; echo "the tree itself keeps a picture"; exit 1; }
if grep -q '# SKIP' search.log; then
	grep '# SKIP' search.log
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi

for name in $chosen; do
	patch=$here/$name.patch
	variant=$(sed -n 's/^Build: //p' "$patch")
	variant=${variant:-asan}
	if ! patch -s -p1 --no-backup-if-mismatch <"$patch" >patch.log 2>&1; then
		echo "not ok - $name does not apply: $(head -n 1 patch.log)"
		exit 1
	fi
	if build && ! search && fails "$patch"; then
		echo "ok - $name is found"
		passed=$((passed + 1))
	else
		echo "not ok - $name is not found: $(head -n 1 "$patch")"
		tail -n 3 build.log
		grep -A 3 '^not ok' search.log
		failed=$((failed + 1))
	fi
	patch -s -R -p1 --no-backup-if-mismatch <"$patch" >/dev/null
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
