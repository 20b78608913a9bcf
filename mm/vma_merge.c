// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vma_merge.c - move the boundaries of VMAs (MAP-6 to MAP-8)
 *
 * vma_merge() knows eight ways in which a new range N, or an existing range
 * X whose attributes change, joins its neighbours P (prev) and A (after):
 *
 *   PPNNAA  -> PPPPPP (1)     mmap, brk: fills the gap exactly
 *   PPNN.A  -> PPPP.A (2)     extends P
 *   P.NNAA  -> P.AAAA (3)     extends A
 *   PPPXAA  -> PPPAAA (4)     mprotect of the tail of P: P shrinks, A grows
 *   PPXXXX  -> PPPXXX (5)     mprotect of the head of X: P grows, X shrinks
 *   PPXXAA  -> PPPPPP (6)     P swallows X and A
 *   PPXX.A  -> PPPP.A (7)     P swallows X
 *   P.XXAA  -> P.XXXX (8)     X swallows A
 */
#include "mm/vma_merge.h"

#include <errno.h>

#include "mm/file.h"
#include "mm/mempolicy.h"
#include "mm/prio_tree.h"
#include "mm/rmap.h"
#include "mm/slab.h"
#include "mm/vma.h"

#define VM_SPECIAL (VM_IO | VM_DONTCOPY | VM_DONTEXPAND | VM_RESERVED)

/* ---- Changing boundaries ------------------------------------------------ */

/* What one step of vma_adjust() does to the VMA behind. */
struct vma_step {
	struct mm_struct *mm;
	struct vm_area_struct *vma, *next;
	struct vm_area_struct *importer; /* gains pages of the other one */
	struct anon_vma *anon_vma; /* the one to lock, or NULL */
	struct address_space *mapping;
	struct vma_range to;
	long next_shift; /* pages by which next's start moves up */
	bool remove_next;
};

static void step_init(struct vma_step *step, struct vm_area_struct *vma,
		      const struct vma_range *range, bool insert)
{
	struct vm_area_struct *next = vma->vm_next;

	*step = (struct vma_step) {
		.mm = vma->vm_mm, .vma = vma, .next = next,
		.mapping = vma_mapping(vma), .to = *range,
	};
	if (next && !insert && range->end >= next->vm_end) {
		step->remove_next = true;
		step->to.end = next->vm_end;
		step->importer = vma;
	} else if (next && !insert && range->end > next->vm_start) {
		step->next_shift = (range->end - next->vm_start) >> PAGE_SHIFT;
		step->importer = vma;
	} else if (next && !insert && range->end < vma->vm_end &&
		   vma->vm_end == next->vm_start) {
		step->next_shift = -(long)((vma->vm_end - range->end) >>
					   PAGE_SHIFT);
		step->importer = next;
	}
	if (vma->anon_vma)
		step->anon_vma = vma->anon_vma;
	else if (step->importer)
		step->anon_vma = next->anon_vma;
}

/* A truncation in progress must scan imported pages again (MAP-6). */
static void step_truncate_count(struct vma_step *step,
				struct vm_area_struct *insert)
{
	struct vm_area_struct *vma = step->vma, *next = step->next;

	if (!step->mapping)
		return;
	if (step->importer && vma->vm_truncate_count != next->vm_truncate_count)
		step->importer->vm_truncate_count = 0;
	if (insert)
		insert->vm_truncate_count = vma->vm_truncate_count;
}

/* The importer must be found by rmap before it has the pages. */
static void step_adopt_anon_vma(struct vma_step *step)
{
	struct vm_area_struct *importer = step->importer;

	if (!importer || importer->anon_vma || !step->anon_vma)
		return;
	importer->anon_vma = step->anon_vma;
	__anon_vma_link(importer);
}

static void step_move(struct vma_step *step)
{
	struct vm_area_struct *vma = step->vma, *next = step->next;
	struct prio_tree_root *root = NULL;

	if (step->mapping && !(vma->vm_flags & VM_NONLINEAR))
		root = &step->mapping->i_mmap;
	if (root)
		vma_prio_tree_remove(vma, root);
	if (root && step->next_shift)
		vma_prio_tree_remove(next, root);
	vma->vm_start = step->to.start;
	vma->vm_end = step->to.end;
	vma->vm_pgoff = step->to.pgoff;
	if (step->next_shift) {
		next->vm_start += step->next_shift * PAGE_SIZE;
		next->vm_pgoff += step->next_shift;
	}
	if (root && step->next_shift)
		vma_prio_tree_insert(next, root);
	if (root)
		vma_prio_tree_insert(vma, root);
}

static void step_unlink_next(struct vma_step *step)
{
	mmap_assert_write_locked(step->mm);
	vma_unlink_list(step->mm, step->next, step->vma);
	if (step->mapping)
		vma_unlink_file(step->next, step->mapping);
	if (step->next->anon_vma)
		__anon_vma_merge(step->vma, step->next);
}

