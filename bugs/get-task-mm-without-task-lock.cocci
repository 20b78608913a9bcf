// SPDX-License-Identifier: GPL-2.0-or-later
// title: get_task_mm() may raise mm_users from zero
// origin: fixed by history.git 7d33101cd55d (Suparna Bhattacharya, 2003)
// year: 2003
// area: mm-ref
// consequence: use-after-free
// file: mm/fork_mm.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:use-after-free native:invariant explore:use-after-free
//   explore:invariant
// blind: -
// bounded: get-mm
// found-by: explore:data-race
@@
expression t;
@@
 get_task_mm(...)
 {
 ...
- task_lock(t);
 ...
- task_unlock(t);
 ...
 }
