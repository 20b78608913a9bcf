// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pgtable.c - directories and their cache, table pages, PTE operations
 *
 * 2.6.11: arch/i386/mm/pgtable.c.  A pgd is on pgd_list from its construction
 * to its destruction, in use or resting in the cache; a resting one has an
 * empty user half (INV-22).  In struct page of a pgd:
 *
 *	lru	(pgd_lock) link in pgd_list
 *	private	(pgd_lock) the mm that uses it, 0 while it rests
 *	index	(pgd_lock) pfn of the next one in the cache, 0 at its end
 */
#include <errno.h>
#include <string.h>

#include "mm/cpu.h"
#include "mm/fault_inject.h"
#include "mm/fork_mm.h"
#include "mm/lock_classes.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "mm/tlb.h"

#define PGD_CACHE_MAX 128

const pteval_t protection_map[16] = {
	/* private */
	PAGE_NONE, PAGE_READONLY, PAGE_COPY, PAGE_COPY,
	PAGE_READONLY_EXEC, PAGE_READONLY_EXEC,
	PAGE_COPY_EXEC, PAGE_COPY_EXEC,
	/* shared */
	PAGE_NONE, PAGE_READONLY, PAGE_SHARED, PAGE_SHARED,
	PAGE_READONLY_EXEC, PAGE_READONLY_EXEC,
	PAGE_SHARED_EXEC, PAGE_SHARED_EXEC,
};

pgd_t *swapper_pg_dir;

static DEFINE_SPINLOCK(pgd_lock, &pgd_class); /* irq */
static CDS_LIST_HEAD(pgd_list); /* pgd_lock */
static unsigned long pgd_cache; /* pgd_lock: pfn of the first one resting */
static unsigned int nr_cached; /* pgd_lock */
static unsigned long nr_in_use; /* pgd_lock write, (r) read */
static atomic_long_t nr_tables;

/* ---- directories ------------------------------------------------------ */

/* Plain reads: of a directory that nobody else may touch. */
static bool user_half_empty(const pgd_t *pgd)
{
	for (int i = 0; i < USER_PTRS_PER_PGD; i++)
		if (pgd[i].pgd)
			return false;
	return true;
}

/* A new pgd: kernel half copied, on the list. */
static struct page *pgd_ctor(void)
{
	struct page *page = get_zeroed_page(GFP_KERNEL);
	unsigned long flags;

	if (!page)
		return NULL;
	spin_lock_irqsave(&pgd_lock, flags);
	memcpy((pgd_t *)page_address(page) + USER_PTRS_PER_PGD,
	       swapper_pg_dir + USER_PTRS_PER_PGD,
	       (PTRS_PER_PGD - USER_PTRS_PER_PGD) * sizeof(pgd_t));
	cds_list_add(&page->lru, &pgd_list);
	spin_unlock_irqrestore(&pgd_lock, flags);
	return page;
}

/* Off the list; the caller frees the page.  pgd_lock held. */
static void pgd_dtor(struct page *page) __must_hold(&pgd_lock)
{
	cds_list_del(&page->lru);
	page->private = 0;
}

static struct page *pgd_cache_pop(void)
{
	struct page *page = NULL;
	unsigned long flags;

	spin_lock_irqsave(&pgd_lock, flags);
	if (pgd_cache) {
		page = pfn_to_page(pgd_cache);
		pgd_cache = page->index;
		nr_cached--;
	}
	spin_unlock_irqrestore(&pgd_lock, flags);
	return page;
}

pgd_t *pgd_alloc(struct mm_struct *mm)
{
	struct page *page;
	unsigned long flags;

	if (should_fail_alloc())
		return NULL;
	page = pgd_cache_pop();
	if (!page)
		page = pgd_ctor();
	if (!page)
		return NULL;
	spin_lock_irqsave(&pgd_lock, flags);
	page->private = (unsigned long)mm;
	WRITE_ONCE(nr_in_use, nr_in_use + 1);
	spin_unlock_irqrestore(&pgd_lock, flags);
	return page_address(page);
}

void pgd_free(pgd_t *pgd)
{
	struct page *page = virt_to_page(pgd);
	unsigned long flags;
	bool cache;

	if (unlikely(!user_half_empty(pgd))) {
		report_finding(FINDING_STRUCTURE,
			"pgd of mm %lx freed with entries in its user half",
			page->private);
		memset(pgd, 0, USER_PTRS_PER_PGD * sizeof(*pgd));
	}
	tlb_assert_pgd_unloaded(pgd);
	spin_lock_irqsave(&pgd_lock, flags);
	page->private = 0;
	WRITE_ONCE(nr_in_use, nr_in_use - 1);
	cache = nr_cached < PGD_CACHE_MAX;
	if (cache) {
		page->index = pgd_cache;
		pgd_cache = page_to_pfn(page);
		nr_cached++;
	} else {
		pgd_dtor(page);
	}
	spin_unlock_irqrestore(&pgd_lock, flags);
	if (!cache)
		__free_page(page);
}

