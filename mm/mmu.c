// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmu.c - the page walker
 *
 * It runs concurrently with everything the kernel does to the tables: upper
 * words and PTEs are loaded with acquire, A and D are set by an update that
 * fails if the PTE has changed (OBJ-12).
 */
#include "mm/cpu.h"
#include "mm/mmu.h"
#include "mm/pgtable.h"
#include "mm/tlb.h"

/* Up to here CPUs load ahead what any of them has used. */
#define SMALL_MACHINE 4

pte_t *mmu_walk(pgd_t *pgd, uaddr_t addr)
{
	pud_t *pud;
	pmd_t *pmd;

	pgd += pgd_index(addr);
	if (!pgd_present(pgd_get_lockless(pgd)))
		return NULL;
	pud = pud_offset_lockless(pgd, addr);
	if (!pud_present(pud_get_lockless(pud)))
		return NULL;
	pmd = pmd_offset_lockless(pud, addr);
	if (!pmd_present(pmd_get_lockless(pmd)))
		return NULL;
	return pte_offset_lockless(pmd, addr);
}

static inline bool allows(pteval_t v, unsigned int access)
{
	pteval_t need = _PAGE_PRESENT | _PAGE_USER;

	if (access & PF_ERR_WRITE)
		need |= _PAGE_RW;
	if ((v & need) != need)
		return false;
	return !(access & PF_ERR_EXEC) || !(v & _PAGE_NX);
}

/* Return: the word with A and D set, or 0 with the fault in *@error. */
static pteval_t load_pte(pte_t *p, unsigned int access, int *error)
{
	pteval_t used = _PAGE_ACCESSED;
	pteval_t v = pte_val(ptep_get_lockless(p));

	if (access & PF_ERR_WRITE)
		used |= _PAGE_DIRTY;
	do {
		if (!(v & _PAGE_PRESENT)) {
			*error = (int)access;
			return 0;
		}
		if (!allows(v, access)) {
			*error = (int)access | PF_ERR_PROT;
			return 0;
		}
		if ((v & used) == used)
			return v;
	} while (!__atomic_compare_exchange_n(&p->pte, &v, v | used, false,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_ACQUIRE));
	return v | used;
}

static __noinline pteval_t walk_and_fill(struct cpu *cpu, uaddr_t addr,
					 unsigned int access, int *error)
{
	pteval_t v;
	pte_t *p;

	*error = (int)access;
	if (addr >= TASK_SIZE)
		return 0;
	mm_bug_on(current->mm && cpu->tlb.loaded_mm != current->mm,
		  "CPU %d runs a task of mm %p on the tables of mm %p",
		  cpu->id, (void *)current->mm, (void *)cpu->tlb.loaded_mm);
	p = mmu_walk(cpu->tlb.cr3, addr);
	if (!p)
		return 0;
	v = load_pte(p, access, error);
	if (v) {
		WRITE_ONCE(cpu->tlb.recent[cpu->tlb.fills % TLB_RECENT], addr);
		tlb_insert(&cpu->tlb, addr, v);
		tlb_check_one_frame(cpu, addr, v);
	}
	return v;
}

static void speculate(struct cpu *cpu, uaddr_t addr)
{
	const pteval_t need = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED;
	pte_t *p = addr ? mmu_walk(cpu->tlb.cr3, addr) : NULL;
	pteval_t v = p ? pte_val(ptep_get_lockless(p)) : 0;

	if ((v & need) == need)
		tlb_insert(&cpu->tlb, addr, v);
}

void mmu_speculate(struct cpu *cpu)
{
	struct cpu *other;

	for_each_online_cpu(other) {
		if (other != cpu && nr_cpu_ids > SMALL_MACHINE)
			continue;
		for (int i = 0; i < TLB_RECENT; i++)
			speculate(cpu, READ_ONCE(other->tlb.recent[i]));
	}
}

int mmu_translate(struct cpu *cpu, uaddr_t addr, unsigned int access,
		  void **host)
{
	pteval_t v = tlb_lookup(&cpu->tlb, addr);
	int error = 0;

	/* Too few rights, or the first write: look at the tables again. */
	if (!allows(v, access) ||
	    ((access & PF_ERR_WRITE) && !(v & _PAGE_DIRTY))) {
		v = walk_and_fill(cpu, addr, access, &error);
		if (!v)
			return error;
	}
	*host = mem_base + (v & PTE_PFN_MASK) + (addr & ~PAGE_MASK);
	return -1;
}
