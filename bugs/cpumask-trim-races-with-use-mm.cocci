// SPDX-License-Identifier: GPL-2.0-or-later
// title: a flusher takes another CPU out of the mask after a look at its
//   task
// origin: Linux a665eec0a22e and bafb056ce279 (Nicholas Piggin, 2020), an
//   optimisation that 2.6.11 lacks
// year: 2020
// area: tlb
// consequence: stale-tlb
// file: mm/tlb.c
// applies: 1
// threads: 3
// depth: 3
// expected: native:invariant explore:invariant
// blind: -
// bounded: fault-unmap
// found-by: explore:data-race
@@
symbol mm, mask, id;
@@
+for (id = cpumask_next(-1, mask); id < nr_cpu_ids;
+     id = cpumask_next(id, mask))
+	if (READ_ONCE(cpu_of(id)->curr)->mm != mm)
+		cpu_clear(id, &mm->cpu_vm_mask);
 flush_mm = NULL;
