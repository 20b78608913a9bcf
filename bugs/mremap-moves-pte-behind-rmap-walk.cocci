// SPDX-License-Identifier: GPL-2.0-or-later
// title: mremap moves file PTEs without i_mmap_lock
// origin: fixed by history.git d3f42511c53d, 2039e7b519e2, e4cf8264fa0b
//   (Hugh Dickins, Rajesh Venkatasubramanian, 2004)
// year: 2004
// area: rmap
// consequence: broken-invariant
// file: mm/mremap.c
// applies: 2
// threads: 2
// depth: 3
// expected: native:invariant explore:invariant
// blind: -
// bounded: truncate-move
// found-by: explore:data-race
@@
expression mapping;
@@
 try_move_pte(...)
 {
 ...
- i_mmap_lock(mapping);
 ...
- i_mmap_unlock(mapping);
 ...
 }
