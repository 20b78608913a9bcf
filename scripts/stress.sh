#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The default campaign: every scenario mixed, natively and under
# ThreadSanitizer, on the layout of a real process.  About two minutes.
# usage: stress.sh MMTORTURE [OPTION...]   (options go to both runs)
program=$1
shift
status=0
trap 'interrupted=1' INT

for runtime in native tsan; do
	"$program" run --runtime "$runtime" --secs 50 "$@"
	code=$?
	[ "$code" -gt "$status" ] && status=$code
	[ -n "$interrupted" ] && break
done
exit "$status"
