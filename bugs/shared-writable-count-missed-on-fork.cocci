// SPDX-License-Identifier: GPL-2.0-or-later
// title: fork does not count the shared mappings it makes
// origin: DEF-3; fixed by Linux b88ed20594db (Hugh Dickins, 2008); 2.6.11
//   as shipped
// year: 2008
// shipped: 2.6.11
// area: accounting
// consequence: broken-invariant
// file: mm/fork_mm.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:leak native:invariant explore:leak explore:invariant
// blind: races
// bounded: truncate-fork
// found-by: explore:bug native:bug
@@
expression tmp, mapping;
@@
 link_file_vma(...)
 {
 ...
- if (tmp->vm_flags & VM_SHARED)
-	mapping->i_mmap_writable++;
 ...
 }