/* The file side is in place already; the other part of the split is @vma. */
static void step_insert(struct vma_step *step, struct vm_area_struct *insert)
{
	struct vm_area_struct *prev = step->vma;

	mmap_assert_write_locked(step->mm);
	if (insert->vm_start < step->vma->vm_start)
		prev = RB_PREV(vma_tree, &step->mm->mm_rb, step->vma);
	vma_link_list(step->mm, insert, prev);
	__anon_vma_link(insert);
	step->mm->map_count++;
}

static void vma_adjust_step(struct vma_step *step,
			    struct vm_area_struct *insert)
{
	struct address_space *mapping = step->mapping;
	struct anon_vma *anon_vma = step->anon_vma;

	i_mmap_lock(mapping);
	step_truncate_count(step, insert);
	if (insert)
		vma_link_file(insert);
	anon_vma_lock(anon_vma);
	step_adopt_anon_vma(step);
	step_move(step);
	if (step->remove_next)
		step_unlink_next(step);
	else if (insert)
		step_insert(step, insert);
	anon_vma_unlock(anon_vma);
	i_mmap_unlock(mapping);
	step->mm->nr_changes++;

	if (!step->remove_next)
		return;
	if (step->next->vm_file)
		fput(step->next->vm_file);
	step->mm->map_count--;
	vm_area_free(step->next);
}

void vma_adjust(struct vm_area_struct *vma, const struct vma_range *range,
		struct vm_area_struct *insert)
{
	struct vma_step step;

	mmap_assert_write_locked(vma->vm_mm);
	/* mprotect may swallow two neighbours (case 6): one at a time. */
	do {
		step_init(&step, vma, range, insert);
		vma_adjust_step(&step, insert);
	} while (step.remove_next && step.to.end < range->end);
}

/* ---- Merging ------------------------------------------------------------ */

/* R(mmap_sem) may be all that is held: find_mergeable_anon_vma(). */
static bool vma_attributes_match(const struct vm_area_struct *vma,
				 const struct vma_merge_struct *vmg)
{
	struct anon_vma *anon_vma = READ_ONCE(vma->anon_vma);

	if (vma->vm_flags != vmg->vm_flags || vma->vm_file != vmg->file)
		return false;
	if (vma->vm_ops && vma->vm_ops->close)
		return false;
	if (!mpol_equal(vma->vm_policy, vmg->policy))
		return false;
	return !anon_vma || !vmg->anon_vma || anon_vma == vmg->anon_vma;
}

static bool can_vma_merge_before(const struct vm_area_struct *vma,
				 const struct vma_merge_struct *vmg)
{
	pgoff_t pglen = (vmg->end - vmg->addr) >> PAGE_SHIFT;

	return vma && vma_start(vma) == vmg->end &&
	       vma_attributes_match(vma, vmg) &&
	       READ_ONCE(vma->vm_pgoff) == vmg->pgoff + pglen;
}

static bool can_vma_merge_after(const struct vm_area_struct *vma,
				const struct vma_merge_struct *vmg)
{
	uaddr_t start;

	if (!vma || vma->vm_end != vmg->addr)
		return false;
	start = vma_start(vma);
	return vma_attributes_match(vma, vmg) &&
	       READ_ONCE(vma->vm_pgoff) +
	       ((vma->vm_end - start) >> PAGE_SHIFT) == vmg->pgoff;
}

static bool anon_vmas_compatible(const struct vm_area_struct *a,
				 const struct vm_area_struct *b)
{
	return !a->anon_vma || !b->anon_vma || a->anon_vma == b->anon_vma;
}

struct vm_area_struct *vma_merge(const struct vma_merge_struct *vmg)
{
	struct vm_area_struct *prev = vmg->prev, *area, *next;
	struct vma_range range;

	mmap_assert_write_locked(vmg->mm);
	if (vmg->vm_flags & VM_SPECIAL)
		return NULL;
	area = next = prev ? prev->vm_next : vmg->mm->mmap;
	if (next && next->vm_end == vmg->end) /* 6, 7, 8 */
		next = next->vm_next;

	if (can_vma_merge_after(prev, vmg)) {
		range = (struct vma_range) {
			prev->vm_start, vmg->end, prev->vm_pgoff
		}; /* 2, 5, 7 */
		if (can_vma_merge_before(next, vmg) &&
		    anon_vmas_compatible(prev, next))
			range.end = next->vm_end; /* 1, 6 */
		vma_adjust(prev, &range, NULL);
		return prev;
	}
	if (!can_vma_merge_before(next, vmg))
		return NULL;
	if (prev && vmg->addr < prev->vm_end) { /* 4 */
		range = (struct vma_range) {
			prev->vm_start, vmg->addr, prev->vm_pgoff
		};
		vma_adjust(prev, &range, NULL);
	} else { /* 3, 8 */
		range = (struct vma_range) {
			vmg->addr, next->vm_end,
			next->vm_pgoff - ((vmg->end - vmg->addr) >> PAGE_SHIFT)
		};
		vma_adjust(area, &range, NULL);
	}
	return area;
}

