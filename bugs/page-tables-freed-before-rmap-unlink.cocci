// SPDX-License-Identifier: GPL-2.0-or-later
// title: exit frees page tables without the lock while rmap still finds the
//   areas
// origin: fixed by Linux 8f4f8c164cb4 (Hugh Dickins, 2005)
// year: 2005
// area: page-table
// consequence: use-after-free
// file: mm/munmap.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:use-after-free explore:use-after-free
// blind: -
// bounded: fork-exit
// found-by: explore:lock native:lock
@@
expression mm, tlb;
@@
 exit_mmap(...)
 {
 ...
+spin_unlock(&mm->page_table_lock);
 clear_page_range(tlb, mm, ...);
+spin_lock(&mm->page_table_lock);
 ...
 }
