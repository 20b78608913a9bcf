// SPDX-License-Identifier: GPL-2.0-or-later
// title: what a grant adds to the count is computed in 32 bits
// origin: fixed by history.git 533a071fbc81 (Ivan Kokshaysky, 2004)
// year: 2004
// area: rwsem
// consequence: deadlock
// file: locking/rwsem.c
// applies: 1
// threads: 3
// depth: 1
// expected: native:invariant native:stall explore:invariant explore:stall
// blind: -
// bounded: rwsem
// found-by: explore:lost-wakeup native:lock
@@
expression sem, add;
@@
- __atomic_fetch_add(&sem->count, add, __ATOMIC_SEQ_CST);
+ __atomic_fetch_add(&sem->count, (unsigned int)add, __ATOMIC_SEQ_CST);
