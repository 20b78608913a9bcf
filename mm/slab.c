// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * slab.c - objects, slabs and rings of object caches
 *
 * 2.6.11: mm/slab.c, reduced.  A slab is a block of frames: a header with a
 * stack of free object numbers, then the objects, each followed by its
 * red-zone word.  In front of the slabs every CPU has a ring of free objects:
 * frees go in at the tail, allocations come out at the head, and at least
 * RING_KEEP objects stay, so that a freed object rests before it is reused.
 *
 *	interrupts off		the CPU's ring and counter
 *	cache->lock (irq)	slabs and their lists
 */
#include <string.h>

#include "locking/kasan.h"
#include "locking/kmsan.h"
#include "mm/cpu.h"
#include "mm/fault_inject.h"
#include "mm/slab_def.h"

#define RING_KEEP 8
#define RING_BATCH 16

#define RED_ACTIVE 0x170fc2a5170fc2a5UL
#define RED_FREE 0x5a2cf0715a2cf071UL
#define POISON_WORD 0x6b6b6b6b6b6b6b6bUL

/* Empty slabs kept by a cache. */
#define KEEP_EMPTY 2

/* ---- objects ---------------------------------------------------------- */

static unsigned long *redzone(const struct kmem_cache *c, void *object)
{
	return (unsigned long *)((char *)object + c->stride) - 1;
}

static struct slab *slab_of(const void *object)
{
	return (struct slab *)virt_to_page(object)->private;
}

static void *slab_object(struct slab *s, unsigned int n)
{
	return (char *)s + s->cache->offset + n * s->cache->stride;
}

static unsigned int object_number(const struct slab *s, const void *object)
{
	size_t off = (size_t)((const char *)object - (const char *)s);

	return (unsigned int)((off - s->cache->offset) / s->cache->stride);
}

static void poison_object(const struct kmem_cache *c, void *object)
{
	if (c->poison)
		kasan_poison_as(object, POISON_FREE, c->size);
}

static void check_poison(const struct kmem_cache *c, void *object)
{
	const unsigned long *word = object;
	size_t n = c->size / sizeof(*word);

	for (size_t i = 0; i < n; i++) {
		if (likely(word[i] == POISON_WORD))
			continue;
		report_finding(FINDING_USE_AFTER_FREE,
			"%s: freed object %p written at offset %zu: %lx",
			c->name, object, i * sizeof(*word), word[i]);
		return;
	}
}

/* The object leaves the allocator. */
static void prepare_alloc(const struct kmem_cache *c, void *object, gfp_t gfp)
{
	unsigned long *red = redzone(c, object);

	if (c->poison) {
		kasan_unpoison(object, c->size);
		check_poison(c, object);
		if (!(gfp & __GFP_ZERO))
			kmsan_poison(object, c->size);
	}
	if (unlikely(*red != RED_FREE))
		report_finding(FINDING_MEMORY,
			"%s: red zone of free object %p overwritten: %lx",
			c->name, object, *red);
	*red = RED_ACTIVE;
	if (gfp & __GFP_ZERO)
		memset(object, 0, c->size);
}

/* The object comes back.  Return: whether it may be freed. */
static bool prepare_free(const struct kmem_cache *c, void *object)
{
	unsigned long *red;

	if (unlikely(kmem_cache_of(object) != c)) {
		report_finding(FINDING_MEMORY,
			"%s: %p freed, which is no object of it", c->name,
			object);
		return false;
	}
	red = redzone(c, object);
	if (unlikely(*red != RED_ACTIVE)) {
		report_finding(FINDING_MEMORY, *red == RED_FREE ?
			"%s: double free of %p, red zone %lx" :
			"%s: object %p overran its red zone: %lx",
			c->name, object, *red);
		if (*red == RED_FREE)
			return false;
	}
	*red = RED_FREE;
	poison_object(c, object);
	return true;
}

struct kmem_cache *kmem_cache_of(const void *object)
{
	if ((const char *)object < mem_base ||
	    (const char *)object >= mem_base + (max_pfn << PAGE_SHIFT) ||
	    !PageSlab(virt_to_page(object)))
		return NULL;
	return slab_of(object)->cache;
}

