// SPDX-License-Identifier: GPL-2.0-or-later
// title: vma_adjust() takes page_table_lock before i_mmap_lock
// origin: fixed by history.git 7f6760c73e1b (David Miller,
//   2.4.0-test12-pre3, 2000)
// year: 2000
// area: page-table
// consequence: deadlock
// file: mm/vma_merge.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:stall native:lock-order tsan:lock-order explore:stall
//   explore:lock-order
// blind: -
// bounded: truncate-split
// found-by: explore:lock-order native:lock-order
@@
identifier step, insert;
expression mapping;
@@
 vma_adjust_step(struct vma_step *step, struct vm_area_struct *insert)
 {
 ...
+spin_lock(&step->mm->page_table_lock);
 i_mmap_lock(mapping);
 ...
 i_mmap_unlock(mapping);
+spin_unlock(&step->mm->page_table_lock);
 ...
 }
