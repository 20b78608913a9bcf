// SPDX-License-Identifier: GPL-2.0-or-later
// title: the last thread to stop tells its tracer instead of the group's
//   parent
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: task-life
// consequence: lost-wakeup
// file: mm/signal_deliver.c
// applies: 1
// threads: 4
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs ptrace
// bounded: stop-untraced
// found-by: explore:lost-wakeup
@@
@@
if (traced) do_notify_parent_cldstop(current, true);
- if (last)
+ else
do_notify_parent_cldstop(current, false);
