#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What runs at night: the default campaign natively and under ThreadSanitizer,
# every bounded scenario under the explorer, all schedules of three threads at
# the locks that take long, then a sample of the planted bugs,
# drawn by the day, to prove that this very build still finds them.
# usage: nightly.sh   (in the source tree)
# Exit code: the worst of its parts; 3 if a planted bug was missed.
set -u
cd "$(dirname "$0")/.." || exit 3
program=build/native/mmtorture
ninja programs explore || exit 3
status=0

part() {
	"$@"
	code=$?
	[ "$code" -gt "$status" ] && status=$code
}

part scripts/stress.sh "$program"
part "$program" explore all --secs 20 --seed "$(date +%Y%m%d)"
for lock in sem rwsem writers; do
	part build/explore/programs/locks -s dpor -n 20000000 -- $lock 3
done
part "$program" selfcheck --seed "$(date +%Y%m%d)"
exit "$status"
