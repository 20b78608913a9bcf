/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pgtable.h - page tables in the processor's own format, two geometries
 *
 * Tables live in frames.  With two levels (i386) the pud and the pmd are the
 * directory word itself: predicates of the folded levels are constant
 * (OBJ-10).  With four levels (x86_64) each level has its own page.
 *
 * Who reads what how: the processor's walker and lockless readers load with
 * acquire (the _lockless forms), holders of the ptl relaxed (ptep_get(): the
 * hardware sets A and D at any time, OBJ-12).  Stores release, so that a
 * reader finds the page behind the word complete.
 */
#ifndef MM_PGTABLE_H
#define MM_PGTABLE_H

#include "mm/mm_types.h"
#include "mm/page.h"

/* ---- bits of an entry (OBJ-11) ---------------------------------------- */

#define _PAGE_PRESENT ((pteval_t)0x001)
#define _PAGE_RW ((pteval_t)0x002)
#define _PAGE_USER ((pteval_t)0x004)
#define _PAGE_ACCESSED ((pteval_t)0x020)
#define _PAGE_DIRTY ((pteval_t)0x040)
#define _PAGE_FILE ((pteval_t)0x040) /* not present: nonlinear offset */
#define _PAGE_PSE ((pteval_t)0x080)
#define _PAGE_PROTNONE ((pteval_t)0x080) /* mapped but inaccessible */
#define _PAGE_GLOBAL ((pteval_t)0x100)
#ifdef GEOMETRY_I386
#define _PAGE_NX ((pteval_t)0)
#define PTE_PFN_MASK ((pteval_t)0xfffff000)
#else
#define _PAGE_NX ((pteval_t)1 << 63)
#define PTE_PFN_MASK ((pteval_t)0x000ffffffffff000)
#endif

#define _KERNPG_TABLE \
	(_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)
#define _PAGE_TABLE (_KERNPG_TABLE | _PAGE_USER)
#define _PAGE_CHG_MASK (PTE_PFN_MASK | _PAGE_ACCESSED | _PAGE_DIRTY)

/* Protections of user pages; private ones never grant RW (OBJ-13). */
#define PAGE_NONE (_PAGE_PROTNONE | _PAGE_ACCESSED)
#define PAGE_READONLY_EXEC (_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED)
#define PAGE_READONLY (PAGE_READONLY_EXEC | _PAGE_NX)
#define PAGE_COPY PAGE_READONLY
#define PAGE_COPY_EXEC PAGE_READONLY_EXEC
#define PAGE_SHARED (PAGE_READONLY | _PAGE_RW)
#define PAGE_SHARED_EXEC (PAGE_READONLY_EXEC | _PAGE_RW)

/* By VM_READ | VM_WRITE | VM_EXEC | VM_SHARED. */
extern const pteval_t protection_map[16];

/* ---- words ------------------------------------------------------------ */

#define pgd_val(x) ((x).pgd)
#define pud_val(x) ((x).pud)
#define pmd_val(x) ((x).pmd)
#define pte_val(x) ((x).pte)
#define __pgd(v) ((pgd_t){ (v) })
#define __pud(v) ((pud_t){ (v) })
#define __pmd(v) ((pmd_t){ (v) })
#define __pte(v) ((pte_t){ (v) })

/* Relaxed loads: under the ptl. */
#define pgd_get(p) __pgd(READ_ONCE((p)->pgd))
#define pud_get(p) __pud(READ_ONCE((p)->pud))
#define pmd_get(p) __pmd(READ_ONCE((p)->pmd))
#define ptep_get(p) __pte(READ_ONCE((p)->pte))
/* Acquire loads: without it. */
#define pgd_get_lockless(p) __pgd(smp_load_acquire(&(p)->pgd))
#define pud_get_lockless(p) __pud(smp_load_acquire(&(p)->pud))
#define pmd_get_lockless(p) __pmd(smp_load_acquire(&(p)->pmd))
#define ptep_get_lockless(p) __pte(smp_load_acquire(&(p)->pte))

#define set_pgd(p, v) smp_store_release(&(p)->pgd, pgd_val(v))
#define set_pud(p, v) smp_store_release(&(p)->pud, pud_val(v))
#define set_pmd(p, v) smp_store_release(&(p)->pmd, pmd_val(v))
#define set_pte(p, v) smp_store_release(&(p)->pte, pte_val(v))