unsigned long pgd_list_check(void)
{
	unsigned long flags, nr = 0;
	struct page *page;

	spin_lock_irqsave(&pgd_lock, flags);
	cds_list_for_each_entry(page, &pgd_list, lru) {
		nr++;
		if (!page->private && !user_half_empty(page_address(page)))
			report_finding(FINDING_STRUCTURE,
				"cached pgd %lx has entries in its user half",
				page_to_pfn(page));
	}
	if (nr != nr_in_use + nr_cached)
		report_finding(FINDING_STRUCTURE,
			"%lu pgds listed, %lu in use and %u cached", nr,
			nr_in_use, nr_cached);
	spin_unlock_irqrestore(&pgd_lock, flags);
	return nr;
}

unsigned long nr_pgds_in_use(void)
{
	return READ_ONCE(nr_in_use);
}

int pgtable_init(void)
{
	struct page *page = get_zeroed_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	swapper_pg_dir = page_address(page);
	return 0;
}

void pgtable_exit(void)
{
	struct page *page;

	if (nr_pgds_in_use() || nr_page_table_pages())
		report_finding(FINDING_LEAK,
			"%lu pgds and %lu page-table pages left",
			nr_pgds_in_use(), nr_page_table_pages());
	while ((page = pgd_cache_pop())) {
		unsigned long flags;

		spin_lock_irqsave(&pgd_lock, flags);
		pgd_dtor(page);
		spin_unlock_irqrestore(&pgd_lock, flags);
		__free_page(page);
	}
	if (swapper_pg_dir)
		__free_page(virt_to_page(swapper_pg_dir));
	swapper_pg_dir = NULL;
	CDS_INIT_LIST_HEAD(&pgd_list);
	nr_in_use = 0;
	atomic_long_set(&nr_tables, 0);
}

/* ---- tables below the directory --------------------------------------- */

struct page *pgtable_page_alloc(void)
{
	struct page *page = get_zeroed_page(GFP_KERNEL);

	if (!page)
		return NULL;
	SetPageTable(page);
	atomic_long_inc(&nr_tables);
	return page;
}

void pgtable_page_free(struct page *page)
{
	__free_page(page);
}

void pgtable_page_uncount(void)
{
	atomic_long_dec(&nr_tables);
}

unsigned long nr_page_table_pages(void)
{
	return (unsigned long)atomic_long_read(&nr_tables);
}

static void table_bad(const char *level, pteval_t v)
{
	report_finding(FINDING_STRUCTURE, "bad %s entry %llx", level,
		       (unsigned long long)v);
}

bool pgd_none_or_clear_bad(pgd_t *p)
{
	pgd_t v = pgd_get(p);

	if (pgd_none(v))
		return true;
	if (likely(!pgd_bad(v)))
		return false;
	table_bad("pgd", pgd_val(v));
	pgd_clear(p);
	return true;
}

bool pud_none_or_clear_bad(pud_t *p)
{
	pud_t v = pud_get(p);

	if (pud_none(v))
		return true;
	if (likely(!pud_bad(v)))
		return false;
	table_bad("pud", pud_val(v));
	pud_clear(p);
	return true;
}

bool pmd_none_or_clear_bad(pmd_t *p)
{
	pmd_t v = pmd_get(p);

	if (pmd_none(v))
		return true;
	if (likely(!pmd_bad(v)))
		return false;
	table_bad("pmd", pmd_val(v));
	pmd_clear(p);
	return true;
}

/* ---- PTEs (OBJ-14) ---------------------------------------------------- */

void ptep_set_access_flags(struct vm_area_struct *vma, uaddr_t addr,
			   pte_t *p, pte_t entry, bool dirty)
{
	if (!dirty)
		return;
	set_pte(p, entry);
	flush_tlb_page(vma, addr);
}

void ptep_establish(struct vm_area_struct *vma, uaddr_t addr, pte_t *p,
		    pte_t entry)
{
	/*
	 * 2.6.11 stores first: until the flush some CPUs see the old page and
	 * some the new one.  Without a PTE they fault, and wait for the ptl.
	 */
	ptep_clear_flush(vma, addr, p);
	set_pte(p, entry);
}

pte_t ptep_clear_flush(struct vm_area_struct *vma, uaddr_t addr, pte_t *p)
{
	pte_t old = ptep_get_and_clear(p);

	flush_tlb_page(vma, addr);
	return old;
}

bool ptep_clear_flush_young(struct vm_area_struct *vma, uaddr_t addr,
			    pte_t *p)
{
	bool young = ptep_test_and_clear_young(p);

	if (young)
		flush_tlb_page(vma, addr);
	return young;
}
