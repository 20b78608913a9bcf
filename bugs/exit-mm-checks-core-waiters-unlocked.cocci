// SPDX-License-Identifier: GPL-2.0-or-later
// title: exit_mm() tests core_waiters without mmap_sem
// origin: fixed by history.git 99365bd4725d (Roland McGrath, 2003); the test
//   came unlocked with history.git 8a0611595372 (Ingo Molnar, 2002)
// year: 2003
// area: coredump
// consequence: deadlock
// file: mm/exit.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:stall tsan:race explore:stall explore:race
// blind: -
// bounded: dump-exit
// found-by: tsan:race native:stall explore:race
@@
expression mm;
@@
 exit_mm(...)
 {
 ...
- down_read(&mm->mmap_sem);
 if (mm->core_waiters) {
- up_read(&mm->mmap_sem);
 park_for_core_dump(mm);
- down_read(&mm->mmap_sem);
 }
+ down_read(&mm->mmap_sem);
 ...
 }
