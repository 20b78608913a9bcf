/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prio_tree.h - which VMAs map a page of a file (OBJ-6)
 *
 * An interval tree over page offsets.  VMAs with one and the same interval
 * share a slot: the first is the tree node, the second (node->shared.head)
 * heads a list of all further ones.
 */
#ifndef MM_PRIO_TREE_H
#define MM_PRIO_TREE_H

#include "mm/mm_types.h"

/* A walk over the VMAs that overlap page offsets [first, last]. */
struct prio_tree_iter {
	struct prio_tree_root *root;
	pgoff_t first, last;
	struct prio_tree_node *slot; /* slot of the VMA returned last */
};

/**
 * prio_tree_root_init() - make an empty tree
 * @root: of a mapping
 *
 * Context: before the mapping is published.
 */
void prio_tree_root_init(struct prio_tree_root *root);

static inline bool prio_tree_empty(const struct prio_tree_root *root)
{
	return !root->rbh_root;
}

/**
 * vma_prio_tree_init() - make a VMA look linked nowhere
 * @vma: new or copied VMA
 *
 * Context: any; @vma not linked.
 */
void vma_prio_tree_init(struct vm_area_struct *vma);

/**
 * vma_prio_tree_insert() - add a VMA by its vm_pgoff and size
 * @vma: not linked
 * @root: tree of its mapping
 *
 * Context: i_mmap_lock of the mapping.
 */
void vma_prio_tree_insert(struct vm_area_struct *vma,
			  struct prio_tree_root *root);

/**
 * vma_prio_tree_add() - add a VMA right after a relative with the same key
 * @vma: not linked, same vm_pgoff and size as @old
 * @old: linked in a tree, or on the nonlinear list
 *
 * Iteration yields @vma after @old (OBJ-6), which fork relies on (FORK-55).
 *
 * Context: i_mmap_lock of the mapping.
 */
void vma_prio_tree_add(struct vm_area_struct *vma, struct vm_area_struct *old);

/**
 * vma_prio_tree_remove() - take a VMA out
 * @vma: linked in @root
 * @root: tree of its mapping
 *
 * Context: i_mmap_lock of the mapping.
 */
void vma_prio_tree_remove(struct vm_area_struct *vma,
			  struct prio_tree_root *root);

/**
 * prio_tree_iter_init() - start a walk
 * @iter: to be filled
 * @root: tree of a mapping
 * @first: first page offset
 * @last: last page offset, inclusive
 */
void prio_tree_iter_init(struct prio_tree_iter *iter,
			 struct prio_tree_root *root, pgoff_t first,
			 pgoff_t last);

/**
 * vma_prio_tree_next() - next VMA of a walk
 * @vma: the one returned before, NULL to begin
 * @iter: from prio_tree_iter_init()
 *
 * Context: i_mmap_lock, held since prio_tree_iter_init().
 * Return: a VMA overlapping the range, or NULL.
 */
struct vm_area_struct *vma_prio_tree_next(struct vm_area_struct *vma,
					  struct prio_tree_iter *iter);

#define vma_prio_tree_foreach(vma, iter, root, first, last)		\
	for (prio_tree_iter_init((iter), (root), (first), (last)),	\
	     (vma) = NULL; ((vma) = vma_prio_tree_next((vma), (iter)));)

#endif /* MM_PRIO_TREE_H */
