// SPDX-License-Identifier: GPL-2.0-or-later
// title: the thread chosen to dump core exits, and those that stopped for it
//   stay stopped
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: coredump
// consequence: deadlock
// file: mm/signal_notify.c
// applies: 1
// threads: 3
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs
// bounded: dump-told
// found-by: explore:lost-wakeup
@@
expression tsk;
@@
- undo_stop_for_dump(tsk);
