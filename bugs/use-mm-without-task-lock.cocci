// SPDX-License-Identifier: GPL-2.0-or-later
// title: a worker borrows and returns an mm without task_lock
// origin: fixed by history.git 772213c829cd (William Lee Irwin, 2004)
// year: 2004
// area: mm-ref
// consequence: data-race
// file: mm/mmu_context.c
// applies: 4
// threads: 2
// depth: 2
// expected: native:invariant tsan:race explore:race explore:invariant
// blind: -
// scenario: aio
// bounded: aio-dump
// found-by: explore:data-race
@borrow@
expression tsk;
@@
 use_mm(...)
 {
 ...
- task_lock(tsk);
 ...
- task_unlock(tsk);
 ...
 }

@giveback@
expression tsk;
@@
 unuse_mm(...)
 {
 ...
- task_lock(tsk);
 ...
- task_unlock(tsk);
 }
