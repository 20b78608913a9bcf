// SPDX-License-Identifier: GPL-2.0-or-later
// title: exec leaves an address space in which a dump has counted it
// origin: fixed by history.git 040e3e09c090 (Roland McGrath, 2005)
// year: 2005
// area: exec
// consequence: deadlock
// file: mm/exec.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: -
// bounded: exec-dump
// found-by: explore:lost-wakeup native:stall
@@
expression old;
@@
 exec_mmap(...)
 {
 ...
- down_read(&old->mmap_sem);
- if (old->core_waiters) {
-	up_read(&old->mmap_sem);
-	return -EINTR;
- }
 ...
- up_read(&old->mmap_sem);
 ...
 }
