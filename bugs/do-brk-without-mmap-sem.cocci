// SPDX-License-Identifier: GPL-2.0-or-later
// title: sys_brk() changes the layout without mmap_sem
// origin: fixed by history.git 6a424edaddfc (Marcelo Tosatti, 2005), there
//   in a loader
// year: 2005
// area: accounting
// consequence: data-race
// file: mm/mmap.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:invariant tsan:race explore:race explore:invariant
// blind: -
// bounded: brk-beside
// found-by: explore:lock native:lock
@@
expression mm;
@@
 sys_brk(...)
 {
 ...
- down_write(&mm->mmap_sem);
 ...
- up_write(&mm->mmap_sem);
 ...
 }
