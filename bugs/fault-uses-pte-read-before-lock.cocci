// SPDX-License-Identifier: GPL-2.0-or-later
// title: a fault decides by a PTE that it read before it took the lock
// origin: fixed by history.git d4598417b45e (2.4.0-test12-pre1, 2000)
// year: 2000
// area: page-table
// consequence: broken-invariant
// file: mm/memory.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant tsan:race explore:invariant explore:race
// blind: -
// bounded: fault-same
// found-by: explore:structure native:bug
@@
identifier mm, entry;
expression p;
@@
 handle_pte_fault(struct mm_struct *mm, ...)
 {
 pte_t entry = ptep_get(p);
+spin_unlock(&mm->page_table_lock);
+spin_lock(&mm->page_table_lock);
 ...
 }
