#!/bin/sh
# How fast nights are simulated: a centre of 300 residents with three operators and what goes wrong, in a week with
# the spring's clock change and one with the autumn's. Rows of a table in Markdown.
cd "$(dirname "$0")/../.." || exit 1
sim=${BUILD:-build/release}/tests/sim/sim
row() { # words, nights, options...
	words=$1 nights=$2; shift 2
	for from in 20903 21119; do
		"$sim" --seed 1 --quiet --no-shrink --residents 300 --desks 3 --nights "$nights" --from "$from" "$@"
	done | awk -v words="$words" '/nights a second/ { nights += 1 / $5; n++; failed += $3 }
		END { printf "| %s | %.2f | %.0f | %.0f | %d |\n", words, n / nights, n * 86400 / nights, 365 * nights / n, failed }'
}
echo '| 300 residents | nights a second | times real time | seconds for a year | failed |'
echo '|---|---|---|---|---|'
row 'store in memory, stand-in crypto and pictures' "${NIGHTS:-7}"
row 'SQLite on the simulated disk, libsodium' "${NIGHTS:-7}" --sqlite --real
