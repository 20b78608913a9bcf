#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What runs at night: the default campaign natively and under ThreadSanitizer,
# every bounded scenario under the explorer, all schedules of three threads at
# the locks that take long, then a random sample of the planted bugs, to prove
# that this very build still finds them; results/index.html shows it all.
# usage: nightly.sh [SECS]   (in the source tree)
# SECS: for each runtime, scenario, lock and planted bug, instead of what a night
# affords.
# Exit code: the worst of its parts; 3 if a planted bug was missed.
set -u
cd "$(dirname "$0")/.." || exit 3
program=build/native/mmtorture
ninja programs explore || exit 3
status=0
# Another one each time, printed by each part in its first line.
seed=$(date +%s)

part() {
	"$@"
	code=$?
	[ "$code" -gt "$status" ] && status=$code
}

part scripts/stress.sh "$program" ${1:+--secs "$1"}
part "$program" explore all --secs "${1:-20}" --seed "$seed"
for lock in sem rwsem writers; do
	part build/explore/programs/locks -S dpor -n 20000000 \
		${1:+--secs "$1"} -- $lock 3
done
for lock in completion rwsem writers; do
	part build/explore/programs/locks -S dpor -M tso -n 20000000 \
		${1:+--secs "$1"} -- $lock 3
done
part "$program" selfcheck ${1:+--secs "$1"} --seed "$seed"
part "$program" report --all
exit "$status"
