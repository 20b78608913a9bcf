// SPDX-License-Identifier: GPL-2.0-or-later
// title: a flush waits for the CPUs of a mask that has changed meanwhile
// origin: fixed by Linux 5766b842b23c (Ingo Molnar, 2009)
// year: 2009
// area: tlb
// consequence: deadlock
// file: mm/tlb.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: races
// bounded: cow-readers
// found-by: explore:bug native:bug
@@
symbol mm;
expression mask;
@@
- cpumask_copy(&flush_cpumask, mask);
+ cpumask_copy(&flush_cpumask, &mm->cpu_vm_mask);
+ cpu_clear(smp_processor_id(), &flush_cpumask);
