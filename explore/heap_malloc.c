// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * malloc() and its family: the arena for the program, the image while it is
 * being made, libc for the host.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "explore/heap.h"
#include "explore/image.h"
#include "explore/race.h"

#define CALLER ((uintptr_t)__builtin_return_address(0))
#define PAGE 4096ul

/* glibc's own, under the names it exports for replacements like ours. */
extern void *__libc_malloc(size_t size);
extern void __libc_free(void *p);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

static void *allocate(size_t size, size_t align, bool zero, uintptr_t pc)
{
	void *p = NULL;

	if (!eng.fail_alloc || !engine_choose(2))
		p = heap_alloc(size, align < 16 ? 16 : align, zero, pc);
	if (!p)
		errno = ENOMEM;
	return p;
}

static void *host_alloc(size_t size, size_t align)
{
	if (image.open)
		return image_alloc(size, align);
	return align > 16 ? __libc_memalign(align, size) : __libc_malloc(size);
}

void *malloc(size_t size)
{
	if (!eng.cur)
		return host_alloc(size, 16);
	return allocate(size, 16, false, CALLER);
}

void free(void *p)
{
	if (!p)
		return;
	if (!heap_owns((uintptr_t)p)) {
		/* What the host gave to the program outlives executions. */
		if (!eng.cur && !image_owns((uintptr_t)p))
			__libc_free(p);
		return;
	}
	if (eng.cur)
		heap_free(p, CALLER);
}

void *calloc(size_t n, size_t size)
{
	size_t total;

	if (!eng.cur && !image.open)
		return __libc_calloc(n, size);
	if (__builtin_mul_overflow(n, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	if (!eng.cur)
		return image_alloc(total, 16);
	return allocate(total, 16, true, CALLER);
}

static void *move_block(void *p, size_t size, uintptr_t pc)
{
	const struct block *b = heap_find((uintptr_t)p);
	size_t old = b ? b->size : 0;
	void *new = allocate(size, 16, false, pc);

	if (!new)
		return NULL;
	race_access((uintptr_t)p, old, 0, pc);
	race_access((uintptr_t)new, old < size ? old : size, RACE_WRITE, pc);
	memcpy(new, p, old < size ? old : size);
	heap_free(p, pc);
	return new;
}

/* A block that is not in the arena: of the image, or libc's. */
static size_t size_of_host_block(void *p)
{
	return image_owns((uintptr_t)p) ? image_block_size(p) :
	       malloc_usable_size(p);
}

void *realloc(void *p, size_t size)
{
	void *new;

	if (!eng.cur && !image.open && !image_owns((uintptr_t)p))
		return __libc_realloc(p, size);
	if (!eng.cur) {
		new = host_alloc(size, 16);
		if (new && p)
			memcpy(new, p, size < size_of_host_block(p) ? size :
			       size_of_host_block(p));
		return new;
	}
	if (!p)
		return allocate(size, 16, false, CALLER);
	if (heap_owns((uintptr_t)p))
		return move_block(p, size, CALLER);
	new = allocate(size, 16, false, CALLER);
	if (new) {
		size_t old = size_of_host_block(p);

		memcpy(new, p, old < size ? old : size);
	}
	return new;
}

void *reallocarray(void *p, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, total);
}

void *memalign(size_t align, size_t size)
{
	if (!eng.cur)
		return host_alloc(size, align);
	return allocate(size, align, false, CALLER);
}

void *aligned_alloc(size_t align, size_t size)
{
	if (!eng.cur)
		return host_alloc(size, align);
	return allocate(size, align, false, CALLER);
}

int posix_memalign(void **out, size_t align, size_t size)
{
	void *p;

	if (align < sizeof(void *) || align & (align - 1))
		return EINVAL;
	p = eng.cur ? allocate(size, align, false, CALLER) :
	    host_alloc(size, align);
	if (!p)
		return ENOMEM;
	*out = p;
	return 0;
}

void *valloc(size_t size)
{
	return memalign(PAGE, size);
}
