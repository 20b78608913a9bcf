// SPDX-License-Identifier: GPL-2.0-or-later
// title: the scan of a dump lets go of the task list half way through
// origin: history.git 2452eef0112a (Ingo Molnar, 2003); general form: Linux
//   0c740d0afc3b (Oleg Nesterov, 2014)
// year: 2003
// area: task-life
// consequence: deadlock
// file: mm/coredump.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:stall native:use-after-free explore:stall
//   explore:use-after-free
// blind: -
// bounded: exec-dump
// found-by: explore:livelock
@@
expression p;
@@
 force_sig_specific(SIGKILL, p);
+read_unlock(&tasklist_lock);
+read_lock(&tasklist_lock);
