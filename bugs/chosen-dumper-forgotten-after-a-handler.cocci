// SPDX-License-Identifier: GPL-2.0-or-later
// title: the thread chosen to dump core handles another signal first, and
//   then stops like the others
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: coredump
// consequence: deadlock
// file: mm/signal_deliver.c
// applies: 2
// threads: 2
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs
// bounded: dump-told
// found-by: explore:lost-wakeup
@@
identifier signal;
symbol current, false;
@@
 if (signal->group_exit_task == current)
- 	return false;
+ {
+ 	signal->group_exit_task = NULL;
+ 	return false;
+ }