bool slab_object_live(struct kmem_cache *c, const void *object)
{
	size_t off;

	if (kmem_cache_of(object) != c)
		return false;
	off = (size_t)((const char *)object - (const char *)slab_of(object));
	if (off < c->offset || (off - c->offset) % c->stride)
		return false;
	/* A hint for audits: whoever frees it at the same time decides. */
	return data_race(*redzone(c, (void *)object)) == RED_ACTIVE;
}

/* ---- slabs; cache->lock held ------------------------------------------ */

static void make_objects(struct kmem_cache *c, struct slab *s)
{
	for (unsigned int i = 0; i < c->nr; i++) {
		void *object = slab_object(s, i);

		*redzone(c, object) = RED_FREE;
		if (c->ctor)
			c->ctor(object);
		poison_object(c, object);
		s->free[i] = (uint16_t)(c->nr - 1 - i);
	}
}

static struct slab *slab_from_page(struct kmem_cache *c, struct page *page)
	__must_hold(&c->lock)
{
	struct slab *s = page_address(page);

	s->cache = c;
	s->inuse = 0;
	for (unsigned int i = 0; i < 1U << c->order; i++) {
		page[i].private = (unsigned long)s;
		SetPageSlab(&page[i]);
	}
	make_objects(c, s);
	cds_list_add(&s->list, &c->empty);
	c->nr_empty++;
	c->nr_slabs++;
	return s;
}

static struct slab *slab_grow(struct kmem_cache *c, gfp_t gfp)
	__must_hold(&c->lock)
{
	struct page *page = alloc_pages(gfp & __GFP_HIGH, c->order);

	return page ? slab_from_page(c, page) : NULL;
}

static void slab_release(struct slab *s)
{
	struct kmem_cache *c = s->cache;
	struct page *page = virt_to_page(s);
	unsigned int order = c->order;

	for (unsigned int i = 0; i < c->nr; i++) {
		kasan_unpoison(slab_object(s, i), c->size);
		if (c->dtor)
			c->dtor(slab_object(s, i));
	}
	for (unsigned int i = 0; i < 1U << order; i++) {
		page[i].private = 0;
		ClearPageSlab(&page[i]);
	}
	__free_pages(page, order);
}

static void slab_release_rcu(struct rcu_head *head)
{
	slab_release(container_of(head, struct slab, rcu));
}

static void slab_destroy(struct kmem_cache *c, struct slab *s)
	__must_hold(&c->lock)
{
	cds_list_del(&s->list);
	c->nr_slabs--;
	if (c->flags & SLAB_DESTROY_BY_RCU)
		call_rcu(&s->rcu, slab_release_rcu);
	else
		slab_release(s);
}

/* An object number leaves its slab. */
static void *slab_take(struct kmem_cache *c, gfp_t gfp) __must_hold(&c->lock)
{
	struct slab *s;

	if (!cds_list_empty(&c->partial))
		s = cds_list_first_entry(&c->partial, struct slab, list);
	else if (!cds_list_empty(&c->empty))
		s = cds_list_first_entry(&c->empty, struct slab, list);
	else
		s = slab_grow(c, gfp);
	if (!s)
		return NULL;
	if (!s->inuse)
		c->nr_empty--;
	s->inuse++;
	cds_list_move(&s->list, s->inuse == c->nr ? &c->full : &c->partial);
	return slab_object(s, s->free[c->nr - s->inuse]);
}

static void slab_put(struct kmem_cache *c, void *object)
	__must_hold(&c->lock)
{
	struct slab *s = slab_of(object);

	s->free[c->nr - s->inuse] = (uint16_t)object_number(s, object);
	s->inuse--;
	if (s->inuse) {
		cds_list_move(&s->list, &c->partial);
		return;
	}
	cds_list_move(&s->list, &c->empty);
	if (++c->nr_empty > KEEP_EMPTY) {
		c->nr_empty--;
		slab_destroy(c, s);
	}
}

/* ---- rings; interrupts off -------------------------------------------- */

