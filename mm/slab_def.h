/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slab_def.h - what slab.c and slab_cache.c know of a cache, and nobody else */
#ifndef MM_SLAB_DEF_H
#define MM_SLAB_DEF_H

#include "locking/rcu.h"
#include "mm/slab.h"

#define RING_SIZE 32 /* objects a CPU has at hand */

struct slab {
	struct kmem_cache *cache; /* (c) */
	struct cds_list_head list; /* cache->lock */
	unsigned int inuse; /* cache->lock: objects outside this slab */
	struct rcu_head rcu;
	uint16_t free[]; /* cache->lock: stack of free numbers */
};

struct slab_ring {
	unsigned int head, count; /* (I) */
	long live; /* (I) write, (r) read: allocated minus freed here */
	void *slot[RING_SIZE]; /* (I) free objects, oldest at head */
} __attribute__((aligned(64)));

struct kmem_cache {
	const char *name; /* (c) */
	size_t size, stride, offset; /* (c) bytes; offset of the objects */
	unsigned int flags, order, nr; /* (c) nr objects a slab */
	slab_ctor_t ctor, dtor; /* (c) */
	bool poison; /* (c) */
	spinlock_t lock; /* irq */
	struct cds_list_head partial, full, empty; /* under lock: slabs */
	unsigned int nr_empty; /* under lock */
	unsigned long nr_slabs; /* under lock */
	long live_outside; /* under lock: as live, of threads without CPU */
	struct slab_ring *ring; /* (c) one a CPU */
	struct cds_list_head caches; /* cache_list_lock */
};

#endif /* MM_SLAB_DEF_H */
