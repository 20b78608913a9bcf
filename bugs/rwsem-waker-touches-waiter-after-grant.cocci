// SPDX-License-Identifier: GPL-2.0-or-later
// title: the waker goes on in a waiter's record after it has woken the
//   waiter
// origin: fixed by history.git 8cbc52d2d0ac (Linus Torvalds, 2004)
// year: 2004
// area: rwsem
// consequence: use-after-free
// file: locking/rwsem.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:use-after-free tsan:race explore:use-after-free
//   explore:race
// blind: -
// bounded: rwsem-downgrade
// found-by: explore:crash native:crash
@@
iterator name cds_list_for_each_entry_safe, cds_list_for_each_entry;
expression w, next, granted;
@@
- cds_list_for_each_entry_safe(w, next, granted, node)
+ cds_list_for_each_entry(w, granted, node)
 lthread_wake(w->thread);
