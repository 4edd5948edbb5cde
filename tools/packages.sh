#!/bin/sh
# Sees to the Debian packages that a target needs: packages.sh build check check-all cover bench demo
# What pkg-config or the tool itself finds is left alone; the rest is installed with apt-get, through sudo
# when not root, and printed. Without apt-get the missing names are listed and it stops.
#
# A need is "package:how": a pkg-config module (pc=), a command (cmd=) or a file (file=).
arch=$(gcc -print-multiarch 2>/dev/null || dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)
build="gcc:cmd=gcc libc6-dev:file=/usr/include/stdio.h make:cmd=make pkg-config:cmd=pkg-config
	libncurses-dev:pc=ncursesw libwebsockets-dev:pc=libwebsockets libuv1-dev:pc=libuv
	libwebsockets-evlib-uv:file=/usr/lib/$arch/libwebsockets-evlib_uv.so
	libsqlite3-dev:pc=sqlite3 libjansson-dev:pc=jansson libseccomp-dev:pc=libseccomp libchafa-dev:pc=chafa
	libjpeg62-turbo-dev:pc=libjpeg libpng-dev:pc=libpng libsodium-dev:pc=libsodium libssl-dev:pc=openssl
	tzdata:file=/usr/share/zoneinfo/Europe/Stockholm"
check="libcmocka-dev:pc=cmocka libvterm-dev:pc=vterm tmux:cmd=tmux binutils:cmd=nm openssl:cmd=openssl
	procps:cmd=pgrep gawk:cmd=awk libc-bin:file=/usr/sbin/zic tzdata:file=/usr/share/zoneinfo/tzdata.zi"
check_all="clang:cmd=clang libclang-rt-14-dev:file=/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux valgrind:cmd=valgrind xvfb:cmd=Xvfb xterm:cmd=xterm
	xfonts-base:file=/usr/share/fonts/X11/misc imagemagick:cmd=import xdotool:cmd=xdotool
	mlterm:cmd=mlterm kitty:cmd=kitty libgl1-mesa-dri:file=/usr/lib/$arch/dri/swrast_dri.so foot:cmd=foot weston:cmd=weston fonts-dejavu-core:file=/usr/share/fonts/truetype/dejavu"
bench="chafa:cmd=chafa timg:cmd=timg libsixel-bin:cmd=img2sixel imagemagick:cmd=convert gawk:cmd=awk"
cover="clang-19:cmd=clang-19 llvm-19:cmd=llvm-cov-19 libclang-rt-19-dev:file=/usr/lib/llvm-19/lib/clang/19/lib/linux"

found() {
	case $1 in
	pc=*) pkg-config --exists "${1#pc=}" 2>/dev/null ;;
	cmd=*) command -v "${1#cmd=}" >/dev/null 2>&1 ;;
	file=*) [ -e "${1#file=}" ] ;;
	esac
}

missing=
for target in "$@"; do
	case $target in
	build) needs=$build ;;
	check) needs=$check ;;
	check-all) needs=$check_all ;;
	bench) needs=$bench ;;
	cover) needs=$cover ;;
	demo) needs= ;;
	*) echo "packages.sh: unknown target $target" >&2; exit 2 ;;
	esac
	for need in $needs; do
		found "${need#*:}" || missing="$missing ${need%%:*}"
	done
done
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
	echo "missing packages (Debian's names):$missing" >&2
	echo "There is no apt-get here: install them and try again." >&2
	exit 1
fi
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
	echo "apt-get could not install:$missing" >&2
	exit 1
}
