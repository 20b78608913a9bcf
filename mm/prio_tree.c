// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prio_tree.c - interval tree of the VMAs of a file (OBJ-6)
 *
 * The kernel's priority search tree keeps a heap on the last offset; here a
 * red-black tree by (start, last) carries the greatest last of each subtree.
 * What callers rely on is the same: all overlapping VMAs are found, and those
 * of one slot come as node, head, members in list order.
 *
 *   slot:    node VMA  <-- shared.head -->  head VMA
 *            (in_tree)                       shared.list: member, member, ...
 */
#include "mm/prio_tree.h"

#define slot_vma(n) container_of((n), struct vm_area_struct, shared.node)
#define list_vma(l) container_of((l), struct vm_area_struct, shared.list)

static int node_cmp(const struct prio_tree_node *a,
		    const struct prio_tree_node *b)
{
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->last != b->last)
		return a->last < b->last ? -1 : 1;
	return 0;
}

static void node_update(struct prio_tree_node *node)
{
	struct prio_tree_node *left = RB_LEFT(node, rb);
	struct prio_tree_node *right = RB_RIGHT(node, rb);
	pgoff_t max_last = node->last;

	if (left)
		max_last = max(max_last, left->max_last);
	if (right)
		max_last = max(max_last, right->max_last);
	node->max_last = max_last;
}

#undef RB_AUGMENT
#define RB_AUGMENT(node) node_update(node)

RB_GENERATE_INTERNAL(prio_tree_root, prio_tree_node, rb, node_cmp,
		     static __attribute__((unused)))

/* The macros update a node's surroundings; its ancestors are ours. */
static void update_ancestors(struct prio_tree_node *node)
{
	for (; node; node = RB_PARENT(node, rb))
		node_update(node);
}

/* The lowest node whose subtree changes when @node is removed. */
static struct prio_tree_node *lowest_changed(struct prio_tree_node *node)
{
	struct prio_tree_node *next = RB_RIGHT(node, rb);

	if (!next || !RB_LEFT(node, rb))
		return RB_PARENT(node, rb);
	while (RB_LEFT(next, rb))
		next = RB_LEFT(next, rb);
	return RB_PARENT(next, rb) == node ? next : RB_PARENT(next, rb);
}

/* @new takes the place of @old, which has the same key. */
static void replace_node(struct prio_tree_root *root,
			 struct prio_tree_node *old,
			 struct prio_tree_node *new)
{
	struct prio_tree_node *parent = RB_PARENT(old, rb);

	*new = *old;
	if (!parent)
		root->rbh_root = new;
	else if (RB_LEFT(parent, rb) == old)
		RB_LEFT(parent, rb) = new;
	else
		RB_RIGHT(parent, rb) = new;
	if (RB_LEFT(new, rb))
		RB_PARENT(RB_LEFT(new, rb), rb) = new;
	if (RB_RIGHT(new, rb))
		RB_PARENT(RB_RIGHT(new, rb), rb) = new;
}

void prio_tree_root_init(struct prio_tree_root *root)
{
	RB_INIT(root);
}

void vma_prio_tree_init(struct vm_area_struct *vma)
{
	vma->shared.head = NULL;
	vma->shared.in_tree = false;
	CDS_INIT_LIST_HEAD(&vma->shared.list);
}

void vma_prio_tree_insert(struct vm_area_struct *vma,
			  struct prio_tree_root *root)
{
	struct prio_tree_node *node = &vma->shared.node, *found;

	vma_prio_tree_init(vma);
	node->start = vma->vm_pgoff;
	node->last = vma->vm_pgoff +
		     ((vma->vm_end - vma->vm_start) >> PAGE_SHIFT) - 1;
	node->max_last = node->last;
	found = RB_INSERT(prio_tree_root, root, node);
	if (found) {
		vma_prio_tree_add(vma, slot_vma(found));
		return;
	}
	vma->shared.in_tree = true;
	update_ancestors(node);
}

