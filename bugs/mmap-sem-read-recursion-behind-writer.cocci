// SPDX-License-Identifier: GPL-2.0-or-later
// title: futex_wait() reads the word, and may fault, while it holds
//   mmap_sem
// origin: fixed by history.git f5f23ec8d572 (Olof Johansson, 2005); mincore
//   form: Linux 2f77d107050a (Linus Torvalds, 2006)
// year: 2006
// shipped: 2.6.11
// area: rwsem
// consequence: deadlock
// file: mm/futex.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: races
// bounded: futex-fault
// found-by: native:lock explore:assertion
@@
expression now, a, err;
@@
 queue_me(...);
- err = get_user32_inatomic(&now, a);
+ err = get_user32(&now, a);
