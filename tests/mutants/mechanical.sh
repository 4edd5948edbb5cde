#!/bin/sh
# Makes defects mechanically in core/, hub/ and store/: a comparison turned, a limit moved by one, a call
# dropped. mechanical.sh FOLDER COUNT SEED writes COUNT patches into FOLDER, chosen by SEED among all that could be
# made (what frees is left out: a leak is the sanitizers' to find, and these tests run without them). A patch is named
# after its file and its line's text, so that it keeps its name while lines move.
cd "$(dirname "$0")/../.." || exit 1
into=$1 count=$2 seed=$3

# One candidate a line: file, line number, the line as it would be.
candidates() {
	awk '
	function turn(from, to,   at) {
		at = index($0, from)
		if (at > 0)
			print FILENAME "\t" FNR "\t" substr($0, 1, at - 1) to substr($0, at + length(from))
	}
	/^[ \t]*(\*|\/\*|\/\/|#)/ || /assert\(|free\(|for \(|".* (<|>) .*"/ { next }
	/^\t.*( < | <= | > | >= )/ { turn(" < ", " <= "); turn(" <= ", " < "); turn(" > ", " >= "); turn(" >= ", " > ") }
	/^\t.*(if|return|while).* (==|!=) / { turn(" == ", " != "); turn(" != ", " == ") }
	/^\t.*(if|return).* && / { turn(" && ", " || ") }
	/^\t.*[a-z_]+_ms;$/ { turn("_ms;", "_ms + 1;") }
	/^\t[a-z_]+\(.*\);$/ { turn($0, "\t;") }
	' src/core/*.c src/hub/*.c src/store/*.c | grep -v 'hub/main\.c'
}
bare() { printf '%s' "$1" | sed 's/^[[:space:]]*//'; }
all=$(candidates)
n=$(echo "$all" | wc -l)
awk -v n="$n" -v count="$count" -v seed="$seed" 'BEGIN {
	srand(seed)
	while (chosen < count) { i = int(rand() * n) + 1; if (!(i in taken)) { taken[i] = 1; chosen++; print i } }
}' | while read -r i; do
	line=$(echo "$all" | sed -n "${i}p")
	file=${line%%	*} rest=${line#*	}
	number=${rest%%	*} text=${rest#*	}
	before=$(sed -n "${number}p" "$file")
	name=$(echo "${file#src/}" | tr '/' '-' | sed 's/\.c$//')-$(printf '%s%s' "$before" "$text" | cksum | cut -d ' ' -f 1)
	{
		printf '%s → %s\n\n' "$(bare "$before")" "$(bare "$text")"
		awk -v number="$number" -v text="$text" 'BEGIN { gsub(/\\/, "\\\\", text) } FNR == number { print text; next } { print }' "$file" \
			| diff -u --label "a/$file" --label "b/$file" "$file" -
	} >"$into/$name.patch"
done
[ -n "$(ls "$into")" ] # diff's own answer says only that there is a difference
