// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory.c - page tables grow, faults fill them
 *
 * FLT-16: each handler starts with the word it found under ptl, drops ptl to
 * allocate or to sleep, and goes on only if the word is still the same.
 * Others may have filled the slot meanwhile (faulting threads share
 * R(mmap_sem)) or emptied it (reclaim, truncation); then it drops what it
 * prepared and lets the instruction retry.  Tables stay: they go under
 * W(mmap_sem) only, so a pointer to a PTE survives the gap.
 */
#include "mm/memory.h"

#include <errno.h>

#include "mm/filemap.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "mm/rmap.h"
#include "mm/sched.h"
#include "mm/swap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/thrash.h"
#include "mm/uaccess.h"
#include "mm/vma.h"

static struct {
	atomic_long_t truncated, cow_lost, cow_held, swapins, swapins_stale;
} stats;

void fault_get_stats(struct fault_stats *out)
{
	out->truncated = (unsigned long)atomic_long_read(&stats.truncated);
	out->cow_lost = (unsigned long)atomic_long_read(&stats.cow_lost);
	out->cow_held = (unsigned long)atomic_long_read(&stats.cow_held);
	out->swapins = (unsigned long)atomic_long_read(&stats.swapins);
	out->swapins_stale =
		(unsigned long)atomic_long_read(&stats.swapins_stale);
}

/* A fault being handled. */
struct fault {
	struct vm_area_struct *vma;
	uaddr_t addr; /* page aligned */
	pte_t *ptep;
	pte_t entry; /* the word it started from */
	bool write;
};

/* ---- Growing page tables (CPR-3) -------------------------------------- */

pud_t *pud_alloc(struct mm_struct *mm, pgd_t *pgd, uaddr_t addr)
{
	struct page *new;

	if (!pgd_present(pgd_get(pgd))) {
		spin_unlock(&mm->page_table_lock);
		new = pgtable_page_alloc();
		spin_lock(&mm->page_table_lock);
		if (!new)
			return NULL;
		if (pgd_present(pgd_get(pgd)))
			pgtable_page_free(new);
		else
			pgd_populate(pgd, new);
	}
	return pud_offset(pgd, addr);
}

pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud, uaddr_t addr)
{
	struct page *new;

	if (!pud_present(pud_get(pud))) {
		spin_unlock(&mm->page_table_lock);
		new = pgtable_page_alloc();
		spin_lock(&mm->page_table_lock);
		if (!new)
			return NULL;
		if (pud_present(pud_get(pud)))
			pgtable_page_free(new);
		else
			pud_populate(pud, new);
	}
	return pmd_offset(pud, addr);
}

pte_t *pte_alloc_map(struct mm_struct *mm, pmd_t *pmd, uaddr_t addr)
{
	struct page *new;

	if (!pmd_present(pmd_get(pmd))) {
		spin_unlock(&mm->page_table_lock);
		new = pgtable_page_alloc();
		spin_lock(&mm->page_table_lock);
		if (!new)
			return NULL;
		if (pmd_present(pmd_get(pmd))) {
			pgtable_page_free(new);
		} else {
			mm->nr_ptes++;
			pmd_populate(pmd, new);
		}
	}
	return pte_offset(pmd, addr);
}

pte_t *pte_alloc_addr(struct mm_struct *mm, uaddr_t addr)
{
	pud_t *pud;
	pmd_t *pmd;

	pud = pud_alloc(mm, pgd_offset(mm, addr), addr);
	if (!pud)
		return NULL;
	pmd = pmd_alloc(mm, pud, addr);
	if (!pmd)
		return NULL;
	return pte_alloc_map(mm, pmd, addr);
}

/* ---- Faults ----------------------------------------------------------- */

/* FLT-49: a forced write does not make the mapping writable. */
static pte_t maybe_mkwrite(pte_t pte, const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_WRITE ? pte_mkwrite(pte) : pte;
}

/* rmap looks at rss without the ptl. */
static void inc_rss(struct mm_struct *mm) __must_hold(&mm->page_table_lock)
{
	WRITE_ONCE(mm->rss, mm->rss + 1);
}

