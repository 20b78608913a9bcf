// SPDX-License-Identifier: GPL-2.0-or-later
// title: swapoff takes a reference on an mm whose last user is gone
// origin: fixed by history.git 1b46884a372f (Hugh Dickins, 2004)
// year: 2004
// area: swapoff
// consequence: use-after-free
// file: mm/swapfile_unuse.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// scenario: reclaim
// bounded: swapoff-exit
// found-by: explore:data-race native:use-after-free
@@
expression mm;
@@
 get_listed_mm(...)
 {
- if (atomic_inc_return(&mm->mm_users) != 1)
-	return true;
+ atomic_inc(&mm->mm_users);
+ return true;
 ...
 }
