// SPDX-License-Identifier: GPL-2.0-or-later
// title: exec keeps an address of the old image to write to at exit
// origin: DEF-9 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: exec
// consequence: broken-invariant
// file: mm/fork_mm.c
// applies: 2
// threads: 1
// depth: 1
// expected: native:invariant explore:invariant
// blind: races
// bounded: exec-forgets
// found-by: explore:assertion
@@
expression tsk, mm;
@@
- tsk->clear_child_tid = 0;
 if (atomic_read(&mm->mm_users) <= 1)
 	return;
+tsk->clear_child_tid = 0;
