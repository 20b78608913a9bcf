// SPDX-License-Identifier: GPL-2.0-or-later
// title: a stop signal taken before a dump stops its thread during the dump
// origin: fixed by Linux 788e05a67c34 (Oleg Nesterov, 2005); 2.6.11 as
//   shipped
// year: 2005
// shipped: 2.6.11
// area: coredump
// consequence: deadlock
// file: mm/signal_deliver.c
// applies: 1
// threads: 2
// depth: 3
// expected: native:stall explore:stall
// blind: races
// scenario: jobs ptrace
// bounded: dump-stop
// found-by: explore:lost-wakeup native:lost-wakeup tsan:lost-wakeup
@@
expression condition;
@@
- if (condition) {
+ if (!current->stop_dequeued) {
 	read_unlock(&tasklist_lock);
 	return;
 }
