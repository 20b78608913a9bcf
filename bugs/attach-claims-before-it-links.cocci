// SPDX-License-Identifier: GPL-2.0-or-later
// title: ptrace_attach() sets the flag, and the links later
// origin: PROC-7 of the specification: 2.6.11 as shipped
// year: 2005
// area: task-life
// consequence: broken-invariant
// shipped: 2.6.11
// file: mm/ptrace.c
// applies: 2
// threads: 3
// depth: 3
// expected: explore:invariant
// blind: -
// found-by: explore:data-race explore:assertion explore:crash
// bounded: attach-orphan
@@
identifier task;
@@
 ptrace_attach(struct task_struct *task)
 {
 ...
-task_unlock(task);
+if (err)
+	task_unlock(task);
 ...
 }

@@
expression task, flags;
@@
 WRITE_ONCE(task->ptrace, flags);
+write_unlock_irq(&tasklist_lock);
+task_unlock(task);
+write_lock_irq(&tasklist_lock);
 __ptrace_link(task, ...);
