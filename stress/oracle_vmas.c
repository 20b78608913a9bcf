// SPDX-License-Identifier: GPL-2.0-or-later
/* Areas of all address spaces against files, anon_vmas and charges. */
#include "locking/report.h"
#include "mm/accounting.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/prio_tree.h"
#include "mm/rmap.h"
#include "mm/vma.h"
#include "stress/oracle.h"
#include "stress/ptrmap.h"

/* What the areas say; a and b of an entry count what stands beside it. */
struct vma_count {
	struct ptrmap mappings; /* a: areas, b: VM_SHARED ones */
	struct ptrmap anons; /* a: areas, b: found on the list */
	long charged; /* pages */
};

static void count_vma(struct vma_count *vc, const struct vm_area_struct *vma)
{
	struct address_space *mapping = vma_mapping(vma);
	struct ptrmap_entry *e;

	if (vma->vm_flags & VM_ACCOUNT)
		vc->charged += vma_pages(vma);
	if (mapping) {
		e = ptrmap_get(&vc->mappings, mapping);
		if (e) {
			e->a++;
			e->b += (vma->vm_flags & VM_SHARED) != 0;
		}
	}
	if (vma->anon_vma) {
		e = ptrmap_get(&vc->anons, vma->anon_vma);
		if (e)
			e->a++;
	}
}

static void check_mapping(struct address_space *mapping, long areas,
			  long shared)
{
	struct vm_area_struct *vma;
	struct prio_tree_iter iter;
	long found = 0;

	i_mmap_lock(mapping);
	vma_prio_tree_foreach(vma, &iter, &mapping->i_mmap, 0, ~0ul) {
		found++;
		if (vma_mapping(vma) != mapping)
			report_finding(FINDING_RMAP, "INV-7: an area of mm %lu"
				       " at %#lx is on the tree of file %s,"
				       " which it does not map",
				       vma->vm_mm->mm_id, vma->vm_start,
				       mapping->host->i_name);
	}
	cds_list_for_each_entry(vma, &mapping->i_mmap_nonlinear, shared.list)
		found++;
	if (found != areas)
		report_finding(FINDING_RMAP, "INV-7: file %s has %ld areas on"
			       " its tree, expected %ld that map it",
			       mapping->host->i_name, found, areas);
	if (mapping->i_mmap_writable != (unsigned long)shared)
		report_finding(FINDING_STRUCTURE, "INV-8: i_mmap_writable of"
			       " file %s is %u, expected %ld shared areas",
			       mapping->host->i_name,
			       mapping->i_mmap_writable, shared);
	i_mmap_unlock(mapping);
}

static void check_anon(struct anon_vma *anon_vma, long areas)
{
	struct vm_area_struct *vma;
	long found = 0;

	spin_lock(&anon_vma->lock);
	cds_list_for_each_entry(vma, &anon_vma->head, anon_vma_node) {
		found++;
		if (vma->anon_vma != anon_vma)
			report_finding(FINDING_RMAP, "INV-10: an area of mm"
				       " %lu at %#lx is on the list of another"
				       " anon_vma", vma->vm_mm->mm_id,
				       vma->vm_start);
	}
	spin_unlock(&anon_vma->lock);
	if (found != areas)
		report_finding(FINDING_RMAP, "INV-10: an anon_vma has %ld areas"
			       " on its list, expected %ld that name it",
			       found, areas);
}

/* Shared anonymous memory is charged as a whole when it is made. */
static void count_shmem(struct inode *inode, void *arg)
{
	struct vma_count *vc = arg;

	if (inode->i_shmem)
		vc->charged += (long)(PAGE_ALIGN((unsigned long)
				      i_size_read(inode)) >> PAGE_SHIFT);
}

static void check_all(struct vma_count *vc)
{
	long committed = vm_committed_total();
	struct ptrmap_entry *e;

	ptrmap_for_each(&vc->mappings, e)
		check_mapping((struct address_space *)e->key, e->a, e->b);
	ptrmap_for_each(&vc->anons, e)
		check_anon((struct anon_vma *)e->key, e->a);
	for_each_inode(count_shmem, vc);
	if (committed != vc->charged)
		report_finding(FINDING_STRUCTURE, "INV-30: %ld pages are"
			       " committed, expected %ld of areas and shared"
			       " memory", committed, vc->charged);
}

void census_vmas(const struct census *c)
{
	struct vma_count vc = { 0 };

	if (!ptrmap_init(&vc.mappings))
		return;
	if (ptrmap_init(&vc.anons)) {
		for (unsigned int i = 0; i < c->nr; i++) {
			const struct vm_area_struct *vma;

			if (atomic_read(&c->mms[i]->mm_users) <= 0)
				continue;
			for (vma = c->mms[i]->mmap; vma; vma = vma->vm_next)
				count_vma(&vc, vma);
		}
		check_all(&vc);
		ptrmap_free(&vc.anons);
	}
	ptrmap_free(&vc.mappings);
}
