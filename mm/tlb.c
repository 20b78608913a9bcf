// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tlb.c - TLB contents, flushing across CPUs, and the oracles
 *
 * 2.6.11: arch/i386/kernel/smp.c.  One flush request at a time, published
 * under tlbstate_lock.  The initiator runs each target's handler itself,
 * under the target's interrupt lock, which it must not do with its own
 * interrupts off: two initiators could then wait for each other (TLB-11).
 */
#include <errno.h>
#include <sys/mman.h>

#include "mm/cpu.h"
#include "mm/fork_mm.h"
#include "mm/lock_classes.h"
#include "mm/mmu.h"
#include "mm/pgtable.h"
#include "mm/tlb.h"

/* Flushes between two searches for survivors, on machines of many CPUs. */
#define CHECK_EVERY 16
/* The same for fills and a look at what other CPUs have there. */
#define CHECK_FILLS 64

uint16_t *tlb_residency;
static unsigned int tlb_flush_seq; /* (a) flushes of whole mms begun */

static DEFINE_SPINLOCK(tlbstate_lock, &tlbstate_class);
static struct mm_struct *flush_mm; /* tlbstate_lock */
static uaddr_t flush_va; /* tlbstate_lock */
static cpumask_t flush_cpumask; /* tlbstate_lock: not yet acknowledged */

static struct {
	atomic_long_t ipis, mm_flushes, page_flushes, leaves;
	atomic_long_t lazy_ipis, switch_ipis;
} stats;

/* ---- one CPU's TLB; its interrupt lock held --------------------------- */

static void residency_add(pteval_t pte, int n)
{
	unsigned long pfn = pte_pfn(__pte(pte));

	if (likely(pfn_valid(pfn)))
		__atomic_fetch_add(&tlb_residency[pfn], (uint16_t)n,
				   __ATOMIC_RELAXED);
}

static void drop_entry(struct tlb *tlb, unsigned int i)
{
	struct tlb_entry *e = &tlb->entry[i];

	residency_add(e->pte, -1);
	e->vpn = TLB_NO_VPN;
	__clear_bit(i, tlb->valid);
}

void tlb_insert(struct tlb *tlb, uaddr_t addr, pteval_t pte)
{
	unsigned long vpn = addr >> PAGE_SHIFT;
	unsigned int i = vpn & (TLB_ENTRIES - 1);
	struct tlb_entry *e = &tlb->entry[i];

	if (e->vpn != TLB_NO_VPN)
		drop_entry(tlb, i);
	e->vpn = vpn;
	e->pte = pte;
	e->seq = READ_ONCE(tlb_flush_seq);
	__set_bit(i, tlb->valid);
	residency_add(pte, 1);
	tlb->fills++;
}

void tlb_flush_local(struct cpu *cpu)
{
	unsigned int i;

	for_each_set_bit(i, cpu->tlb.valid, TLB_ENTRIES)
		drop_entry(&cpu->tlb, i);
	cpu->tlb.flushes++;
}

static void tlb_flush_local_one(struct cpu *cpu, uaddr_t addr)
{
	unsigned int i = (addr >> PAGE_SHIFT) & (TLB_ENTRIES - 1);

	if (cpu->tlb.entry[i].vpn == addr >> PAGE_SHIFT)
		drop_entry(&cpu->tlb, i);
}

void load_cr3(struct cpu *cpu, struct mm_struct *mm)
{
	WRITE_ONCE(cpu->tlb.cr3, mm->pgd);
	WRITE_ONCE(cpu->tlb.loaded_mm, mm);
	tlb_flush_local(cpu);
}

void leave_mm(struct cpu *cpu)
{
	BUG_ON(cpu->tlbstate.state == TLBSTATE_OK);
	clear_bit_unlock((unsigned int)cpu->id,
			 cpu->tlbstate.active_mm->cpu_vm_mask.bits);
	load_cr3(cpu, &init_mm);
	atomic_long_inc(&stats.leaves);
}

/* ---- flushing --------------------------------------------------------- */

/*
 * Has the CPU begun to switch since the flusher read the mask?  Then it has
 * another active_mm (TLB-21), or has left and is about to come back (TLB-22).
 */
