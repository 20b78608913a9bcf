// SPDX-License-Identifier: GPL-2.0-or-later
// title: mremap looks at the old area after it may have been freed
// origin: DEF-17 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: accounting
// consequence: use-after-free
// file: mm/mremap.c
// applies: 2
// threads: 1
// depth: 1
// expected: native:use-after-free explore:use-after-free
// blind: races
// bounded: truncate-move
// found-by: explore:memory-error native:structure
@@
expression mm, e1, e2, pages, m;
@@
 move_vma(...)
 {
 ...
- vm_stat_account(mm, e1, e2, pages);
 ...
 unmap_moved(mm, m->vma, m->old_addr, m->old_len);
+vm_stat_account(mm, m->vma->vm_flags, m->vma->vm_file, pages);
 ...
 }
