// SPDX-License-Identifier: GPL-2.0-or-later
// title: a thread that blocks a signal of the group it was woken for tells
//   nobody else
// origin: Linux until sigprocmask() retargeted (2011); 2.6.11 as
//   shipped; found by this harness
// year: 2011
// shipped: 2.6.11
// area: task-life
// consequence: lost-wakeup
// file: mm/signal_deliver.c
// applies: 1
// threads: 3
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs
// bounded: signal-blocked
// found-by: explore:lost-wakeup
@@
identifier err;
@@
-leave_to_others(left);
+(void)left;
 return err;
