// SPDX-License-Identifier: GPL-2.0-or-later
// title: a downgrade wakes the readers in front, but counts one too few
// origin: fixed by history.git 056d7d3a6d66 (David Howells, 2004)
// year: 2004
// area: rwsem
// consequence: broken-invariant
// file: locking/rwsem.c
// applies: 1
// threads: 3
// depth: 2
// expected: native:invariant tsan:race explore:invariant explore:race
// blind: -
// bounded: rwsem-downgrade
// found-by: explore:lost-wakeup
@@
expression sem, may_write, granted, add, in_turn;
@@
 in_turn = grant_batch(sem, may_write, &granted, &add);
+if (!may_write && add)
+	add -= READER;
