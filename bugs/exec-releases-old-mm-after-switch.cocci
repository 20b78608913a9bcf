// SPDX-License-Identifier: GPL-2.0-or-later
// title: exec tells its joiners only after it has the new address space
// origin: fixed by history.git 03a85f8e25d5 (Linus Torvalds, 2003)
// year: 2003
// area: exec
// consequence: lost-wakeup
// file: mm/exec.c
// applies: 2
// threads: 2
// depth: 1
// expected: native:stall native:invariant explore:stall explore:invariant
// blind: races
// bounded: exec-shared
// found-by: explore:lost-wakeup
@@
expression tsk, old, mm, active;
@@
 exec_mmap(...)
 {
 ...
- mm_release(tsk, old);
 ...
 active = install_mm(tsk, mm);
 up_read(&old->mmap_sem);
+mm_release(tsk, mm);
 ...
 }
