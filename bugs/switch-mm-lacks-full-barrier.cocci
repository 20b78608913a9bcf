// SPDX-License-Identifier: GPL-2.0-or-later
// title: mask bit and first walk may pass each other in switch_mm()
// origin: CVE-2016-2069, Linux 71b3c126e611 (Andy Lutomirski, 2016)
// year: 2016
// area: barrier
// consequence: weak-memory
// file: mm/mmu_context.c
// applies: 1
// threads: 2
// depth: wm
// expected: explore:invariant
// blind: races sc
// bounded: fault-unmap
// explore-options: -M c11
// found-by: explore:assertion
@@
expression cpu, next;
@@
 switch_to_other(...)
 {
 ...
- cpu_test_and_set(cpu->id, &next->cpu_vm_mask);
+ __atomic_fetch_or(&next->cpu_vm_mask.bits[cpu->id / 64],
+		    1UL << (cpu->id % 64), __ATOMIC_RELAXED);
 ...
 }
