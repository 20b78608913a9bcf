#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: install.sh [PREFIX]   (default /usr/local)
# Puts the program, its other runtimes and the documents under
# $DESTDIR/PREFIX.  The program starts a worker of the runtime it is asked for,
# native too, and finds it relative to itself.
set -eu
top=${DESTDIR:-}${1:-/usr/local}

install -D -m 755 build/native/mmtorture "$top/bin/mmtorture"
for runtime in native tsan tsan-bare explore; do
	install -D -m 755 "build/$runtime/mmtorture" \
		"$top/libexec/mmtorture/mmtorture-$runtime"
done
for page in README.md COPYING docs/*.md explore/README.md bugs/README.md \
	    results/README.md; do
	install -D -m 644 "$page" "$top/share/doc/mmtorture/$page"
done
echo "installed in $top: bin/mmtorture libexec/mmtorture share/doc/mmtorture"
