// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * validate.c - every invariant of one mm (spec 13.1)
 *
 *   layout, W(mmap_sem):         INV-4 list, tree, map_count; INV-5
 *                                mmap_cache; INV-6 counters
 *   reverse map, list locks:     INV-7 prio-tree key, INV-10 anon_vma list
 *   page tables, ptl:            INV-12 rss, INV-13 nr_ptes, INV-17 swapoff
 *                                finds every entry, INV-20 no
 *                                writable page-cache page in a COW mapping,
 *                                INV-21 every PTE can be found by rmap
 */
#include "mm/validate.h"

#include "mm/page.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/swapfile.h"
#include "mm/vma.h"

#define MAX_REPORTS 8 /* per check: a broken mm breaks everywhere */

/* State of one check. */
struct validation {
	struct mm_struct *mm;
	int findings;
	struct vm_area_struct *vma; /* VMA at or above the current address */
	unsigned long rss, anon_rss, nr_ptes;
	bool swapped; /* a PTE has a swap entry */
};

#define invalid(v, kind, fmt, ...) do {					\
	if ((v)->findings++ < MAX_REPORTS)				\
		report_finding((kind), "mm %lu: " fmt,			\
			       (v)->mm->mm_id, ##__VA_ARGS__);		\
} while (0)

/* ---- Layout ------------------------------------------------------------- */

static void check_vma(struct validation *v, struct vm_area_struct *vma,
		      uaddr_t prev_end)
{
	if (vma->vm_start >= vma->vm_end || vma->vm_start < prev_end ||
	    ((vma->vm_start | vma->vm_end) & ~PAGE_MASK) ||
	    vma->vm_end > TASK_SIZE)
		invalid(v, FINDING_STRUCTURE,
			"VMA %lx-%lx after one that ends at %lx (INV-4)",
			vma->vm_start, vma->vm_end, prev_end);
	if (vma->vm_mm != v->mm)
		invalid(v, FINDING_STRUCTURE,
			"VMA %lx-%lx belongs to mm %p (INV-4)",
			vma->vm_start, vma->vm_end, (void *)vma->vm_mm);
}

/* INV-4, INV-5: list against tree against map_count. */
static void check_list(struct validation *v)
{
	struct mm_struct *mm = v->mm;
	struct vm_area_struct *vma, *node = RB_MIN(vma_tree, &mm->mm_rb);
	struct vm_area_struct *cache = READ_ONCE(mm->mmap_cache);
	bool cached = !cache;
	uaddr_t prev_end = 0;
	int count = 0;

	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		check_vma(v, vma, prev_end);
		if (vma != node)
			invalid(v, FINDING_STRUCTURE,
				"list has VMA %lx, tree has %lx (INV-4)",
				vma->vm_start, node ? node->vm_start : 0);
		if (node)
			node = RB_NEXT(vma_tree, &mm->mm_rb, node);
		cached |= vma == cache;
		prev_end = vma->vm_end;
		if (++count > mm->map_count)
			break;
	}
	if (count != mm->map_count || node)
		invalid(v, FINDING_STRUCTURE,
			"map_count %d, list %d%s (INV-4)", mm->map_count,
			count, node ? ", tree has more" : "");
	if (!cached)
		invalid(v, FINDING_STRUCTURE,
			"mmap_cache %p is no VMA of the mm (INV-5)",
			(void *)cache);
}

struct vm_counters {
	long total, locked, shared, exec, stack, reserved;
};

static void count_vma(struct vm_counters *c, struct vm_area_struct *vma)
{
	long pages = vma_pages(vma);

	c->total += pages;
	if (vma->vm_flags & VM_LOCKED)
		c->locked += pages;
	if (vma->vm_file) {
		c->shared += pages;
		if ((vma->vm_flags & (VM_EXEC | VM_WRITE)) == VM_EXEC)
			c->exec += pages;
	} else if (vma->vm_flags & VM_GROWSDOWN) {
		c->stack += pages;
	}
	if (vma->vm_flags & (VM_RESERVED | VM_IO))
		c->reserved += pages;
}

static void check_counter(struct validation *v, const char *name, long has,
			  long is)
{
	if (has != is)
		invalid(v, FINDING_STRUCTURE,
			"%s %ld, VMAs have %ld pages (INV-6)", name, has, is);
}

