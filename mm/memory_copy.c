// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory_copy.c - copy_page_range(): what fork spends its time on
 *
 * The child's ptl is held throughout, but for the places where it is dropped
 * to allocate a table or to let others in (FORK-60); the parent's is nested
 * inside it, one page-table page at a time (LOCK-9).  Upper levels of the
 * parent are read without its ptl: W(mmap_sem) keeps them (CPR-2).
 */
#include "mm/memory_copy.h"

#include <errno.h>

#include "mm/memory.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "mm/rmap.h"
#include "mm/swapfile.h"
#include "mm/vma.h"

/* The part of the child's VMA that is being copied. */
struct copy_range {
	const struct vm_area_struct *vma;
	uaddr_t addr, end;
};

/* Pages copied from one page-table page. */
struct copy_count {
	unsigned long rss, anon_rss;
};

/* CPR-6, lower half; CPR-9: count, then list, then PTE. */
static __noinline void copy_absent_pte(struct mm_struct *dst,
				       struct mm_struct *src, pte_t *dst_pte,
				       pte_t pte)
	__must_hold(&dst->page_table_lock) __must_hold(&src->page_table_lock)
{
	if (!pte_file(pte)) {
		/* DEF-24: a count that sticks is no reason to fail a fork. */
		(void)swap_duplicate(pte_to_swp_entry(pte));
		mmlist_add(dst, src);
	}
	set_pte(dst_pte, pte);
}

/*
 * CPR-7, in its order.  ptep_set_wrprotect() costs a locked instruction:
 * only for those that have RW.
 */
static inline void copy_present_pte(pte_t *dst_pte, pte_t *src_pte, pte_t pte,
				    unsigned long vm_flags,
				    struct copy_count *count)
{
	struct page *page = pte_page(pte);

	if (unlikely(!page || PageReserved(page))) {
		set_pte(dst_pte, pte);
		return;
	}
	if (is_cow_mapping(vm_flags) && pte_write(pte)) {
		ptep_set_wrprotect(src_pte);
		pte = ptep_get(src_pte);
	}
	if (vm_flags & VM_SHARED)
		pte = pte_mkclean(pte);
	get_page(page);
	count->rss++;
	if (PageAnon(page))
		count->anon_rss++;
	set_pte(dst_pte, pte_mkold(pte));
	page_dup_rmap(page);
}

/* CPR-4. */
static int copy_pte_range(struct mm_struct *dst, struct mm_struct *src,
			  pmd_t *dst_pmd, pmd_t *src_pmd,
			  const struct copy_range *r)
	__must_hold(&src->mmap_sem) __must_hold(&dst->page_table_lock)
{
	unsigned long vm_flags = r->vma->vm_flags;
	struct copy_count count = { 0, 0 };
	pte_t *dst_pte, *src_pte, *last;

	dst_pte = pte_alloc_map(dst, dst_pmd, r->addr);
	if (!dst_pte)
		return -ENOMEM;
	src_pte = pte_offset(src_pmd, r->addr);
	last = src_pte + ((r->end - r->addr) >> PAGE_SHIFT);

	spin_lock_nested(&src->page_table_lock, 1);
	for (; src_pte < last; src_pte++, dst_pte++) {
		pte_t pte = ptep_get(src_pte);

		if (pte_none(pte))
			continue;
		if (likely(pte_present(pte)))
			copy_present_pte(dst_pte, src_pte, pte, vm_flags,
					 &count);
		else
			copy_absent_pte(dst, src, dst_pte, pte);
	}
	spin_unlock(&src->page_table_lock);

	WRITE_ONCE(dst->rss, dst->rss + count.rss);
	dst->anon_rss += count.anon_rss;
	cond_resched_lock(&dst->page_table_lock);
	return 0;
}

static int copy_pmd_range(struct mm_struct *dst, struct mm_struct *src,
			  pud_t *dst_pud, pud_t *src_pud,
			  const struct copy_range *r)
	__must_hold(&src->mmap_sem) __must_hold(&dst->page_table_lock)
{
	struct copy_range part = *r;
	pmd_t *dst_pmd, *src_pmd;

	dst_pmd = pmd_alloc(dst, dst_pud, r->addr);
	if (!dst_pmd)
		return -ENOMEM;
	src_pmd = pmd_offset(src_pud, r->addr);
	for (; part.addr != r->end; part.addr = part.end) {
		part.end = pmd_addr_end(part.addr, r->end);
		if (!pmd_none_or_clear_bad(src_pmd) &&
		    copy_pte_range(dst, src, dst_pmd, src_pmd, &part))
			return -ENOMEM;
		dst_pmd++;
		src_pmd++;
	}
	return 0;
}

static int copy_pud_range(struct mm_struct *dst, struct mm_struct *src,
			  pgd_t *dst_pgd, pgd_t *src_pgd,
			  const struct copy_range *r)
	__must_hold(&src->mmap_sem) __must_hold(&dst->page_table_lock)
{
	struct copy_range part = *r;
	pud_t *dst_pud, *src_pud;

	dst_pud = pud_alloc(dst, dst_pgd, r->addr);
	if (!dst_pud)
		return -ENOMEM;
	src_pud = pud_offset(src_pgd, r->addr);
	for (; part.addr != r->end; part.addr = part.end) {
		part.end = pud_addr_end(part.addr, r->end);
		if (!pud_none_or_clear_bad(src_pud) &&
		    copy_pmd_range(dst, src, dst_pud, src_pud, &part))
			return -ENOMEM;
		dst_pud++;
		src_pud++;
	}
	return 0;
}

int copy_page_range(struct mm_struct *dst, struct mm_struct *src,
		    struct vm_area_struct *vma)
{
	struct copy_range part = { .vma = vma, .addr = vma->vm_start };
	pgd_t *dst_pgd, *src_pgd;

	lockdep_assert_held_write(&src->mmap_sem);
	dst_pgd = pgd_offset(dst, part.addr);
	src_pgd = pgd_offset(src, part.addr);
	for (; part.addr != vma->vm_end; part.addr = part.end) {
		part.end = pgd_addr_end(part.addr, vma->vm_end);
		if (!pgd_none_or_clear_bad(src_pgd) &&
		    copy_pud_range(dst, src, dst_pgd, src_pgd, &part))
			return -ENOMEM;
		dst_pgd++;
		src_pgd++;
	}
	return 0;
}
