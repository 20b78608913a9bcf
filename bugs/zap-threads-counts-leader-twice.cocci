// SPDX-License-Identifier: GPL-2.0-or-later
// title: an exec'ing thread heads the task list while the old leader is
//   still there
// origin: fixed by Linux de12a7878c11 (Eric Biederman, 2006)
// year: 2006
// area: coredump
// consequence: deadlock
// file: mm/exec_de_thread.c
// applies: 2
// threads: 3
// depth: 2
// expected: native:stall explore:stall
// blind: races
// bounded: exec-dump
// found-by: explore:lost-wakeup
@@
identifier tsk, ptrace;
@@
 take_over_leadership(...)
 {
 ...
 unsigned long ptrace;
+write_lock_irq(&tasklist_lock);
+cds_list_add_tail(&tsk->tasks, &init_task.tasks);
+write_unlock_irq(&tasklist_lock);
 ...
- cds_list_add_tail(&tsk->tasks, &init_task.tasks);
 ...
 }
