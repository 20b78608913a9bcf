// SPDX-License-Identifier: GPL-2.0-or-later
// title: exiting tasks count themselves out of a dump under a shared lock
// origin: LKML 40BF3D17.8030504@acm.org (Corey Minyard, 2004); the counter
//   became atomic with Linux c5f1cc8c1828 (Oleg Nesterov, 2008)
// year: 2004
// area: coredump
// consequence: data-race
// file: mm/exit.c
// applies: 2
// threads: 3
// depth: 2
// expected: native:stall tsan:race explore:race explore:stall
// blind: -
// bounded: clone-dump
// found-by: explore:data-race
@@
expression mm;
@@
 park_for_core_dump(...)
 {
 ...
- down_write(&mm->mmap_sem);
+ down_read(&mm->mmap_sem);
 ...
- up_write(&mm->mmap_sem);
+ up_read(&mm->mmap_sem);
 ...
 }