static void check_counters(struct validation *v)
{
	struct mm_struct *mm = v->mm;
	struct vm_counters c = { 0 };

	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		count_vma(&c, vma);
	check_counter(v, "total_vm", atomic_long_read(&mm->total_vm), c.total);
	check_counter(v, "locked_vm", atomic_long_read(&mm->locked_vm),
		      c.locked);
	check_counter(v, "stack_vm", atomic_long_read(&mm->stack_vm), c.stack);
	check_counter(v, "shared_vm", mm->shared_vm, c.shared);
	check_counter(v, "exec_vm", mm->exec_vm, c.exec);
	check_counter(v, "reserved_vm", mm->reserved_vm, c.reserved);
}

int validate_mm_layout(struct mm_struct *mm)
{
	struct validation v = { .mm = mm };

	check_list(&v);
	if (!v.findings)
		check_counters(&v);
	return v.findings;
}

/* ---- Reverse map -------------------------------------------------------- */

/* INV-7: what the tree or its neighbours say about the VMA. */
static void check_file_link(struct validation *v, struct vm_area_struct *vma)
{
	struct address_space *mapping = vma_mapping(vma);
	struct vm_area_struct *node;

	i_mmap_lock(mapping);
	node = vma->shared.in_tree ? vma : vma->shared.head;
	if ((vma->vm_flags & VM_NONLINEAR) && node)
		invalid(v, FINDING_STRUCTURE,
			"nonlinear VMA %lx in the prio tree (INV-7)",
			vma->vm_start);
	if (!(vma->vm_flags & VM_NONLINEAR) && !node &&
	    cds_list_empty(&vma->shared.list))
		invalid(v, FINDING_STRUCTURE,
			"VMA %lx is not in the prio tree (INV-7)",
			vma->vm_start);
	if (node && (node->shared.node.start != vma->vm_pgoff ||
		     node->shared.node.last !=
		     vma->vm_pgoff + vma_pages(vma) - 1))
		invalid(v, FINDING_STRUCTURE,
			"VMA %lx pgoff %lu pages %lu has key %lu-%lu (INV-7)",
			vma->vm_start, vma->vm_pgoff, vma_pages(vma),
			node->shared.node.start, node->shared.node.last);
	i_mmap_unlock(mapping);
}

/* INV-10, as far as a VMA can tell without walking the list. */
static void check_anon_link(struct validation *v, struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = vma->anon_vma;
	bool linked;

	if (!anon_vma)
		return;
	spin_lock(&anon_vma->lock);
	linked = !cds_list_empty(&vma->anon_vma_node) &&
		 vma->anon_vma_node.next->prev == &vma->anon_vma_node &&
		 !cds_list_empty(&anon_vma->head);
	spin_unlock(&anon_vma->lock);
	if (!linked)
		invalid(v, FINDING_RMAP,
			"VMA %lx is not on its anon_vma's list (INV-10)",
			vma->vm_start);
}

/* ---- Page tables -------------------------------------------------------- */

/* INV-21 for an anonymous page. */
static void check_anon_pte(struct validation *v, struct vm_area_struct *vma,
			   uaddr_t addr, struct page *page)
{
	if (page_anon_vma(page) != vma->anon_vma)
		invalid(v, FINDING_RMAP,
			"page %lu at %lx: anon_vma %p, its VMA has %p (INV-21)",
			page_to_pfn(page), addr, (void *)page_anon_vma(page),
			(void *)vma->anon_vma);
	if (READ_ONCE(page->index) != vma_pgoff_of(vma, addr))
		invalid(v, FINDING_RMAP,
			"page %lu at %lx: index %lu, expected %lu (INV-21)",
			page_to_pfn(page), addr, READ_ONCE(page->index),
			vma_pgoff_of(vma, addr));
}

