// SPDX-License-Identifier: GPL-2.0-or-later
// title: a CPU acknowledges a flush before it has invalidated its translations
// origin: break of TLB-12, the order of smp_invalidate_interrupt(); no commit
// year: -
// area: tlb
// consequence: stale-tlb
// file: mm/tlb.c mm/mmu.c
// applies: 3 2
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: races
// bounded: fault-unmap
// found-by: explore:tlb
@second_half@
@@
+static int late_due[NR_CPUS]; /* interrupt lock of the CPU */
+static uaddr_t late_va[NR_CPUS]; /* the same */
+
+void finish_late_flush(struct cpu *cpu);
+
+void finish_late_flush(struct cpu *cpu)
+{
+	if (!late_due[cpu->id])
+		return;
+	late_due[cpu->id] = 0;
+	if (late_va[cpu->id] == FLUSH_ALL)
+		tlb_flush_local(cpu);
+	else
+		tlb_flush_local_one(cpu, late_va[cpu->id]);
+}
+
 static void smp_invalidate_interrupt(...)
 {
 ...
 }

@first_half@
expression cpu;
@@
 smp_invalidate_interrupt(...)
 {
 <...
- if (flush_va == FLUSH_ALL) {
-	tlb_flush_local(cpu);
- } else {
-	tlb_flush_local_one(cpu, flush_va);
- }
+ {
+	if (late_due[cpu->id] && late_va[cpu->id] != flush_va)
+		flush_va = FLUSH_ALL;
+	late_va[cpu->id] = flush_va;
+	late_due[cpu->id] = 1;
+ }
 ...>
 }

@declare@
@@
 #include "mm/mmu.h"
+
+void finish_late_flush(struct cpu *cpu);

@access@
expression cpu, addr;
identifier v;
@@
 mmu_translate(...)
 {
+finish_late_flush(cpu);
 pteval_t v = tlb_lookup(&cpu->tlb, addr);
 ...
 }
