// SPDX-License-Identifier: GPL-2.0-or-later
// title: a woken waiter may read what was there before its wait
// origin: fixed by Linux 99143f82a255 (Peter Zijlstra, 2019) and
//   e1b98fa31664 (Jan Stancek, 2019)
// year: 2019
// area: barrier
// consequence: weak-memory
// file: locking/thread.c
// applies: 1
// threads: 2
// depth: wm
// expected: tsan:race explore:invariant explore:race
// blind: sc x86
// bounded: rwsem
// explore-options: -M c11
// found-by: explore:data-race
@@
expression word, val;
@@
 lthread_block_on_raw(...)
 {
- while (smp_load_acquire(word) == val)
+ while (READ_ONCE(*word) == val)
 	seam_futex_wait(word, val, -1);
 }