/* FLT-20, FLT-21. */
static int do_anonymous_page(struct mm_struct *mm, const struct fault *f)
	__releases(&mm->page_table_lock)
{
	struct vm_area_struct *vma = f->vma;
	struct page *page;

	if (!f->write) {
		page = ZERO_PAGE(f->addr);
		set_pte(f->ptep,
			pte_wrprotect(mk_pte(page, vma->vm_page_prot)));
		spin_unlock(&mm->page_table_lock);
		return VM_FAULT_MINOR;
	}
	spin_unlock(&mm->page_table_lock);
	if (anon_vma_prepare(vma))
		return VM_FAULT_OOM;
	page = get_zeroed_page(GFP_HIGHUSER);
	if (!page)
		return VM_FAULT_OOM;

	spin_lock(&mm->page_table_lock);
	if (!pte_none(ptep_get(f->ptep))) {
		spin_unlock(&mm->page_table_lock);
		put_page(page);
		return VM_FAULT_MINOR;
	}
	inc_rss(mm);
	lru_cache_add_active(page);
	SetPageReferenced(page);
	page_add_anon_rmap(page, vma, f->addr);
	set_pte(f->ptep,
		maybe_mkwrite(pte_mkdirty(mk_pte(page, vma->vm_page_prot)),
			      vma));
	spin_unlock(&mm->page_table_lock);
	return VM_FAULT_MINOR;
}

/* FLT-27: a private write gets its copy at once.  NULL: out of memory. */
static struct page *early_cow(struct vm_area_struct *vma,
			      struct page *cache_page)
{
	struct page *page = NULL;

	if (!anon_vma_prepare(vma))
		page = alloc_page(GFP_HIGHUSER);
	if (page)
		copy_user_page(page, cache_page);
	put_page(cache_page);
	return page;
}

/* FLT-29; consumes @page.  @anon: it is a copy. */
static void install_nopage(struct mm_struct *mm, const struct fault *f,
			   struct page *page, bool anon)
	__must_hold(&mm->page_table_lock)
{
	struct vm_area_struct *vma = f->vma;
	pte_t entry;

	if (!pte_none(ptep_get(f->ptep))) {
		put_page(page);
		return;
	}
	if (!PageReserved(page))
		inc_rss(mm);
	entry = mk_pte(page, vma->vm_page_prot);
	if (f->write)
		entry = maybe_mkwrite(pte_mkdirty(entry), vma);
	set_pte(f->ptep, entry);
	if (anon) {
		lru_cache_add_active(page);
		page_add_anon_rmap(page, vma, f->addr);
	} else {
		page_add_file_rmap(page);
	}
}

/* FLT-25 to FLT-30; the race with truncation is drawn in memory_truncate.c. */
static int do_no_page(struct mm_struct *mm, const struct fault *f)
	__releases(&mm->page_table_lock)
{
	struct vm_area_struct *vma = f->vma;
	bool anon = f->write && !(vma->vm_flags & VM_SHARED);
	struct address_space *mapping = vma_mapping(vma);
	unsigned int sequence = 0;
	int type = VM_FAULT_MINOR;
	struct page *page;

	if (!vma->vm_ops || !vma->vm_ops->nopage)
		return do_anonymous_page(mm, f);
	spin_unlock(&mm->page_table_lock);
	for (;;) {
		if (mapping)
			sequence = smp_load_acquire(&mapping->truncate_count);
		page = vma->vm_ops->nopage(vma, f->addr, &type);
		if (page == NOPAGE_SIGBUS)
			return VM_FAULT_SIGBUS;
		if (page == NOPAGE_OOM)
			return VM_FAULT_OOM;
		if (anon)
			page = early_cow(vma, page);
		if (!page)
			return VM_FAULT_OOM;
		spin_lock(&mm->page_table_lock);
		if (!mapping ||
		    sequence == READ_ONCE(mapping->truncate_count))
			break;
		spin_unlock(&mm->page_table_lock); /* FLT-28 */
		atomic_long_inc(&stats.truncated);
		put_page(page);
	}
	install_nopage(mm, f, page, anon);
	spin_unlock(&mm->page_table_lock);
	return type;
}

