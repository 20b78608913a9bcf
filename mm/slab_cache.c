// SPDX-License-Identifier: GPL-2.0-or-later
/* slab_cache.c - making, finding and counting caches of slab.c */
#include <stdlib.h>
#include <string.h>

#include "mm/lock_classes.h"
#include "mm/slab_def.h"

static DEFINE_SPINLOCK(cache_list_lock, &slab_list_class);
static CDS_LIST_HEAD(cache_list); /* cache_list_lock */
/* Destroyed with live objects, which still lead here.  cache_list_lock */
static CDS_LIST_HEAD(zombie_list);

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) & ~(to - 1);
}

/* Smallest block with at least 8 objects, or the largest allowed. */
static void choose_order(struct kmem_cache *c, size_t align)
{
	for (c->order = 0;; c->order++) {
		size_t block = PAGE_SIZE << c->order;

		c->nr = (unsigned int)((block - sizeof(struct slab) - align) /
				       (c->stride + sizeof(uint16_t)));
		if (c->nr >= 8 || c->order == 3)
			break;
	}
	c->offset = round_up(sizeof(struct slab) + c->nr * sizeof(uint16_t),
			     align);
}

static void cache_setup(struct kmem_cache *c, size_t size, size_t align)
{
	align = max(align, sizeof(unsigned long));
	c->size = round_up(size, sizeof(unsigned long));
	c->stride = round_up(c->size + sizeof(unsigned long), align);
	c->poison = !c->ctor && !(c->flags & SLAB_DESTROY_BY_RCU);
	choose_order(c, align);
	spin_lock_init(&c->lock, &slab_class);
	CDS_INIT_LIST_HEAD(&c->partial);
	CDS_INIT_LIST_HEAD(&c->full);
	CDS_INIT_LIST_HEAD(&c->empty);
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size,
				     size_t align, unsigned int flags,
				     slab_ctor_t ctor, slab_ctor_t dtor)
{
	struct kmem_cache *c;

	if (!size || size > 2 * PAGE_SIZE || align > 64)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->ring = aligned_alloc(64, NR_CPUS * sizeof(*c->ring));
	if (!c->ring) {
		free(c);
		return NULL;
	}
	for (int i = 0; i < nr_cpu_ids; i++)
		memset(&c->ring[i], 0, sizeof(c->ring[i]));
	c->name = name;
	c->flags = flags;
	c->ctor = ctor;
	c->dtor = dtor;
	cache_setup(c, size, align);
	spin_lock(&cache_list_lock);
	cds_list_add_tail(&c->caches, &cache_list);
	spin_unlock(&cache_list_lock);
	return c;
}

static void cache_free(struct kmem_cache *c)
{
	free(c->ring);
	free(c);
}

void kmem_cache_destroy(struct kmem_cache *c)
{
	long live;

	if (!c)
		return;
	rcu_barrier();
	live = kmem_cache_live(c);
	if (live)
		report_finding(FINDING_LEAK, "%s: %ld objects not freed",
			       c->name, live);
	slab_shrink(c);
	rcu_barrier();
	spin_lock(&cache_list_lock);
	if (live)
		cds_list_move(&c->caches, &zombie_list);
	else
		cds_list_del(&c->caches);
	spin_unlock(&cache_list_lock);
	if (!live)
		cache_free(c);
}

long kmem_cache_live(struct kmem_cache *c)
{
	unsigned long flags;
	long live = 0;

	for (int i = 0; i < nr_cpu_ids; i++)
		live += READ_ONCE(c->ring[i].live);
	spin_lock_irqsave(&c->lock, flags);
	live += c->live_outside;
	spin_unlock_irqrestore(&c->lock, flags);
	return live;
}

const char *kmem_cache_name(const struct kmem_cache *c)
{
	return c->name;
}

size_t kmem_cache_size(const struct kmem_cache *c)
{
	return c->size;
}

unsigned long kmem_cache_pages(struct kmem_cache *c)
{
	unsigned long flags, nr;

	spin_lock_irqsave(&c->lock, flags);
	nr = c->nr_slabs << c->order;
	spin_unlock_irqrestore(&c->lock, flags);
	return nr;
}

void for_each_kmem_cache(void (*fn)(struct kmem_cache *cache, void *arg),
			 void *arg)
{
	struct kmem_cache *c;

	spin_lock(&cache_list_lock);
	cds_list_for_each_entry(c, &cache_list, caches)
		fn(c, arg);
	spin_unlock(&cache_list_lock);
}

int slab_init(void)
{
	return kmalloc_init();
}

void slab_exit(void)
{
	struct kmem_cache *c, *next;

	kmalloc_exit();
	spin_lock(&cache_list_lock);
	cds_list_for_each_entry(c, &cache_list, caches)
		report_finding(FINDING_LEAK, "cache %s not destroyed", c->name);
	cds_list_splice(&cache_list, &zombie_list);
	CDS_INIT_LIST_HEAD(&cache_list);
	cds_list_for_each_entry_safe(c, next, &zombie_list, caches)
		cache_free(c);
	CDS_INIT_LIST_HEAD(&zombie_list);
	spin_unlock(&cache_list_lock);
}
