// SPDX-License-Identifier: GPL-2.0-or-later
// title: the switch drops a borrowed mm while it holds the run queue
// origin: fixed by history.git 6fe3b423bf08 (Andrew Morton, 2003)
// year: 2003
// area: mm-ref
// consequence: deadlock
// file: mm/runqueue.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: races
// bounded: fork-exit
// found-by: explore:lock-order
@@
identifier mm;
@@
 finish_task_switch(...)
 {
 ...
- rq_unlock_irq();
 if (mm) mmdrop(mm);
+rq_unlock_irq();
 ...
 }
