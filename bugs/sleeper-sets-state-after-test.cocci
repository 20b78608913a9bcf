// SPDX-License-Identifier: GPL-2.0-or-later
// title: a futex waiter looks whether it is queued before it says that it
//   sleeps
// origin: xv6-riscv 26f306113a1b (Frans Kaashoek, 2019); break of PRIM-26
// year: 2019
// area: completion
// consequence: lost-wakeup
// file: mm/futex.c
// applies: 3
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: races
// bounded: exec-shared
// found-by: explore:lost-wakeup
@early@
expression mm;
@@
- set_current_state(TASK_INTERRUPTIBLE);
 up_read(&mm->mmap_sem);
 sleep_until_woken(...);

@late@
expression q;
@@
 sleep_until_woken(...)
 {
- if (smp_load_acquire(&q->bucket))
+ if (smp_load_acquire(&q->bucket)) {
+	set_current_state(TASK_INTERRUPTIBLE);
 	schedule_on(LWAIT_IDLE, q);
+ }
 ...
 }
