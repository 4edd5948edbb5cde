#!/bin/sh
# compile.sh FOLDER: compiles the system's tzdata.zi twice with zic. FOLDER/slim has the smallest
# tables, so that the years from 2007 on come out of the rule at a file's end. In FOLDER/long every
# rule without an end ends in 2101 instead, so that zic itself works out each change until then and
# no file needs a rule at its end: what the oracle reads.
PATH=$PATH:/usr/sbin:/sbin
source=/usr/share/zoneinfo/tzdata.zi
sed '/^R /s/^\(R [^ ]* [^ ]*\) ma /\1 2101 /' "$source" >"$1/long.zi" || exit 1
zic -b fat -d "$1/long" "$1/long.zi" && zic -b slim -d "$1/slim" "$source"
