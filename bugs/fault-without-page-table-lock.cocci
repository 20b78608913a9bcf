// SPDX-License-Identifier: GPL-2.0-or-later
// title: handle_mm_fault() does not take page_table_lock
// origin: break of FLT-15; no commit
// year: -
// area: page-table
// consequence: data-race
// file: mm/memory.c
// applies: 1
// threads: 2
// depth: 2
// expected: tsan:race explore:race
// blind: -
// bounded: fork-exit
// found-by: native:lock tsan:lock explore:lock
@@
expression mm;
@@
 handle_mm_fault(...)
 {
 ...
- spin_lock(&mm->page_table_lock);
 ...
 }