static void check_pte(struct validation *v, struct vm_area_struct *vma,
		      uaddr_t addr, pte_t pte)
{
	struct page *page = pte_page(pte);

	if (!page || PageReserved(page))
		return;
	v->rss++;
	if (!vma) {
		invalid(v, FINDING_RMAP,
			"page %lu mapped at %lx outside every VMA (INV-21)",
			page_to_pfn(page), addr);
		return;
	}
	if (!page_mapped(page) || page_count(page) < 1)
		invalid(v, FINDING_RMAP,
			"page %lu mapped at %lx: mapcount %d, count %d (INV-15)",
			page_to_pfn(page), addr, page_mapcount(page),
			page_count(page));
	if (PageAnon(page)) {
		v->anon_rss++;
		check_anon_pte(v, vma, addr, page);
	} else if (is_cow_mapping(vma->vm_flags) && pte_write(pte)) {
		invalid(v, FINDING_STRUCTURE,
			"cache page %lu writable at %lx in a COW mapping (INV-20)",
			page_to_pfn(page), addr);
	}
}

/* What is outside every VMA is never freed, nor is what it holds. */
static void check_absent_pte(struct validation *v, struct vm_area_struct *vma,
			     uaddr_t addr, pte_t pte)
{
	if (!vma)
		invalid(v, FINDING_STRUCTURE,
			"PTE %llx at %lx outside every VMA (INV-21)",
			(unsigned long long)pte_val(pte), addr);
	v->swapped |= !pte_file(pte);
}

static void check_pte_table(struct validation *v, pmd_t *pmd, uaddr_t addr,
			    uaddr_t end)
{
	pte_t *ptep = pte_offset(pmd, addr);

	v->nr_ptes++;
	for (; addr < end; addr += PAGE_SIZE, ptep++) {
		pte_t pte = ptep_get(ptep);
		struct vm_area_struct *vma;

		if (pte_none(pte))
			continue;
		while (v->vma && v->vma->vm_end <= addr)
			v->vma = v->vma->vm_next;
		vma = v->vma && v->vma->vm_start <= addr ? v->vma : NULL;
		if (pte_present(pte))
			check_pte(v, vma, addr, pte);
		else
			check_absent_pte(v, vma, addr, pte);
	}
}

/* INV-17: swapoff finds the mm's entries. */
static void check_mmlist(struct validation *v)
{
	struct mm_struct *mm = v->mm;
	bool linked;

	spin_lock(&mmlist_lock);
	linked = mm->mmlisted && !cds_list_empty(&mm->mmlist) &&
		 mm->mmlist.next->prev == &mm->mmlist;
	spin_unlock(&mmlist_lock);
	if (!linked)
		invalid(v, FINDING_STRUCTURE,
			"swapped out, but not on mmlist (INV-17)");
}

int validate_mm_tables(struct mm_struct *mm)
{
	struct validation v = { .mm = mm, .vma = mm->mmap };
	uaddr_t next;

	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next) {
		if (vma->vm_file)
			check_file_link(&v, vma);
		check_anon_link(&v, vma);
	}
	spin_lock(&mm->page_table_lock);
	for (uaddr_t addr = 0; addr < TASK_SIZE; addr = next) {
		pmd_t *pmd = walk_pmd(mm, addr, TASK_SIZE, &next);

		if (pmd)
			check_pte_table(&v, pmd, addr, next);
	}
	if (v.rss != mm->rss || v.anon_rss != mm->anon_rss)
		invalid(&v, FINDING_STRUCTURE,
			"rss %lu anon_rss %lu, PTEs have %lu and %lu (INV-12)",
			mm->rss, mm->anon_rss, v.rss, v.anon_rss);
	if (v.nr_ptes != mm->nr_ptes)
		invalid(&v, FINDING_STRUCTURE,
			"nr_ptes %lu, directory has %lu (INV-13)",
			mm->nr_ptes, v.nr_ptes);
	if (v.swapped)
		check_mmlist(&v);
	spin_unlock(&mm->page_table_lock);
	return v.findings;
}

int validate_mm(struct mm_struct *mm)
{
	int findings;

	mmap_assert_write_locked(mm);
	findings = validate_mm_layout(mm);
	/* A broken list would only be complained of again. */
	return findings ? findings : validate_mm_tables(mm);
}

void validate_mm_release(struct mm_struct *mm)
{
	if (mm->nr_changes <= (unsigned int)mm->map_count)
		return;
	mm->nr_changes = 0;
	if (validate_mm_layout(mm))
		return;
	if (++mm->nr_validated % 16 == 0)
		validate_mm_tables(mm);
}
