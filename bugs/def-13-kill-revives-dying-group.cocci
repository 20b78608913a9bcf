// SPDX-License-Identifier: GPL-2.0-or-later
// title: SIGKILL or SIGCONT clears the mark of a group exit
// origin: DEF-13 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: task-life
// consequence: broken-invariant
// file: mm/signal.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: exit-status
// found-by: explore:assertion
@@
identifier p, signal;
@@
 handle_stop_signal(int sig, struct task_struct *p)
 {
 ...
- if (signal->flags & SIGNAL_GROUP_EXIT)
+ if (READ_ONCE(p->flags) & SIGNAL_GROUP_EXIT)
 	return;
 ...
 }