/* What a table word must look like, apart from the address (OBJ-10). */
static inline bool __table_bad(pteval_t v)
{
	return (v & ~PTE_PFN_MASK & ~_PAGE_USER) != _KERNPG_TABLE;
}

static inline void *__table_address(pteval_t v)
{
	return mem_base + (v & PTE_PFN_MASK);
}

/* ---- indices and levels ----------------------------------------------- */

#define pgd_index(a) (((a) >> PGDIR_SHIFT) & (PTRS_PER_PGD - 1))
#define pte_index(a) (((a) >> PAGE_SHIFT) & (PTRS_PER_PTE - 1))
#define pgd_offset(mm, a) ((mm)->pgd + pgd_index(a))

/* End of the part of [@a, @end) within one slot of a level. */
static inline uaddr_t pgd_addr_end(uaddr_t a, uaddr_t end)
{
	uaddr_t next = (a + PGDIR_SIZE) & PGDIR_MASK;

	return next - 1 < end - 1 ? next : end;
}

static inline uaddr_t pud_addr_end(uaddr_t a, uaddr_t end)
{
	uaddr_t next = (a + PUD_SIZE) & PUD_MASK;

	return next - 1 < end - 1 ? next : end;
}

static inline uaddr_t pmd_addr_end(uaddr_t a, uaddr_t end)
{
	uaddr_t next = (a + PMD_SIZE) & PMD_MASK;

	return next - 1 < end - 1 ? next : end;
}

#ifdef GEOMETRY_I386
/* Folded: the directory word is tested and written as the pmd. */
#define __PGTABLE_PUD_FOLDED 1
#define __PGTABLE_PMD_FOLDED 1

static inline bool pgd_none(pgd_t v)
{
	(void)v;
	return false;
}

static inline bool pgd_bad(pgd_t v)
{
	(void)v;
	return false;
}

static inline bool pgd_present(pgd_t v)
{
	(void)v;
	return true;
}

static inline bool pud_none(pud_t v)
{
	(void)v;
	return false;
}

static inline bool pud_bad(pud_t v)
{
	(void)v;
	return false;
}

static inline bool pud_present(pud_t v)
{
	(void)v;
	return true;
}

static inline void pgd_clear(pgd_t *p)
{
	(void)p;
}

static inline void pud_clear(pud_t *p)
{
	(void)p;
}

static inline pud_t *pud_offset(pgd_t *p, uaddr_t a)
{
	(void)a;
	return (pud_t *)p;
}

static inline pmd_t *pmd_offset(pud_t *p, uaddr_t a)
{
	(void)a;
	return (pmd_t *)p;
}

/* No tables of their own: nothing to link, nothing behind the word. */
static inline void pgd_populate(pgd_t *p, struct page *table)
{
	(void)p;
	(void)table;
}

static inline void pud_populate(pud_t *p, struct page *table)
{
	(void)p;
	(void)table;
}

static inline struct page *pgd_page(pgd_t v)
{
	(void)v;
	return NULL;
}

static inline struct page *pud_page(pud_t v)
{
	(void)v;
	return NULL;
}

/* The walker's form of the same: here there is nothing to load. */
#define pud_offset_lockless(p, a) pud_offset((p), (a))
#define pmd_offset_lockless(p, a) pmd_offset((p), (a))
#else
#define __PGTABLE_PUD_FOLDED 0
#define __PGTABLE_PMD_FOLDED 0

#define pud_index(a) (((a) >> PUD_SHIFT) & (PTRS_PER_PUD - 1))
#define pmd_index(a) (((a) >> PMD_SHIFT) & (PTRS_PER_PMD - 1))

static inline bool pgd_none(pgd_t v)
{
	return !pgd_val(v);
}

static inline bool pgd_bad(pgd_t v)
{
	return __table_bad(pgd_val(v));
}

static inline bool pgd_present(pgd_t v)
{
	return pgd_val(v) & _PAGE_PRESENT;
}

static inline bool pud_none(pud_t v)
{
	return !pud_val(v);
}

static inline bool pud_bad(pud_t v)
{
	return __table_bad(pud_val(v));
}

static inline bool pud_present(pud_t v)
{
	return pud_val(v) & _PAGE_PRESENT;
}

static inline void pgd_clear(pgd_t *p)
{
	set_pgd(p, __pgd(0));
}

static inline void pud_clear(pud_t *p)
{
	set_pud(p, __pud(0));
}

