// SPDX-License-Identifier: GPL-2.0-or-later
/* mmap() of private anonymous memory: the heap's, or the image's. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/heap.h"
#include "explore/host.h"
#include "explore/image.h"
#include "explore/unmodelled.h"

#define CALLER ((uintptr_t)__builtin_return_address(0))
#define PAGE 4096ul

static bool is_plain(void *addr, int prot, int flags)
{
	return !addr && prot == (PROT_READ | PROT_WRITE) &&
	       (flags & (MAP_PRIVATE | MAP_ANONYMOUS)) ==
	       (MAP_PRIVATE | MAP_ANONYMOUS);
}

void *mmap(void *addr, size_t size, int prot, int flags, int fd, off_t off)
{
	void *p;

	if (!eng.cur && !(image.open && is_plain(addr, prot, flags)))
		return HOST_CALL(mmap, addr, size, prot, flags, fd, off);
	if (!is_plain(addr, prot, flags))
		unmodelled("mmap of a file or to a fixed place");
	size = (size + PAGE - 1) & ~(PAGE - 1);
	if (!eng.cur)
		p = image_alloc(size, PAGE);
	else
		p = heap_alloc(size, PAGE, true, CALLER);
	if (!p) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return p;
}

int munmap(void *addr, size_t size)
{
	if (image_owns((uintptr_t)addr))
		return 0;
	if (!heap_owns((uintptr_t)addr))
		return HOST_CALL(munmap, addr, size);
	if (eng.cur)
		heap_free(addr, CALLER);
	return 0;
}