/* FLT-55. */
static int do_file_page(struct mm_struct *mm, const struct fault *f)
	__releases(&mm->page_table_lock)
{
	struct vm_area_struct *vma = f->vma;
	pgoff_t pgoff = pte_to_pgoff(f->entry);
	int err;

	if (!vma->vm_ops || !vma->vm_ops->populate ||
	    (f->write && !(vma->vm_flags & VM_SHARED))) {
		pte_clear(f->ptep);
		return do_no_page(mm, f);
	}
	spin_unlock(&mm->page_table_lock);
	err = vma->vm_ops->populate(vma, f->addr, PAGE_SIZE, pgoff);
	if (err == -ENOMEM)
		return VM_FAULT_OOM;
	return err ? VM_FAULT_SIGBUS : VM_FAULT_MAJOR;
}

/* By more than PTEs and the swap cache, of which it is locked. */
static bool page_is_held(const struct page *page)
{
	int count, mapcount;

	page_counts(page, &count, &mapcount);
	return mapcount == 1 && count > mapcount + PageSwapCache(page);
}

/* FLT-45: may the page be written where it is?  LOCK-8: only try. */
static bool can_reuse_page(struct page *page)
{
	bool reuse;

	if (PageReserved(page) || !trylock_page(page))
		return false;
	reuse = can_share_swap_page(page);
	if (!reuse && PageAnon(page) && page_is_held(page))
		atomic_long_inc(&stats.cow_held);
	unlock_page(page);
	return reuse;
}

/* FLT-48, second half; @new takes the place of @old, both are released. */
static void install_copy(struct mm_struct *mm, const struct fault *f,
			 struct page *old, struct page *new)
	__must_hold(&mm->page_table_lock)
{
	struct vm_area_struct *vma = f->vma;

	if (!pte_same(ptep_get(f->ptep), f->entry)) {
		atomic_long_inc(&stats.cow_lost);
		put_page(new);
		put_page(old);
		return;
	}
	if (PageAnon(old))
		mm->anon_rss--;
	if (PageReserved(old))
		inc_rss(mm);
	else
		page_remove_rmap(old);
	ptep_establish(vma, f->addr, f->ptep,
		       maybe_mkwrite(pte_mkdirty(mk_pte(new,
							vma->vm_page_prot)),
				     vma));
	lru_cache_add_active(new);
	page_add_anon_rmap(new, vma, f->addr);
	put_page(old); /* the PTE's */
	put_page(old); /* ours */
}

/*
 * FLT-45 to FLT-48.  DEF-26 stays as documented: who pinned the page before
 * a fork keeps the old one, which may be the one no longer mapped here.
 */
static int do_wp_page(struct mm_struct *mm, const struct fault *f)
	__releases(&mm->page_table_lock)
{
	struct vm_area_struct *vma = f->vma;
	struct page *old = pte_page(f->entry), *new = NULL;
	pte_t entry;

	if (!old) {
		spin_unlock(&mm->page_table_lock);
		report_finding(FINDING_STRUCTURE,
			       "mm %lu: PTE %#lx at %#lx maps no memory",
			       mm->mm_id, (unsigned long)pte_val(f->entry),
			       f->addr);
		return VM_FAULT_OOM;
	}
	if (can_reuse_page(old)) {
		entry = maybe_mkwrite(pte_mkyoung(pte_mkdirty(f->entry)), vma);
		ptep_set_access_flags(vma, f->addr, f->ptep, entry, true);
		spin_unlock(&mm->page_table_lock);
		return VM_FAULT_MINOR;
	}
	if (!PageReserved(old))
		get_page(old);
	spin_unlock(&mm->page_table_lock);

	if (!anon_vma_prepare(vma))
		new = old == ZERO_PAGE(f->addr) ?
			      get_zeroed_page(GFP_HIGHUSER) :
			      alloc_page(GFP_HIGHUSER);
	if (!new) {
		put_page(old);
		return VM_FAULT_OOM;
	}
	if (old != ZERO_PAGE(f->addr))
		copy_user_page(new, old);
	spin_lock(&mm->page_table_lock);
	install_copy(mm, f, old, new);
	spin_unlock(&mm->page_table_lock);
	return VM_FAULT_MINOR;
}

/* FLT-35.  NULL: memory is short, or somebody else was faster. */
static struct page *swapin_page(swp_entry_t entry, int *result)
{
	struct page *page = lookup_swap_cache(entry);

