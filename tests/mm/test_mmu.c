// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/mmu.h"
#include "tests/mm/machine_util.h"

TestSuite(mmu, .timeout = 20);

/* Page 0 of a fresh table, reached through touch(); then set as wanted. */
static pte_t *pte_of_page_0(pteval_t flags)
{
	pte_t *p;

	draw("W");
	touch(0, 1);
	p = mmu_walk(current->mm->pgd, AT(0));
	p->pte = (p->pte & PTE_PFN_MASK) | flags;
	flush_tlb_mm(current->mm);
	return p;
}

static int access(uaddr_t addr, unsigned int how)
{
	struct cpu *cpu = this_cpu();
	void *host;
	int error;

	cpu_irq_lock(cpu);
	error = mmu_translate(cpu, addr, how, &host);
	cpu_irq_unlock(cpu);
	return error;
}

struct access_case {
	const char *what;
	pteval_t flags;
	unsigned int how;
	int error; /* FLT-1, or -1 */
	pteval_t set; /* bits the processor sets */
};

#define URO (_PAGE_PRESENT | _PAGE_USER)
#define URW (URO | _PAGE_RW)

static const struct access_case cases[] = {
	{ "read", URO, PF_ERR_USER, -1, _PAGE_ACCESSED },
	{ "write", URW, PF_ERR_USER | PF_ERR_WRITE, -1,
	  _PAGE_ACCESSED | _PAGE_DIRTY },
	{ "write to read only", URO, PF_ERR_USER | PF_ERR_WRITE, 7, 0 },
	{ "kernel's write to read only", URO, PF_ERR_WRITE, 3, 0 },
	{ "read of a supervisor page", _PAGE_PRESENT | _PAGE_RW, PF_ERR_USER,
	  5, 0 },
	{ "read of PROTNONE", _PAGE_PROTNONE, PF_ERR_USER, 4, 0 },
	{ "write to PROTNONE", _PAGE_PROTNONE, PF_ERR_USER | PF_ERR_WRITE,
	  6, 0 },
	{ "kernel's read of nothing", 0, 0, 0, 0 },
};

MACHINE_TEST(mmu, accesses)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct access_case *c = &cases[i];
		pte_t *p = pte_of_page_0(c->flags);
		pteval_t before = p->pte;

		cr_expect_eq(access(AT(0), c->how), c->error, "%s: %d",
			     c->what, access(AT(0), c->how));
		cr_expect_eq(p->pte, before | c->set, "%s", c->what);
		cr_expect_eq(cached(0, AT(0)), c->error == -1, "%s", c->what);
		p->pte = (before & PTE_PFN_MASK) | PAGE_SHARED;
		flush_tlb_mm(current->mm);
	}
}

#ifndef GEOMETRY_I386
MACHINE_TEST(mmu, no_execution)
{
	pte_t *p = pte_of_page_0(URO | _PAGE_NX);

	cr_expect_eq(access(AT(0), PF_ERR_USER | PF_ERR_EXEC),
		     PF_ERR_USER | PF_ERR_EXEC | PF_ERR_PROT);
	set_pte(p, pte_mkexec(*p));
	cr_expect_eq(access(AT(0), PF_ERR_USER | PF_ERR_EXEC), -1);
}
#endif

/* A translation for reading does not do for the first write: D is due. */
MACHINE_TEST(mmu, first_write_sets_dirty)
{
	pte_t *p = pte_of_page_0(URW);

	cr_expect_eq(access(AT(0), PF_ERR_USER), -1);
	cr_expect_not(pte_dirty(*p));
	cr_expect_eq(access(AT(0), PF_ERR_USER | PF_ERR_WRITE), -1);
	cr_expect(pte_dirty(*p));
}

/* B-9: what is cached is used, whatever the page table says by now. */
MACHINE_TEST(mmu, stale_translation_is_used)
{
	pte_t *p = pte_of_page_0(URW);

	cr_expect_eq(access(AT(0), PF_ERR_USER | PF_ERR_WRITE), -1);
	ptep_set_wrprotect(p);
	cr_expect_eq(access(AT(0), PF_ERR_USER | PF_ERR_WRITE), -1);
	flush_tlb_mm(current->mm);
	cr_expect_eq(access(AT(0), PF_ERR_USER | PF_ERR_WRITE), 7);
	set_pte(p, pte_mkwrite(*p));
}

MACHINE_TEST(mmu, outside_user_space)
{
	cr_expect_eq(access(TASK_SIZE, PF_ERR_USER), PF_ERR_USER);
	cr_expect_eq(access(AT(0), PF_ERR_USER), PF_ERR_USER, "no table");
}
