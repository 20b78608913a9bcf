// SPDX-License-Identifier: GPL-2.0-or-later
/* pagewalk.c - find entries of page tables, skipping what is not there */
#include "mm/pagewalk.h"

#include "mm/pgtable.h"

pmd_t *walk_pmd(struct mm_struct *mm, uaddr_t addr, uaddr_t end, uaddr_t *next)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	pud_t *pud;
	pmd_t *pmd;

	*next = pgd_addr_end(addr, end);
	if (!pgd_present(pgd_get(pgd)))
		return NULL;
	pud = pud_offset(pgd, addr);
	*next = pud_addr_end(addr, end);
	if (!pud_present(pud_get(pud)))
		return NULL;
	pmd = pmd_offset(pud, addr);
	*next = pmd_addr_end(addr, end);
	return pmd_present(pmd_get(pmd)) ? pmd : NULL;
}

pte_t *walk_pte(struct mm_struct *mm, uaddr_t addr)
{
	uaddr_t next;
	pmd_t *pmd = walk_pmd(mm, addr, TASK_SIZE, &next);

	return pmd ? pte_offset(pmd, addr) : NULL;
}