void vma_prio_tree_add(struct vm_area_struct *vma, struct vm_area_struct *old)
{
	vma_prio_tree_init(vma);
	if (!old->shared.in_tree) {
		/* A head, a member, or on the nonlinear list. */
		cds_list_add(&vma->shared.list, &old->shared.list);
	} else if (old->shared.head) {
		cds_list_add_tail(&vma->shared.list,
				  &old->shared.head->shared.list);
	} else {
		vma->shared.head = old;
		old->shared.head = vma;
	}
}

/* Take the first member out of @head's list; it will be the head. */
static struct vm_area_struct *promote_member(struct vm_area_struct *head)
{
	struct vm_area_struct *first;

	if (cds_list_empty(&head->shared.list))
		return NULL;
	first = list_vma(head->shared.list.next);
	cds_list_del_init(&head->shared.list);
	return first;
}

static void pair(struct vm_area_struct *node, struct vm_area_struct *head)
{
	node->shared.head = head;
	if (head)
		head->shared.head = node;
}

void vma_prio_tree_remove(struct vm_area_struct *vma,
			  struct prio_tree_root *root)
{
	struct vm_area_struct *peer = vma->shared.head;

	if (!vma->shared.in_tree && !peer) {
		cds_list_del_init(&vma->shared.list);
	} else if (!vma->shared.in_tree) {
		pair(peer, promote_member(vma));
	} else if (peer) {
		replace_node(root, &vma->shared.node, &peer->shared.node);
		peer->shared.in_tree = true;
		pair(peer, promote_member(peer));
	} else {
		struct prio_tree_node *low = lowest_changed(&vma->shared.node);

		RB_REMOVE(prio_tree_root, root, &vma->shared.node);
		update_ancestors(low);
	}
	vma->shared.head = NULL;
	vma->shared.in_tree = false;
}

void prio_tree_iter_init(struct prio_tree_iter *iter,
			 struct prio_tree_root *root, pgoff_t first,
			 pgoff_t last)
{
	iter->root = root;
	iter->first = first;
	iter->last = last;
	iter->slot = NULL;
}

/* The leftmost overlapping node of a subtree that reaches iter->first. */
static struct prio_tree_node *first_in_subtree(struct prio_tree_node *node,
					       struct prio_tree_iter *iter)
{
	while (node && node->max_last >= iter->first) {
		struct prio_tree_node *left = RB_LEFT(node, rb);

		if (left && left->max_last >= iter->first) {
			node = left;
			continue;
		}
		if (node->start > iter->last)
			return NULL;
		if (node->last >= iter->first)
			return node;
		node = RB_RIGHT(node, rb);
	}
	return NULL;
}

static struct prio_tree_node *next_slot(struct prio_tree_iter *iter)
{
	struct prio_tree_node *node = iter->slot, *child, *found;

	if (!node)
		return first_in_subtree(iter->root->rbh_root, iter);
	found = first_in_subtree(RB_RIGHT(node, rb), iter);
	while (!found) {
		/* Up to the first ancestor that is to the right of us. */
		do {
			child = node;
			node = RB_PARENT(node, rb);
			if (!node)
				return NULL;
		} while (RB_RIGHT(node, rb) == child);
		if (node->start > iter->last)
			return NULL;
		found = node->last >= iter->first ?
			node : first_in_subtree(RB_RIGHT(node, rb), iter);
	}
	return found;
}

/* The next VMA of the same slot, or NULL. */
static struct vm_area_struct *next_in_slot(struct vm_area_struct *vma)
{
	struct vm_area_struct *next;

	if (vma->shared.in_tree)
		return vma->shared.head;
	next = list_vma(vma->shared.list.next);
	/* The ring ends at the head, which alone is paired with the node. */
	return next->shared.head ? NULL : next;
}

struct vm_area_struct *vma_prio_tree_next(struct vm_area_struct *vma,
					  struct prio_tree_iter *iter)
{
	struct vm_area_struct *next = vma ? next_in_slot(vma) : NULL;

	if (next)
		return next;
	iter->slot = next_slot(iter);
	return iter->slot ? slot_vma(iter->slot) : NULL;
}