static bool flush_met_switch(const struct cpu *cpu)
	__must_hold(&tlbstate_lock)
{
	if (flush_mm != cpu->tlbstate.active_mm)
		return true;
	return cpu->tlbstate.state == TLBSTATE_OK &&
	       !cpu_isset(cpu->id, &flush_mm->cpu_vm_mask);
}

/* TLB-12: what target @cpu does when the IPI arrives. */
static void smp_invalidate_interrupt(struct cpu *cpu)
	__must_hold(&tlbstate_lock)
{
	if (!cpu_isset(cpu->id, &flush_cpumask))
		return;
	if (flush_met_switch(cpu))
		atomic_long_inc(&stats.switch_ipis);
	if (flush_mm == cpu->tlbstate.active_mm) {
		if (cpu->tlbstate.state != TLBSTATE_OK) {
			atomic_long_inc(&stats.lazy_ipis);
			leave_mm(cpu);
		} else if (flush_va == FLUSH_ALL) {
			tlb_flush_local(cpu);
		} else {
			tlb_flush_local_one(cpu, flush_va);
		}
	}
	cpu_clear(cpu->id, &flush_cpumask);
}

static void flush_tlb_others(const cpumask_t *mask, struct mm_struct *mm,
			     uaddr_t va)
{
	int id;

	BUG_ON(irqs_disabled());
	BUG_ON(cpu_isset(smp_processor_id(), mask));
	spin_lock(&tlbstate_lock);
	flush_mm = mm;
	flush_va = va;
	cpumask_copy(&flush_cpumask, mask);
	for_each_cpu(id, mask) {
		cpu_irq_lock(cpu_of(id));
		smp_invalidate_interrupt(cpu_of(id));
		cpu_irq_unlock(cpu_of(id));
		atomic_long_inc(&stats.ipis);
	}
	mm_bug_on(!cpus_empty(&flush_cpumask), "flush not acknowledged by all");
	flush_mm = NULL;
	spin_unlock(&tlbstate_lock);
}

/*
 * The CPUs to interrupt, without the caller's.  A read-modify-write, so that
 * a CPU whose bit is missing here sets it later in the order of that word and
 * sees what precedes this (ORD-22); and one that has cleared its bit has made
 * its accesses before (clear_bit_unlock() in switch_mm()).
 */
static void snapshot_mask(cpumask_t *dst, struct mm_struct *mm)
{
	for (int i = 0; i < cpumask_longs(); i++)
		dst->bits[i] = __atomic_fetch_or(&mm->cpu_vm_mask.bits[i], 0UL,
						 __ATOMIC_SEQ_CST);
	__clear_bit((unsigned int)smp_processor_id(), dst->bits);
}

/* The initiator's own part of TLB-10. */
static void flush_self(struct mm_struct *mm, uaddr_t va)
{
	struct cpu *cpu = this_cpu();
	unsigned long flags;

	if (current->active_mm != mm)
		return;
	local_irq_save(flags);
	if (!current->mm)
		leave_mm(cpu); /* TLB-26 */
	else if (va == FLUSH_ALL)
		tlb_flush_local(cpu);
	else
		tlb_flush_local_one(cpu, va);
	local_irq_restore(flags);
}

static void flush_mm_cpus(struct mm_struct *mm, uaddr_t va)
{
	cpumask_t mask;

	snapshot_mask(&mask, mm);
	flush_self(mm, va);
	if (!cpus_empty(&mask))
		flush_tlb_others(&mask, mm, va);
}

static void check_survivors(struct mm_struct *mm, unsigned int seq);

void flush_tlb_mm(struct mm_struct *mm)
{
	unsigned int seq = __atomic_add_fetch(&tlb_flush_seq, 1,
					      __ATOMIC_RELAXED);

	atomic_long_inc(&stats.mm_flushes);
	flush_mm_cpus(mm, FLUSH_ALL);
	if (nr_cpu_ids <= 4 || this_cpu()->flush_checks++ % CHECK_EVERY == 0)
		check_survivors(mm, seq);
}

void flush_tlb_page(struct vm_area_struct *vma, uaddr_t addr)
{
	atomic_long_inc(&stats.page_flushes);
	flush_mm_cpus(vma->vm_mm, addr);
}

