// SPDX-License-Identifier: GPL-2.0-or-later
// title: a sender that reads the state too early wakes nobody
// origin: fixed by history.git 05103a07d2e5 (Linus Torvalds, 2003)
// year: 2003
// area: barrier
// consequence: weak-memory
// file: mm/sched.c
// applies: 1
// threads: 2
// depth: wm
// expected: native:stall explore:invariant explore:stall
// blind: races sc
// bounded: kill-sleeper
// explore-options: -M c11
// found-by: explore:lost-wakeup
@@
expression p;
@@
- __atomic_fetch_or(&p->state, 0, __ATOMIC_SEQ_CST)
+ READ_ONCE(p->state)
