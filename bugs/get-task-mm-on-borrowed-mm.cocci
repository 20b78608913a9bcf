// SPDX-License-Identifier: GPL-2.0-or-later
// title: get_task_mm() pins an mm that a worker has only borrowed
// origin: fixed by history.git 1b46884a372f (Hugh Dickins, 2004)
// year: 2004
// area: mm-ref
// consequence: use-after-free
// file: mm/fork_mm.c
// applies: 1
// threads: 3
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// scenario: aio
// bounded: aio-look
// found-by: explore:refcount
@@
expression task, mm;
@@
 get_task_mm(...)
 {
 ...
- if (mm && (READ_ONCE(task->flags) & PF_BORROWED_MM))
-	mm = NULL;
 ...
 }
