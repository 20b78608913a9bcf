/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mempolicy.h - NUMA policies, as objects with a life cycle
 *
 * The machine has one node; what matters is that every VMA and task owns its
 * own object (REF-13) and that copying one can fail in fork (FORK-52).
 */
#ifndef MM_MEMPOLICY_H
#define MM_MEMPOLICY_H

#include "mm/mm_types.h"

enum { MPOL_DEFAULT, MPOL_PREFERRED, MPOL_BIND, MPOL_INTERLEAVE };

#define MPOL_F_ADDR 2UL /* of the VMA at an address, not of the task */

struct mempolicy {
	atomic_t refcnt; /* (a) */
	int policy; /* (c) MPOL_*, never MPOL_DEFAULT */
	unsigned long nodes; /* (c) bit mask */
};

extern struct kmem_cache *policy_cachep;

/** mempolicy_init() - create the cache. Return: 0 or -ENOMEM. */
int mempolicy_init(void);

/** mempolicy_exit() - destroy the cache; reports leaks. */
void mempolicy_exit(void);

/**
 * mpol_new() - a policy with one reference
 * @policy: MPOL_*
 * @nodes: bit mask of nodes
 *
 * Context: may sleep.
 * Return: NULL for MPOL_DEFAULT, the policy, or ERR_PTR(-EINVAL, -ENOMEM).
 */
struct mempolicy *mpol_new(int policy, unsigned long nodes);

/**
 * mpol_copy() - a new object equal to @pol
 * @pol: policy or NULL
 *
 * Context: may sleep.
 * Return: NULL for NULL, the copy, or ERR_PTR(-ENOMEM).
 */
struct mempolicy *mpol_copy(const struct mempolicy *pol);

/**
 * mpol_free() - drop a reference
 * @pol: policy or NULL
 *
 * Context: any.
 */
void mpol_free(struct mempolicy *pol);

/**
 * mpol_equal() - same policy and nodes
 * @a: policy or NULL
 * @b: policy or NULL
 */
bool mpol_equal(const struct mempolicy *a, const struct mempolicy *b);

/**
 * sys_set_mempolicy() - replace the caller's policy
 * @policy: MPOL_*
 * @nodes: bit mask of nodes
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int sys_set_mempolicy(int policy, unsigned long nodes);

/**
 * sys_mbind() - set the policy of a range of the caller's address space
 * @start: page aligned
 * @len: bytes
 * @policy: MPOL_*
 * @nodes: bit mask of nodes
 *
 * Splits VMAs at the ends; does not merge back.
 *
 * Context: takes W(mmap_sem).
 * Return: 0, -EINVAL, -ENOMEM, or -EFAULT for a hole.
 */
int sys_mbind(uaddr_t start, unsigned long len, int policy,
	      unsigned long nodes);

/**
 * sys_get_mempolicy() - read a policy
 * @policy: receives MPOL_*
 * @nodes: receives the bit mask of nodes; 0 for MPOL_DEFAULT
 * @addr: with MPOL_F_ADDR an address in a mapping, else 0
 * @flags: MPOL_F_ADDR for that mapping's policy, 0 for the task's
 *
 * Context: takes R(mmap_sem), under which a policy of a VMA stays (REF-13).
 * Return: 0, -EINVAL, or -EFAULT where nothing is mapped.
 */
int sys_get_mempolicy(int *policy, unsigned long *nodes, uaddr_t addr,
		      unsigned long flags);

#endif /* MM_MEMPOLICY_H */