#define VM_PROT_BITS ((unsigned long)(VM_READ | VM_WRITE | VM_EXEC))

/* @vma as if a later mprotect() had given it the rights of @near. */
static unsigned long flags_as_near(const struct vm_area_struct *vma,
				   const struct vm_area_struct *near)
{
	return (vma->vm_flags & ~VM_PROT_BITS) |
	       (near->vm_flags & VM_PROT_BITS);
}

struct anon_vma *find_mergeable_anon_vma(struct vm_area_struct *vma)
{
	struct vm_area_struct *near = vma->vm_next;
	struct anon_vma *anon_vma;
	struct vma_merge_struct vmg = {
		.mm = vma->vm_mm, .addr = vma_start(vma), .end = vma->vm_end,
		.file = vma->vm_file, .pgoff = READ_ONCE(vma->vm_pgoff),
		.policy = vma->vm_policy,
	};

	anon_vma = near ? smp_load_acquire(&near->anon_vma) : NULL;
	if (anon_vma) {
		vmg.vm_flags = flags_as_near(vma, near);
		if (can_vma_merge_before(near, &vmg))
			return anon_vma;
	}
	near = RB_PREV(vma_tree, &vma->vm_mm->mm_rb, vma);
	anon_vma = near ? smp_load_acquire(&near->anon_vma) : NULL;
	if (anon_vma) {
		vmg.vm_flags = flags_as_near(vma, near);
		if (can_vma_merge_after(near, &vmg))
			return anon_vma;
	}
	return NULL;
}

/* ---- Splitting and copying ---------------------------------------------- */

/* A copy that others may find: with its file reference, told by open(). */
static void vma_open_copy(struct vm_area_struct *new)
{
	if (new->vm_file)
		get_file(new->vm_file);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
}

int split_vma(struct mm_struct *mm, struct vm_area_struct *vma, uaddr_t addr,
	      bool new_below)
{
	struct vma_range range = { vma->vm_start, vma->vm_end, vma->vm_pgoff };
	pgoff_t below = (addr - vma->vm_start) >> PAGE_SHIFT;
	struct vm_area_struct *new;

	mm_bug_on(addr <= vma->vm_start || addr >= vma->vm_end ||
		  (addr & ~PAGE_MASK), "split of %lx-%lx at %lx",
		  vma->vm_start, vma->vm_end, addr);
	if (mm->map_count >= sysctl_max_map_count)
		return -ENOMEM;
	new = vm_area_dup(vma);
	if (IS_ERR(new))
		return PTR_ERR(new);
	if (new_below) {
		new->vm_end = addr;
		range.start = addr;
		range.pgoff += below;
	} else {
		new->vm_start = addr;
		new->vm_pgoff += below;
		range.end = addr;
	}
	vma_open_copy(new);
	vma_adjust(vma, &range, new);
	return 0;
}

/*
 * A neighbour without anonymous pages took the range in: it must have the
 * anon_vma of the pages that are to come, or rmap would not find them, and
 * the anon_vma would be freed with the VMA they came from.
 */
static void adopt_anon_vma(struct vm_area_struct *vma,
			   struct anon_vma *anon_vma)
{
	struct mm_struct *mm = vma->vm_mm;

	if (vma->anon_vma || !anon_vma)
		return;
	spin_lock(&anon_vma->lock);
	spin_lock(&mm->page_table_lock);
	cds_list_add(&vma->anon_vma_node, &anon_vma->head);
	smp_store_release(&vma->anon_vma, anon_vma);
	spin_unlock(&mm->page_table_lock);
	spin_unlock(&anon_vma->lock);
}

struct vm_area_struct *copy_vma(struct vm_area_struct **vmap, uaddr_t addr,
				unsigned long len, pgoff_t pgoff)
{
	struct vm_area_struct *vma = *vmap, *new, *prev;
	struct mm_struct *mm = vma->vm_mm;
	uaddr_t start = vma->vm_start;
	struct vma_merge_struct vmg;

	mmap_assert_write_locked(mm);
	/* Without pages the offset is free: choose what merges best. */
	if (!vma->vm_file && !vma->anon_vma)
		pgoff = addr >> PAGE_SHIFT;
	find_vma_prev(mm, addr, &prev);
	vmg = (struct vma_merge_struct) {
		.mm = mm, .prev = prev, .addr = addr, .end = addr + len,
		.vm_flags = vma->vm_flags, .anon_vma = vma->anon_vma,
		.file = vma->vm_file, .pgoff = pgoff, .policy = vma->vm_policy,
	};
	new = vma_merge(&vmg);
	if (new) {
		if (start >= new->vm_start && start < new->vm_end)
			*vmap = new;
		adopt_anon_vma(new, vmg.anon_vma);
		return new;
	}
	new = vm_area_dup(vma);
	if (IS_ERR(new))
		return NULL;
	new->vm_start = addr;
	new->vm_end = addr + len;
	new->vm_pgoff = pgoff;
	vma_open_copy(new);
	vma_link(mm, new, prev);
	return new;
}
