// SPDX-License-Identifier: GPL-2.0-or-later
// title: swapoff waits for mmap_sem while it holds a page locked
// origin: fixed by history.git b7ae29f54ce0 (Hugh Dickins, 2004)
// year: 2004
// area: swapoff
// consequence: deadlock
// file: mm/swapfile_unuse.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:stall native:lock-order tsan:lock-order explore:stall
//   explore:lock-order
// blind: races
// scenario: reclaim
// bounded: swapoff-fork
// found-by: explore:lock-order native:lock-order
@@
expression mm;
statement S;
@@
 unuse_process(...)
 {
 ...
- if (!down_read_trylock(&mm->mmap_sem)) S
+ down_read(&mm->mmap_sem);
 ...
 }