static inline pud_t *pud_offset(pgd_t *p, uaddr_t a)
{
	return (pud_t *)__table_address(READ_ONCE(p->pgd)) + pud_index(a);
}

static inline pmd_t *pmd_offset(pud_t *p, uaddr_t a)
{
	return (pmd_t *)__table_address(READ_ONCE(p->pud)) + pmd_index(a);
}

static inline pud_t *pud_offset_lockless(pgd_t *p, uaddr_t a)
{
	pteval_t v = smp_load_acquire(&p->pgd);

	return (pud_t *)__table_address(v) + pud_index(a);
}

static inline pmd_t *pmd_offset_lockless(pud_t *p, uaddr_t a)
{
	pteval_t v = smp_load_acquire(&p->pud);

	return (pmd_t *)__table_address(v) + pmd_index(a);
}

/* Link a table page of the next level; it must be complete. */
static inline void pgd_populate(pgd_t *p, struct page *table)
{
	set_pgd(p, __pgd(((pteval_t)page_to_pfn(table) << PAGE_SHIFT) |
			 _PAGE_TABLE));
}

static inline void pud_populate(pud_t *p, struct page *table)
{
	set_pud(p, __pud(((pteval_t)page_to_pfn(table) << PAGE_SHIFT) |
			 _PAGE_TABLE));
}

/* The table page behind a present word. */
static inline struct page *pgd_page(pgd_t v)
{
	return pfn_to_page((pgd_val(v) & PTE_PFN_MASK) >> PAGE_SHIFT);
}

static inline struct page *pud_page(pud_t v)
{
	return pfn_to_page((pud_val(v) & PTE_PFN_MASK) >> PAGE_SHIFT);
}
#endif

static inline bool pmd_none(pmd_t v)
{
	return !pmd_val(v);
}

static inline bool pmd_present(pmd_t v)
{
	return pmd_val(v) & _PAGE_PRESENT;
}

static inline bool pmd_bad(pmd_t v)
{
	return __table_bad(pmd_val(v));
}

static inline void pmd_clear(pmd_t *p)
{
	set_pmd(p, __pmd(0));
}

static inline void pmd_populate(pmd_t *p, struct page *table)
{
	set_pmd(p, __pmd(((pteval_t)page_to_pfn(table) << PAGE_SHIFT) |
			 _PAGE_TABLE));
}

static inline struct page *pmd_page(pmd_t v)
{
	return pfn_to_page((pmd_val(v) & PTE_PFN_MASK) >> PAGE_SHIFT);
}

/* The entry of @a in the table behind a present pmd. */
static inline pte_t *pte_offset(pmd_t *p, uaddr_t a)
{
	return (pte_t *)__table_address(READ_ONCE(p->pmd)) + pte_index(a);
}

static inline pte_t *pte_offset_lockless(pmd_t *p, uaddr_t a)
{
	return (pte_t *)__table_address(smp_load_acquire(&p->pmd)) +
	       pte_index(a);
}

/* Nothing to map: all frames have a host address. */
#define pte_offset_map(p, a) pte_offset((p), (a))
#define pte_unmap(p) ((void)(p))

/**
 * pgd_none_or_clear_bad() - is there nothing below this word
 * @p: entry; a bad one is a finding and is cleared
 *
 * Context: the ptl.
 * Return: whether to skip the slot.
 */
bool pgd_none_or_clear_bad(pgd_t *p);
/** pud_none_or_clear_bad() - as pgd_none_or_clear_bad(). */
bool pud_none_or_clear_bad(pud_t *p);
/** pmd_none_or_clear_bad() - as pgd_none_or_clear_bad(). */
bool pmd_none_or_clear_bad(pmd_t *p);

/* ---- values of PTEs --------------------------------------------------- */

static inline bool pte_none(pte_t v)
{
	return !pte_val(v);
}

static inline bool pte_present(pte_t v)
{
	return pte_val(v) & (_PAGE_PRESENT | _PAGE_PROTNONE);
}

static inline bool pte_write(pte_t v)
{
	return pte_val(v) & _PAGE_RW;
}

static inline bool pte_user(pte_t v)
{
	return pte_val(v) & _PAGE_USER;
}

static inline bool pte_dirty(pte_t v)
{
	return pte_val(v) & _PAGE_DIRTY;
}

static inline bool pte_young(pte_t v)
{
	return pte_val(v) & _PAGE_ACCESSED;
}

static inline bool pte_exec(pte_t v)
{
	return pte_user(v) && !(pte_val(v) & _PAGE_NX);
}