void flush_tlb_range(struct vm_area_struct *vma, uaddr_t start, uaddr_t end)
{
	(void)start;
	(void)end;
	flush_tlb_mm(vma->vm_mm);
}

static void do_flush_tlb_all(struct cpu *cpu, void *arg)
{
	(void)arg;
	tlb_flush_local(cpu);
	if (cpu->tlbstate.state == TLBSTATE_LAZY)
		leave_mm(cpu);
}

void flush_tlb_all(void)
{
	on_each_cpu(do_flush_tlb_all, NULL);
}

/* ---- oracles ---------------------------------------------------------- */

/*
 * Outside the window in switch_mm() between active_mm and the load, in which
 * IPIs for the old tables are lost by design (TLB-23).  Interrupt lock held.
 */
static bool tlb_settled(const struct cpu *cpu)
{
	return cpu->tlb.loaded_mm == &init_mm ||
	       cpu->tlb.loaded_mm == cpu->tlbstate.active_mm;
}

static void check_survivors_cpu(struct cpu *cpu, struct mm_struct *mm,
				unsigned int seq)
{
	unsigned int i;

	if (cpu->tlb.loaded_mm != mm)
		return;
	if (!cpu_isset(cpu->id, &mm->cpu_vm_mask))
		report_finding(FINDING_TLB,
			"CPU %d has the tables of mm %lu loaded and is not in its cpu_vm_mask",
			cpu->id, mm->mm_id);
	if (!tlb_settled(cpu))
		return;
	for_each_set_bit(i, cpu->tlb.valid, TLB_ENTRIES) {
		const struct tlb_entry *e = &cpu->tlb.entry[i];

		if ((int)(e->seq - seq) >= 0)
			continue;
		report_finding(FINDING_TLB,
			"CPU %d: translation of %lx to pfn %lx survived the flush of mm %lu",
			cpu->id, e->vpn << PAGE_SHIFT, pte_pfn(__pte(e->pte)),
			mm->mm_id);
	}
}

/* After a flush of @mm that began with @seq: nothing older may be left. */
static void check_survivors(struct mm_struct *mm, unsigned int seq)
{
	struct cpu *cpu;

	for_each_online_cpu(cpu) {
		/* A CPU that loads mm only now has nothing old. */
		if (READ_ONCE(cpu->tlb.loaded_mm) != mm)
			continue;
		cpu_irq_lock(cpu);
		check_survivors_cpu(cpu, mm, seq);
		cpu_irq_unlock(cpu);
	}
}

/* Some other CPU's entry for an address of the mm that @cpu has loaded. */
static const struct tlb_entry *find_entry(const struct cpu *other,
					  const struct cpu *cpu, uaddr_t addr)
{
	const struct tlb_entry *e;

	e = &other->tlb.entry[(addr >> PAGE_SHIFT) & (TLB_ENTRIES - 1)];
	if (other->tlb.loaded_mm != cpu->tlb.loaded_mm ||
	    !tlb_settled(other) || e->vpn != addr >> PAGE_SHIFT)
		return NULL;
	return e;
}

/* With one interrupt lock held, others may only be tried. */
void tlb_check_one_frame(struct cpu *cpu, uaddr_t addr, pteval_t pte)
{
	const struct tlb_entry *e;
	struct cpu *other;

	if (nr_cpu_ids > 4 && cpu->tlb.fills % CHECK_FILLS)
		return;
	for_each_online_cpu(other) {
		if (other == cpu ||
		    READ_ONCE(other->tlb.loaded_mm) != cpu->tlb.loaded_mm ||
		    !cpu_irq_trylock(other))
			continue;
		e = find_entry(other, cpu, addr);
		if (e && pte_pfn(__pte(e->pte)) != pte_pfn(__pte(pte)))
			report_finding(FINDING_TLB,
				"CPU %d maps %lx of mm %lu to pfn %lx, while CPU %d maps it to pfn %lx",
				cpu->id, addr, cpu->tlb.loaded_mm->mm_id,
				pte_pfn(__pte(pte)), other->id,
				pte_pfn(__pte(e->pte)));
		cpu_irq_unlock(other);
	}
}

