/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlb.h - the emulated TLBs, and flushing them
 *
 * Everything in struct tlb and the page-table base belong to the CPU's
 * interrupt lock (I): its own task takes it for each access, an IPI handler
 * runs under it.  So a walk with its insertion is atomic against the
 * acknowledgement of a flush (TLB-25), and an acknowledged flush orders all
 * accesses made through the old translation before it (ORD-23).
 *
 * Two oracles watch the protocol.  Each frame has a counter of the TLB
 * entries that map it: a frame must not be freed while it is not zero
 * (EXIT-38).  Each entry carries the flush sequence number of its insertion:
 * after flush_tlb_mm() no CPU may have an older one for that mm.
 */
#ifndef MM_TLB_H
#define MM_TLB_H

#include "mm/mm_types.h"

#define TLB_ENTRIES 256 /* power of two; direct mapped */

#define TLB_NO_VPN (~0UL) /* no address has this page number */

struct tlb_entry {
	unsigned long vpn; /* (I) page number of the address */
	pteval_t pte; /* (I) the word that was cached */
	unsigned int seq; /* (I) tlb_flush_seq at insertion */
};

#define TLB_RECENT 4

struct tlb {
	DECLARE_BITMAP(valid, TLB_ENTRIES); /* (I) */
	struct tlb_entry entry[TLB_ENTRIES]; /* (I) */
	/* (I) to write, (r) to read: page-table base, and whose it is */
	pgd_t *cr3;
	struct mm_struct *loaded_mm;
	/* (I) to write, (r) to read: pages filled last, for mmu_speculate() */
	uaddr_t recent[TLB_RECENT];
	unsigned long flushes, fills; /* (I) statistics */
};

/* cpu_tlbstate[c] of the reference (spec 0.10). */
enum { TLBSTATE_OK = 1, TLBSTATE_LAZY = 2 };

struct tlb_state {
	struct mm_struct *active_mm; /* (I) */
	int state; /* (I) */
};

/* Flush everything instead of one address. */
#define FLUSH_ALL 0xffffffffffffffffUL

/**
 * tlb_init() - make the residency counters
 *
 * Context: boot, after page_alloc_init().
 * Return: 0 or -ENOMEM.
 */
int tlb_init(void);

/** tlb_exit() - free them.  Context: nothing runs. */
void tlb_exit(void);

/**
 * tlb_lookup() - look an address up
 * @tlb: TLB of the caller's CPU
 * @addr: user address
 *
 * Context: the CPU's interrupt lock.
 * Return: the cached word, or 0.
 */
static inline pteval_t tlb_lookup(const struct tlb *tlb, uaddr_t addr)
{
	unsigned long vpn = addr >> PAGE_SHIFT;
	unsigned int i = vpn & (TLB_ENTRIES - 1);

	if (likely(tlb->entry[i].vpn == vpn))
		return tlb->entry[i].pte;
	return 0;
}

/**
 * tlb_insert() - cache a translation, evicting what was there
 * @tlb: TLB of the caller's CPU
 * @addr: user address
 * @pte: present word
 *
 * Context: the CPU's interrupt lock.
 */
void tlb_insert(struct tlb *tlb, uaddr_t addr, pteval_t pte);

/**
 * tlb_check_one_frame() - oracle: no other CPU has another frame there
 * @cpu: has just cached the translation
 * @addr: user address
 * @pte: what it maps to
 *
 * A PTE whose frame changes is cleared and flushed in between.  On machines
 * of more than four CPUs, one of several fills is checked.
 *
 * Context: @cpu's interrupt lock; tries those of others.
 */
void tlb_check_one_frame(struct cpu *cpu, uaddr_t addr, pteval_t pte);

/**
 * tlb_flush_local() - forget all translations of the CPU
 * @cpu: CPU
 *
 * Context: @cpu's interrupt lock.
 */
void tlb_flush_local(struct cpu *cpu);

/**
 * load_cr3() - load a page-table base, which flushes
 * @cpu: CPU
 * @mm: whose; &init_mm for swapper_pg_dir
 *
 * Context: @cpu's interrupt lock.
 */
void load_cr3(struct cpu *cpu, struct mm_struct *mm);

/**
 * leave_mm() - unload the page tables of the lazily held mm (TLB-13)
 * @cpu: CPU whose state is LAZY
 *
 * Context: @cpu's interrupt lock.
 */
void leave_mm(struct cpu *cpu);

/**
 * flush_tlb_mm() - flush everything of @mm on all CPUs (TLB-10)
 * @mm: address space
 *
 * Returns when every CPU in cpu_vm_mask has acknowledged.
 *
 * Context: a task on a CPU, interrupts enabled; ptl may be held.  Takes
 *	tlbstate_lock.
 */
void flush_tlb_mm(struct mm_struct *mm);

/**
 * flush_tlb_page() - as flush_tlb_mm() for one address
 * @vma: gives the mm
 * @addr: user address
 *
 * Context: as flush_tlb_mm().
 */
void flush_tlb_page(struct vm_area_struct *vma, uaddr_t addr);

/**
 * flush_tlb_range() - as flush_tlb_mm(), which it is (TLB-10)
 * @vma: gives the mm
 * @start: first address
 * @end: end of the range
 *
 * Context: as flush_tlb_mm().
 */
void flush_tlb_range(struct vm_area_struct *vma, uaddr_t start, uaddr_t end);

/** flush_tlb_all() - every CPU flushes, lazy ones leave (TLB-14). */
void flush_tlb_all(void);

/* Page-table pages went away in the range: nothing to do here (TLB-10). */
#define flush_tlb_pgtables(mm, start, end) \
	((void)(mm), (void)(start), (void)(end))

void __tlb_report_resident(unsigned long pfn);
extern uint16_t *tlb_residency; /* (a) by pfn: TLB entries that map it */

/**
 * tlb_assert_frame_unmapped() - finding if a CPU caches a way to the frame
 * @pfn: frame about to be freed
 *
 * Context: any.
 */
static inline void tlb_assert_frame_unmapped(unsigned long pfn)
{
	if (unlikely(READ_ONCE(tlb_residency[pfn])))
		__tlb_report_resident(pfn);
}

/**
 * tlb_assert_pgd_unloaded() - finding if a CPU has a directory loaded
 * @pgd: about to be freed (INV-24, INV-31)
 *
 * Context: any; the mm's last reference is gone.
 */
void tlb_assert_pgd_unloaded(const pgd_t *pgd);

/**
 * tlb_verify_mm() - compare all cached translations with the page tables
 * @mm: its page tables do not change meanwhile and no flush is due
 *
 * An entry may lack permissions that the page table grants, not the other
 * way round, and must name the same frame; else FINDING_TLB.
 *
 * Context: all other tasks stopped, or the only user of @mm.
 * Return: number of findings.
 */
int tlb_verify_mm(struct mm_struct *mm);

/* Sums over all CPUs; approximate while they run. */
struct tlb_stats {
	unsigned long ipis, mm_flushes, page_flushes, leaves;
	unsigned long lazy_ipis; /* for an mm the CPU only kept loaded */
	unsigned long switch_ipis; /* switch_mm() came after the mask was read */
};

/**
 * tlb_get_stats() - read the counters
 * @stats: where to
 *
 * Context: any.
 */
void tlb_get_stats(struct tlb_stats *stats);

#endif /* MM_TLB_H */
