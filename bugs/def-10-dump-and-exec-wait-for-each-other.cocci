// SPDX-License-Identifier: GPL-2.0-or-later
// title: a dump begins in a group that is being ended by exec
// origin: DEF-10 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: coredump
// consequence: deadlock
// file: mm/coredump.c mm/exec_de_thread.c
// applies: 1 3
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: -
// bounded: exec-dump
// explore-options: --max-steps=50000
// found-by: explore:lost-wakeup
@dump@
identifier signal, err;
@@
 claim_dump(...)
 {
 ...
- if (signal->flags & SIGNAL_GROUP_EXIT) {
-	err = -EAGAIN;
- } else {
+ {
 	signal->flags = SIGNAL_GROUP_EXIT;
 	...
 }
 ...
 }

@deaf@
expression tsk;
@@
- sigkill_pending(tsk)
+ 0

@soundly@
@@
- TASK_KILLABLE
+ TASK_UNINTERRUPTIBLE
