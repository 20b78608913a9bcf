// SPDX-License-Identifier: GPL-2.0-or-later
// title: a task that reaps itself is a zombie for a moment
// origin: fixed by history.git 4e7e36746cd2 (Linus Torvalds, 2003)
// year: 2003
// area: task-life
// consequence: use-after-free
// file: mm/exit_notify.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: orphan-threads
// found-by: explore:bug native:bug
@@
expression tsk, state;
@@
 exit_notify(...)
 {
 ...
- tsk->exit_state = state;
+ tsk->exit_state = EXIT_ZOMBIE;
 write_unlock_irq(&tasklist_lock);
+if (state == EXIT_DEAD) {
+	write_lock_irq(&tasklist_lock);
+	tsk->exit_state = EXIT_DEAD;
+	write_unlock_irq(&tasklist_lock);
+}
 ...
 }
