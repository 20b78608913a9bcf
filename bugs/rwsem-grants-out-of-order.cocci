// SPDX-License-Identifier: GPL-2.0-or-later
// title: an rwsem lets readers past waiting writers
// origin: break of PRIM-3, the hand-over of 2.6.11's rwsem; no commit
// year: -
// area: rwsem
// consequence: broken-invariant
// file: locking/rwsem.c
// applies: 1
// threads: 3
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: rwsem
// found-by: native:lock tsan:lock explore:lock
@@
expression count;
@@
 may_enter(...)
 {
- return read ? !(count & (WRITER | QUEUED)) : count == 0;
+ return read ? !(count & WRITER) : count == 0;
 }