	*result = VM_FAULT_MINOR;
	if (page)
		return page;
	swapin_readahead(entry);
	page = read_swap_cache_async(entry);
	if (page) {
		*result = VM_FAULT_MAJOR;
		grab_swap_token();
	}
	return page;
}

/* FLT-37 to FLT-39; @page is locked, its reference becomes the PTE's. */
static int finish_swapin(struct mm_struct *mm, struct fault *f,
			 struct page *page, int result)
	__releases(&mm->page_table_lock)
{
	struct vm_area_struct *vma = f->vma;
	bool write = f->write;

	atomic_long_inc(&stats.swapins);
	swap_free(pte_to_swp_entry(f->entry));
	if (vm_swap_full())
		remove_exclusive_swap_page(page);
	inc_rss(mm);
	f->entry = mk_pte(page, vma->vm_page_prot);
	if (write && can_share_swap_page(page)) {
		f->entry = maybe_mkwrite(pte_mkdirty(f->entry), vma);
		write = false;
	}
	set_pte(f->ptep, f->entry);
	/*
	 * Under the page lock: whoever else maps the page must find it
	 * anonymous already, or its end is not counted as that of one.
	 */
	page_add_anon_rmap(page, vma, f->addr);
	unlock_page(page);
	if (write)
		return do_wp_page(mm, f) == VM_FAULT_OOM ? VM_FAULT_OOM :
							   result;
	spin_unlock(&mm->page_table_lock);
	return result;
}

/* A slot that was never written, or was spoilt by its device. */
static int swapin_failed(const struct mm_struct *mm, const struct fault *f)
{
	report_finding(FINDING_DATA, "mm %lu: swap PTE %#lx at %#lx: no content",
		       mm->mm_id, (unsigned long)pte_val(f->entry), f->addr);
	return VM_FAULT_SIGBUS;
}

/*
 * FLT-36.  The page may have left the swap cache before it could be locked;
 * if the PTE is still the same that is harmless.
 */
static int do_swap_page(struct mm_struct *mm, struct fault *f)
	__releases(&mm->page_table_lock)
{
	struct page *page;
	int result;

	spin_unlock(&mm->page_table_lock);
	page = swapin_page(pte_to_swp_entry(f->entry), &result);
	if (page) {
		mark_page_accessed(page);
		lock_page(page);
	}
	spin_lock(&mm->page_table_lock);
	if (pte_same(ptep_get(f->ptep), f->entry)) {
		if (page && PageUptodate(page))
			return finish_swapin(mm, f, page, result);
		result = page ? swapin_failed(mm, f) : VM_FAULT_OOM;
	} else {
		atomic_long_inc(&stats.swapins_stale);
		result = VM_FAULT_MINOR;
	}
	spin_unlock(&mm->page_table_lock);
	if (page) {
		unlock_page(page);
		put_page(page);
	}
	return result;
}

/* FLT-15: dispatch on the word read once; returns without the ptl. */
static int handle_pte_fault(struct mm_struct *mm, struct fault *f)
	__releases(&mm->page_table_lock)
{
	pte_t entry = ptep_get(f->ptep);

	f->entry = entry;
	if (pte_none(entry))
		return do_no_page(mm, f);
	if (!pte_present(entry))
		return pte_file(entry) ? do_file_page(mm, f) :
					 do_swap_page(mm, f);
	if (f->write) {
		if (!pte_write(entry))
			return do_wp_page(mm, f);
		entry = pte_mkdirty(entry);
	}
	ptep_set_access_flags(f->vma, f->addr, f->ptep, pte_mkyoung(entry),
			      f->write);
	spin_unlock(&mm->page_table_lock);
	return VM_FAULT_MINOR;
}

int handle_mm_fault(struct mm_struct *mm, struct vm_area_struct *vma,
		    uaddr_t addr, bool write)
{
	struct fault f = {
		.vma = vma, .addr = addr & PAGE_MASK, .write = write,
	};

	__set_current_state(TASK_RUNNING);
	spin_lock(&mm->page_table_lock);
	f.ptep = pte_alloc_addr(mm, f.addr);
	if (!f.ptep) {
		spin_unlock(&mm->page_table_lock);
		return VM_FAULT_OOM;
	}
	return handle_pte_fault(mm, &f);
}
