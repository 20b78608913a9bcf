// SPDX-License-Identifier: GPL-2.0-or-later
// title: fork copies sizes and limits of the layout before it locks the
//   layout
// origin: DEF-4: copy_mm() of 2.6.11 copies the whole structure before
//   mmap_sem is taken; linux-mm, Vladimir Davydov, 2014
// year: 2014
// shipped: 2.6.11
// area: fork
// consequence: broken-invariant
// file: mm/fork_mm.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:leak tsan:race explore:race explore:leak
// blind: -
// bounded: map-fork
// found-by: explore:structure native:structure
@@
expression mm, oldmm;
@@
 dup_mmap(...)
 {
 ...
- down_write(&oldmm->mmap_sem);
- dup_layout(mm, oldmm);
+ dup_layout(mm, oldmm);
+ down_write(&oldmm->mmap_sem);
 ...
 }
