#!/bin/sh
# Reads the arrows and the header lines of src/README and fails on an include against them.
cd "$(dirname "$0")/.." || exit 1
awk '
/^--- arrows$/ { part = "arrows"; next }
/^--- headers$/ { part = "headers"; next }
/^---$/ { part = "" }
part == "arrows" {
	folder = $1; sub(":", "", folder)
	for (i = 2; i <= NF; i++) {
		if (!($i in known)) { print "not ok - src/README: " folder ": names " $i ", which is not above it"; bad++ }
		may[folder, $i] = 1
	}
	may[folder, folder] = 1
	known[folder] = 1
}
part == "headers" {
	header = $1; sub(":$", "", header)
	guarded[header] = 1
	for (i = 2; i <= NF; i++) allow[header] = allow[header] " " $i
}
part == "" && FILENAME != "src/README" && /^[ \t]*#[ \t]*include/ {
	split(FILENAME, path, "/"); folder = path[2]
	include = $0; sub(/^[^<"]*[<"]/, "", include); sub(/[>"].*$/, "", include)
	includes++
	if (!(folder in known)) { print "not ok - " FILENAME ": a folder that src/README does not name"; bad++; next }
	if ($0 ~ /"/) {
		split(include, target, "/")
		if (!(target[2])) { print "not ok - " FILENAME ":" FNR ": \"" include "\" has no folder"; bad++ }
		else if (!((folder, target[1]) in may)) { print "not ok - " FILENAME ":" FNR ": " folder " may not include " include; bad++ }
		next
	}
	for (header in guarded) {
		if (include != header && !(header ~ /\/$/ && index(include, header) == 1)) continue
		ok = 0
		n = split(allow[header], place, " ")
		for (i = 1; i <= n; i++)
			if (index(FILENAME, "src/" place[i]) == 1) ok = 1
		if (!ok) { print "not ok - " FILENAME ":" FNR ": <" include "> belongs to" allow[header]; bad++ }
	}
}
END {
	if (!includes) { print "not ok - no include was read"; exit 1 }
	if (bad) exit 1
	print "ok - " includes " includes follow the arrows"
}' src/README $(find src -name '*.[ch]' -o -name '*.def' | sort)