static void report_resident_cpu(struct cpu *cpu, unsigned long pfn)
{
	unsigned int i;

	if (!tlb_settled(cpu))
		return;
	for_each_set_bit(i, cpu->tlb.valid, TLB_ENTRIES) {
		const struct tlb_entry *e = &cpu->tlb.entry[i];

		if (pte_pfn(__pte(e->pte)) == pfn)
			report_finding(FINDING_TLB,
				"pfn %lx freed while CPU %d maps %lx of mm %lu to it",
				pfn, cpu->id, e->vpn << PAGE_SHIFT,
				cpu->tlb.loaded_mm->mm_id);
	}
}

/* With interrupts off another CPU's lock may only be tried. */
void __tlb_report_resident(unsigned long pfn)
{
	bool irqs_off = irqs_disabled();
	struct cpu *cpu;

	for_each_online_cpu(cpu) {
		if (irqs_off && cpu == this_cpu()) {
			report_resident_cpu(cpu, pfn);
			continue;
		}
		if (!irqs_off)
			cpu_irq_lock(cpu);
		else if (!cpu_irq_trylock(cpu))
			continue;
		report_resident_cpu(cpu, pfn);
		cpu_irq_unlock(cpu);
	}
}

void tlb_assert_pgd_unloaded(const pgd_t *pgd)
{
	struct cpu *cpu;

	for_each_online_cpu(cpu)
		if (unlikely(READ_ONCE(cpu->tlb.cr3) == pgd))
			report_finding(FINDING_TLB,
				"pgd %p freed while CPU %d has it loaded",
				(const void *)pgd, cpu->id);
}

/* Return: whether @e grants nothing that the page table does not. */
static bool entry_agrees(struct mm_struct *mm, const struct tlb_entry *e)
{
	pte_t *p = mmu_walk(mm->pgd, e->vpn << PAGE_SHIFT);
	pteval_t v = p ? pte_val(ptep_get_lockless(p)) : 0;
	pteval_t extra = e->pte & ~v & (_PAGE_PRESENT | _PAGE_RW | _PAGE_DIRTY);

	return !extra && pte_pfn(__pte(v)) == pte_pfn(__pte(e->pte)) &&
	       !(v & ~e->pte & _PAGE_NX);
}

static int verify_cpu(struct cpu *cpu, struct mm_struct *mm)
{
	unsigned int i;
	int bad = 0;

	if (cpu->tlb.loaded_mm != mm)
		return 0;
	for_each_set_bit(i, cpu->tlb.valid, TLB_ENTRIES) {
		const struct tlb_entry *e = &cpu->tlb.entry[i];

		if (entry_agrees(mm, e))
			continue;
		bad++;
		report_finding(FINDING_TLB,
			"CPU %d: %lx cached as %llx, which mm %lu does not grant",
			cpu->id, e->vpn << PAGE_SHIFT,
			(unsigned long long)e->pte, mm->mm_id);
	}
	return bad;
}

int tlb_verify_mm(struct mm_struct *mm)
{
	struct cpu *cpu;
	int bad = 0;

	for_each_online_cpu(cpu) {
		cpu_irq_lock(cpu);
		bad += verify_cpu(cpu, mm);
		cpu_irq_unlock(cpu);
	}
	return bad;
}

void tlb_get_stats(struct tlb_stats *out)
{
	out->ipis = (unsigned long)atomic_long_read(&stats.ipis);
	out->mm_flushes = (unsigned long)atomic_long_read(&stats.mm_flushes);
	out->page_flushes =
		(unsigned long)atomic_long_read(&stats.page_flushes);
	out->leaves = (unsigned long)atomic_long_read(&stats.leaves);
	out->lazy_ipis = (unsigned long)atomic_long_read(&stats.lazy_ipis);
	out->switch_ipis = (unsigned long)atomic_long_read(&stats.switch_ipis);
}

int tlb_init(void)
{
	tlb_residency = mmap(NULL, max_pfn * sizeof(*tlb_residency),
			     PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			     -1, 0);
	if (tlb_residency != MAP_FAILED)
		return 0;
	tlb_residency = NULL;
	return -ENOMEM;
}

void tlb_exit(void)
{
	if (tlb_residency)
		munmap(tlb_residency, max_pfn * sizeof(*tlb_residency));
	tlb_residency = NULL;
}
