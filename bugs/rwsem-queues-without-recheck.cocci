// SPDX-License-Identifier: GPL-2.0-or-later
// title: a thread queues without another look whether the lock has become
//   free
// origin: break of the slow path of PRIM-4; no commit
// year: -
// area: rwsem
// consequence: lost-wakeup
// file: locking/rwsem.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: races
// bounded: rwsem rwsem-readers
// found-by: explore:lost-wakeup native:stall
@@
expression sem, read;
@@
 down_slow(...)
 {
 ...
- if (enter_or_close(sem, read)) {
-	raw_spin_unlock(&sem->wait_lock);
-	return;
- }
+ (void)read;
+ __atomic_fetch_or(&sem->count, QUEUED, __ATOMIC_SEQ_CST);
 ...
 }
