// SPDX-License-Identifier: GPL-2.0-or-later
// title: a thread that its tracer has continued is counted again when it
//   stops for the same group stop
// origin: Linux until 39efa3ef3a37 and its predecessor (Tejun Heo, 2011);
//   2.6.11 as shipped; found by this harness
// year: 2011
// shipped: 2.6.11
// area: task-life
// consequence: broken-invariant
// file: mm/signal_notify.c
// applies: 1
// threads: 4
// depth: 3
// expected: explore:invariant
// blind: races
// scenario: jobs ptrace
// bounded: stop-untraced
// found-by: explore:structure native:structure
@@
identifier tsk;
@@
leave_group_stop(struct task_struct *tsk)
{
...
- if (!tsk->stop_counted) return false;
- tsk->stop_counted = false;
...
}
