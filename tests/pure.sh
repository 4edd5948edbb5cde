#!/bin/sh
# The pure folders call nothing that reads a clock, a file, a socket, the environment or a random number:
# every undefined symbol of their objects is one of their own, or on this list (bcmp is what clang makes of memcmp).
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build/asan}
allow='memcpy|memmove|memset|explicit_bzero|__explicit_bzero_chk|memcmp|bcmp|memchr|strlen|strnlen|strcmp|strncmp|strchr|strrchr|strspn|strcspn|strstr|strcpy|strncpy|strpbrk|strtol|strtoll|strtoul|strtoull'
allow="$allow|snprintf|vsnprintf|__snprintf_chk|__vsnprintf_chk|__(mem|str)[a-z]*_chk|malloc|calloc|realloc|reallocarray|free|abort|qsort|bsearch"
allow="$allow|__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|json_[a-z0-9_]*|jsonp_[a-z_]*|__(asan|ubsan)_[a-z0-9_]*|__isoc99_[a-z]*|__ctype_b_loc|__start_.*|__stop_.*"
objects=$(ls "$build"/base/*.o "$build"/core/*.o "$build"/wire/*.o 2>/dev/null)
[ -n "$objects" ] || { echo "not ok - no objects in $build"; exit 1; }
own=$(nm --defined-only $objects | awk 'NF == 3 { print $3 }' | sort -u)
foreign=$(nm -u $objects | awk 'NF == 2 { print $2 }' | sort -u | grep -vxE "$allow" | grep -vxF "$own")
if [ -n "$foreign" ]; then
	for symbol in $foreign; do
		echo "not ok - $symbol is called from $(nm -Au $objects | grep " $symbol\$" | cut -d: -f1 | head -1)"
	done
	exit 1
fi
echo "ok - base, core and wire are pure"
