// SPDX-License-Identifier: GPL-2.0-or-later
// title: vma_adjust() moves the bounds of an area that truncation may be
//   reading
// origin: fixed by history.git fd031e89b374 (Rajesh Venkatasubramanian,
//   2003)
// year: 2003
// area: truncate
// consequence: data-race
// file: mm/vma_merge.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:invariant tsan:race explore:race explore:invariant
// blind: -
// bounded: truncate-split
// found-by: explore:data-race tsan:data-race
@@
expression mapping;
@@
 vma_adjust_step(...)
 {
 ...
- i_mmap_lock(mapping);
 ...
- i_mmap_unlock(mapping);
 ...
 }
