// SPDX-License-Identifier: GPL-2.0-or-later
// title: a sender goes on to a task's siglock after it has left the task
//   list
// origin: fixed by history.git 2c707d9bf1f4 (Linus Torvalds, 2003)
// year: 2003
// area: task-life
// consequence: use-after-free
// file: mm/signal.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:use-after-free explore:use-after-free
// blind: -
// bounded: kill-reaped
// found-by: explore:data-race
@@
expression p, sig;
@@
- if (p && thread_group_leader(p))
-	err = group_send_sig_info(sig, p);
+ if (p && thread_group_leader(p)) {
+	get_task_struct(p);
+	read_unlock(&tasklist_lock);
+	err = group_send_sig_info(sig, p);
+	put_task_struct(p);
+	read_lock(&tasklist_lock);
+ }
