// SPDX-License-Identifier: GPL-2.0-or-later
// title: a thread starts while a gather believes that the mm has one user
// origin: fixed by history.git 30746bbd9545 (Kanoj Sarcar, 2002)
// year: 2002
// area: fork
// consequence: stale-tlb
// file: mm/mmu_gather.c mm/fork_mm.c mm/tlb.c
// applies: 3 1 1
// threads: 3
// depth: 3
// expected: native:invariant explore:invariant
// blind: races
// bounded: truncate-clone
// found-by: explore:data
@declare@
@@
 #include "mm/mmu_gather.h"
+
+void flush_tlb_one_user(struct mm_struct *mm);
+
+static int gather_one_user[NR_CPUS]; /* (p) */

@decide@
expression m;
@@
 tlb_gather_mmu(...)
 {
 ...
 tlb->mm = m;
+gather_one_user[smp_processor_id()] = atomic_read(&m->mm_users) == 1;
 ...
 }

@use@
symbol tlb;
@@
- flush_tlb_mm(tlb->mm);
+ if (gather_one_user[smp_processor_id()])
+	flush_tlb_one_user(tlb->mm);
+ else
+	flush_tlb_mm(tlb->mm);

@clone@
expression mm;
@@
- spin_unlock_wait(&mm->page_table_lock);

@one_user@
iterator name for_each_cpu;
@@
 void flush_tlb_mm(...)
 {
 ...
 }
+
+void flush_tlb_one_user(struct mm_struct *mm);
+
+void flush_tlb_one_user(struct mm_struct *mm)
+{
+	unsigned int seq = __atomic_add_fetch(&tlb_flush_seq, 1,
+					      __ATOMIC_RELAXED);
+	int used = current->mm == mm, id;
+	cpumask_t mask;
+
+	snapshot_mask(&mask, mm);
+	flush_self(mm, FLUSH_ALL);
+	spin_lock(&tlbstate_lock);
+	flush_mm = mm;
+	flush_va = FLUSH_ALL;
+	cpumask_copy(&flush_cpumask, &mask);
+	for_each_cpu(id, &mask) {
+		struct cpu *cpu = cpu_of(id);
+
+		cpu_irq_lock(cpu);
+		if (cpu->tlbstate.state != TLBSTATE_OK ||
+		    cpu->tlbstate.active_mm != mm || !used++)
+			smp_invalidate_interrupt(cpu);
+		cpu_irq_unlock(cpu);
+	}
+	flush_mm = NULL;
+	spin_unlock(&tlbstate_lock);
+	check_survivors(mm, seq);
+}