/* Nonlinear file PTE: only asked of non-present, non-empty words. */
static inline bool pte_file(pte_t v)
{
	return pte_val(v) & _PAGE_FILE;
}

static inline bool pte_same(pte_t a, pte_t b)
{
	return pte_val(a) == pte_val(b);
}

static inline pte_t pte_mkwrite(pte_t v)
{
	return __pte(pte_val(v) | _PAGE_RW);
}

static inline pte_t pte_wrprotect(pte_t v)
{
	return __pte(pte_val(v) & ~_PAGE_RW);
}

static inline pte_t pte_mkdirty(pte_t v)
{
	return __pte(pte_val(v) | _PAGE_DIRTY);
}

static inline pte_t pte_mkclean(pte_t v)
{
	return __pte(pte_val(v) & ~_PAGE_DIRTY);
}

static inline pte_t pte_mkyoung(pte_t v)
{
	return __pte(pte_val(v) | _PAGE_ACCESSED);
}

static inline pte_t pte_mkold(pte_t v)
{
	return __pte(pte_val(v) & ~_PAGE_ACCESSED);
}

static inline pte_t pte_mkexec(pte_t v)
{
	return __pte(pte_val(v) & ~_PAGE_NX);
}

static inline pte_t pte_modify(pte_t v, pteval_t prot)
{
	return __pte((pte_val(v) & _PAGE_CHG_MASK) | prot);
}

static inline unsigned long pte_pfn(pte_t v)
{
	return (pte_val(v) & PTE_PFN_MASK) >> PAGE_SHIFT;
}

/* The page a present PTE maps, NULL if it is no memory of ours. */
static inline struct page *pte_page(pte_t v)
{
	unsigned long pfn = pte_pfn(v);

	return likely(pfn_valid(pfn)) ? pfn_to_page(pfn) : NULL;
}

static inline pte_t pfn_pte(unsigned long pfn, pteval_t prot)
{
	return __pte(((pteval_t)pfn << PAGE_SHIFT) | prot);
}

static inline pte_t mk_pte(const struct page *page, pteval_t prot)
{
	return pfn_pte(page_to_pfn(page), prot);
}

/* ---- changing PTEs (OBJ-12, OBJ-14); all under the ptl ---------------- */

#define pte_clear(p) set_pte((p), __pte(0))

static inline pte_t ptep_get_and_clear(pte_t *p)
{
	return __pte(xchg(&p->pte, (pteval_t)0));
}

static inline void ptep_set_wrprotect(pte_t *p)
{
	__atomic_fetch_and(&p->pte, ~_PAGE_RW, __ATOMIC_SEQ_CST);
}

static inline bool ptep_test_and_clear_young(pte_t *p)
{
	return __atomic_fetch_and(&p->pte, ~_PAGE_ACCESSED,
				  __ATOMIC_SEQ_CST) & _PAGE_ACCESSED;
}

static inline bool ptep_test_and_clear_dirty(pte_t *p)
{
	return __atomic_fetch_and(&p->pte, ~_PAGE_DIRTY, __ATOMIC_SEQ_CST) &
	       _PAGE_DIRTY;
}

/**
 * ptep_set_access_flags() - widen the rights of a present PTE
 * @vma: its VMA
 * @addr: its address
 * @p: PTE
 * @entry: new word, same frame
 * @dirty: store and flush one page; else nothing is done (OBJ-14)
 *
 * Context: the ptl; interrupts enabled.
 */
void ptep_set_access_flags(struct vm_area_struct *vma, uaddr_t addr,
			   pte_t *p, pte_t entry, bool dirty);

/**
 * ptep_establish() - replace a PTE by one of another page
 * @vma: its VMA
 * @addr: its address
 * @p: PTE
 * @entry: new word
 *
 * Context: the ptl; interrupts enabled.
 */
void ptep_establish(struct vm_area_struct *vma, uaddr_t addr, pte_t *p,
		    pte_t entry);

/**
 * ptep_clear_flush() - fetch, clear, flush the page
 * @vma: its VMA
 * @addr: its address
 * @p: PTE
 *
 * Context: the ptl; interrupts enabled.
 * Return: the word until now.
 */
pte_t ptep_clear_flush(struct vm_area_struct *vma, uaddr_t addr, pte_t *p);

/**
 * ptep_clear_flush_young() - clear ACCESSED, flush the page if it was set
 * @vma: its VMA
 * @addr: its address
 * @p: PTE
 *
 * Context: the ptl; interrupts enabled.
 * Return: whether it was set.
 */