static void ring_push(struct slab_ring *r, void *object)
{
	r->slot[(r->head + r->count++) % RING_SIZE] = object;
}

static void *ring_pop(struct slab_ring *r)
{
	void *object = r->slot[r->head];

	r->head = (r->head + 1) % RING_SIZE;
	r->count--;
	return object;
}

static void ring_refill(struct kmem_cache *c, struct slab_ring *r, gfp_t gfp)
{
	spin_lock(&c->lock);
	while (r->count < RING_BATCH) {
		void *object = slab_take(c, gfp);

		if (!object)
			break;
		ring_push(r, object);
	}
	spin_unlock(&c->lock);
}

static void ring_drain(struct kmem_cache *c, struct slab_ring *r,
		       unsigned int nr)
{
	spin_lock(&c->lock);
	while (nr--)
		slab_put(c, ring_pop(r));
	spin_unlock(&c->lock);
}

/* Threads without a CPU, such as RCU's, go to the slabs directly. */
static void *alloc_outside(struct kmem_cache *c, gfp_t gfp)
{
	void *object;

	spin_lock(&c->lock);
	object = slab_take(c, gfp);
	if (object)
		c->live_outside++;
	spin_unlock(&c->lock);
	return object;
}

static void free_outside(struct kmem_cache *c, void *object)
{
	spin_lock(&c->lock);
	c->live_outside--;
	slab_put(c, object);
	spin_unlock(&c->lock);
}

static void *alloc_on_cpu(struct kmem_cache *c, struct slab_ring *r, gfp_t gfp)
{
	if (r->count <= RING_KEEP)
		ring_refill(c, r, gfp);
	if (!r->count)
		return NULL;
	WRITE_ONCE(r->live, r->live + 1);
	return ring_pop(r);
}

static void free_on_cpu(struct kmem_cache *c, struct slab_ring *r,
			void *object)
{
	if (r->count == RING_SIZE)
		ring_drain(c, r, RING_BATCH);
	WRITE_ONCE(r->live, r->live - 1);
	ring_push(r, object);
}

static void *alloc_object(struct kmem_cache *c, gfp_t gfp)
{
	unsigned long flags;
	struct cpu *cpu;
	void *object;

	local_irq_save(flags);
	cpu = this_cpu();
	object = cpu ? alloc_on_cpu(c, &c->ring[cpu->id], gfp) :
		       alloc_outside(c, gfp);
	local_irq_restore(flags);
	return object;
}

/* Add a slab whose frames may have to be reclaimed first: not under lock. */
static bool cache_grow(struct kmem_cache *c, gfp_t gfp)
{
	struct page *page = alloc_pages(gfp & ~__GFP_ZERO, c->order);

	if (!page)
		return false;
	spin_lock_irq(&c->lock);
	slab_from_page(c, page);
	spin_unlock_irq(&c->lock);
	return true;
}

void *kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp)
{
	void *object;

	if (gfp & __GFP_WAIT) {
		might_sleep();
		if (should_fail_alloc())
			return NULL;
	}
	do {
		object = alloc_object(c, gfp);
	} while (unlikely(!object) && (gfp & __GFP_WAIT) &&
		 cache_grow(c, gfp));
	if (object)
		prepare_alloc(c, object, gfp);
	return object;
}

void kmem_cache_free(struct kmem_cache *c, void *object)
{
	unsigned long flags;
	struct cpu *cpu;

	if (!prepare_free(c, object))
		return;
	local_irq_save(flags);
	cpu = this_cpu();
	if (cpu)
		free_on_cpu(c, &c->ring[cpu->id], object);
	else
		free_outside(c, object);
	local_irq_restore(flags);
}

void slab_shrink(struct kmem_cache *c)
{
	for (int i = 0; i < nr_cpu_ids; i++) {
		struct slab_ring *r = &c->ring[i];

		if (r->count)
			ring_drain(c, r, r->count);
	}
	spin_lock(&c->lock);
	while (!cds_list_empty(&c->empty)) {
		c->nr_empty--;
		slab_destroy(c, cds_list_first_entry(&c->empty, struct slab,
						     list));
	}
	spin_unlock(&c->lock);
}
