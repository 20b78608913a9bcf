/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slab.h - caches of equal objects that live in frames
 *
 * Every object is followed by a red-zone word that also says whether it is
 * allocated: overruns and double frees are findings.  A freed object is
 * filled with poison and reused first-in first-out per CPU; poison that has
 * changed at the next allocation is a finding.  Caches with a constructor or
 * SLAB_DESTROY_BY_RCU keep their objects as the owner left them.
 */
#ifndef MM_SLAB_H
#define MM_SLAB_H

#include "mm/mm_types.h"
#include "mm/kmalloc.h"
#include "mm/page_alloc.h"

#define SLAB_DESTROY_BY_RCU 0x1u /* frames go after a grace period */

#define POISON_FREE 0x6b

struct kmem_cache;

typedef void (*slab_ctor_t)(void *object);

/**
 * kmem_cache_create() - make a cache
 * @name: constant string
 * @size: bytes of an object, up to 8192
 * @align: a power of two up to 64, 0 for 8
 * @flags: SLAB_*
 * @ctor: run once for each object when its slab is made, or NULL
 * @dtor: run when the slab goes, or NULL
 *
 * Context: may sleep.
 * Return: cache, or NULL.
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size,
				     size_t align, unsigned int flags,
				     slab_ctor_t ctor, slab_ctor_t dtor);

/**
 * kmem_cache_alloc() - take an object
 * @cache: cache
 * @gfp: GFP_*; __GFP_ZERO clears the object (not with a constructor)
 *
 * Context: as alloc_pages().
 * Return: object, or NULL.
 */
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);

/**
 * kmem_cache_free() - give an object back
 * @cache: the cache it came from
 * @object: object
 *
 * Context: any, RCU callbacks included.
 */
void kmem_cache_free(struct kmem_cache *cache, void *object);

/**
 * kmem_cache_of() - the cache an object came from
 * @object: object of any cache
 *
 * Context: any.
 * Return: cache, or NULL if the address is in no slab.
 */
struct kmem_cache *kmem_cache_of(const void *object);

/**
 * kmem_cache_destroy() - free a cache; live objects are a finding
 * @cache: cache, NULL allowed
 *
 * Context: may sleep; nobody else uses @cache.  Waits for RCU callbacks.
 */
void kmem_cache_destroy(struct kmem_cache *cache);

/**
 * kmem_cache_live() - objects allocated and not freed
 * @cache: cache
 *
 * Context: any; exact when nobody allocates or frees.
 * Return: number of objects.
 */
long kmem_cache_live(struct kmem_cache *cache);

/**
 * kmem_cache_name() - the name given at creation
 * @cache: cache
 *
 * Context: any.
 * Return: constant string.
 */
const char *kmem_cache_name(const struct kmem_cache *cache);

/**
 * kmem_cache_size() - bytes of one object
 * @cache: cache
 *
 * Context: any.
 * Return: size given at creation.
 */
size_t kmem_cache_size(const struct kmem_cache *cache);

/**
 * kmem_cache_pages() - frames the cache has
 * @cache: cache
 *
 * Context: any; exact as kmem_cache_live().
 * Return: number of frames.
 */
unsigned long kmem_cache_pages(struct kmem_cache *cache);

/**
 * for_each_kmem_cache() - visit every cache
 * @fn: called for each
 * @arg: for @fn
 *
 * Context: interrupts on; @fn runs under the list's lock.
 */
void for_each_kmem_cache(void (*fn)(struct kmem_cache *cache, void *arg),
			 void *arg);

/**
 * slab_object_live() - is @object an allocated object of @cache
 * @cache: cache
 * @object: any address
 *
 * For audits of pointers that may be stale.
 *
 * Context: any; a snapshot.
 * Return: whether it is.
 */
bool slab_object_live(struct kmem_cache *cache, const void *object);

/**
 * slab_shrink() - return objects cached by CPUs, and empty slabs, to the zone
 * @cache: cache
 *
 * Context: nobody else uses @cache (all other tasks stopped).
 */
void slab_shrink(struct kmem_cache *cache);

/** slab_init() - ready for kmem_cache_create().  Return: 0 or -ENOMEM. */
int slab_init(void);

/** slab_exit() - caches left are a finding.  Context: shutdown. */
void slab_exit(void);

#endif /* MM_SLAB_H */