bool ptep_clear_flush_young(struct vm_area_struct *vma, uaddr_t addr,
			    pte_t *p);

/* ---- not-present words: swap entries and file offsets (OBJ-11) -------- */

#define SWP_TYPE_BITS 5
#define MAX_SWAPFILES (1 << SWP_TYPE_BITS)

typedef struct {
	unsigned long val; /* offset << SWP_TYPE_BITS | type */
} swp_entry_t;

static inline swp_entry_t swp_entry(unsigned int type, unsigned long offset)
{
	return (swp_entry_t){ (offset << SWP_TYPE_BITS) | type };
}

static inline unsigned int swp_type(swp_entry_t e)
{
	return e.val & (MAX_SWAPFILES - 1);
}

static inline unsigned long swp_offset(swp_entry_t e)
{
	return e.val >> SWP_TYPE_BITS;
}

/* Type in bits 1 to 5, offset from bit 8 on; bits 0, 6 and 7 are zero. */
static inline pte_t swp_entry_to_pte(swp_entry_t e)
{
	return __pte(((pteval_t)swp_type(e) << 1) |
		     ((pteval_t)swp_offset(e) << 8));
}

static inline swp_entry_t pte_to_swp_entry(pte_t v)
{
	return swp_entry((pte_val(v) >> 1) & (MAX_SWAPFILES - 1),
			 pte_val(v) >> 8);
}

/* Bit 6 set, 0 and 7 clear; offset bits 0..4 in 1..5, the rest from 8 on. */
static inline pte_t pgoff_to_pte(pgoff_t off)
{
	return __pte(((pteval_t)(off & 0x1f) << 1) |
		     ((pteval_t)(off >> 5) << 8) | _PAGE_FILE);
}

static inline pgoff_t pte_to_pgoff(pte_t v)
{
	return ((pte_val(v) >> 1) & 0x1f) | ((pgoff_t)(pte_val(v) >> 8) << 5);
}

#ifdef GEOMETRY_I386
#define PTE_FILE_MAX_BITS 29
#else
#define PTE_FILE_MAX_BITS 57
#endif

/* ---- directories and table pages -------------------------------------- */

/* The kernel's own directory: nothing in its user half. */
extern pgd_t *swapper_pg_dir;

/**
 * pgtable_init() - swapper_pg_dir and the pgd cache
 *
 * Context: boot, after page_alloc_init().
 * Return: 0 or -ENOMEM.
 */
int pgtable_init(void);

/** pgtable_exit() - free them; pgds in use are a finding (INV-56). */
void pgtable_exit(void);

/**
 * pgd_alloc() - a directory with an empty user half
 * @mm: its owner, recorded for audits
 *
 * Context: may sleep; takes pgd_lock.
 * Return: directory or NULL.
 */
pgd_t *pgd_alloc(struct mm_struct *mm);

/**
 * pgd_free() - give a directory back to the cache
 * @pgd: its user half must be all zero (INV-22), no CPU may have it loaded
 *
 * It stays on pgd_list.  Context: any, scheduler's tail included; does not
 * sleep; takes pgd_lock.
 */
void pgd_free(pgd_t *pgd);

/**
 * pgd_list_check() - INV-22: every pgd is listed, cached ones are empty
 *
 * Context: interrupts on; takes pgd_lock.
 * Return: pgds on the list, in use or cached, without swapper_pg_dir.
 */
unsigned long pgd_list_check(void);

/** nr_pgds_in_use() - directories allocated and not freed; a snapshot. */
unsigned long nr_pgds_in_use(void);

/**
 * pgtable_page_alloc() - a zeroed page for a table below the directory
 *
 * Context: may sleep.
 * Return: page with PG_table and one reference, or NULL.
 */
struct page *pgtable_page_alloc(void);

/**
 * pgtable_page_free() - free a table page that no CPU can walk any more
 * @page: from pgtable_page_alloc()
 *
 * For pages that were never linked; linked ones go through the gather, whose
 * put_page() does the same.  Context: any.
 */
void pgtable_page_free(struct page *page);

/** pgtable_page_uncount() - the page allocator frees a page with PG_table. */
void pgtable_page_uncount(void);

/** nr_page_table_pages() - table pages allocated and not freed (INV-56). */
unsigned long nr_page_table_pages(void);

#endif /* MM_PGTABLE_H */
