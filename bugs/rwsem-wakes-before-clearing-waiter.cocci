// SPDX-License-Identifier: GPL-2.0-or-later
// title: a waiter is woken before it can see that its wait is over
// origin: fixed in 2018, stable commit 726152d42368, "rwsem: fix (possible)
//   missed wakeup"
// year: 2018
// area: rwsem
// consequence: lost-wakeup
// file: locking/thread.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: races
// bounded: rwsem
// found-by: explore:lost-wakeup
@@
expression t;
@@
 lthread_wake(...)
 {
- smp_store_release(&t->wait_word, LTHREAD_GO);
 seam_futex_wake(&t->wait_word, INT_MAX);
+smp_store_release(&t->wait_word, LTHREAD_GO);
 }
