// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/heap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/image.h"
#include "explore/prologue.h"
#include "explore/race.h"
#include "explore/world.h"

struct heap heap EXPLORE_STATE;

static struct block **leak_queue EXPLORE_STATE;
static uint32_t nr_queued EXPLORE_STATE;

static void *reserve(void *where, size_t size)
{
	void *p = mmap(where, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		       (where ? MAP_FIXED_NOREPLACE : 0), -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

int heap_init(void)
{
	if (!reserve((void *)HEAP_BASE, HEAP_SIZE))
		return -ENOMEM;
	heap.state = reserve(NULL, HEAP_SIZE / 8);
	heap.blocks = reserve(NULL, HEAP_MAX_BLOCKS * sizeof(struct block));
	leak_queue = reserve(NULL, HEAP_MAX_BLOCKS * sizeof(*leak_queue));
	heap.top = HEAP_BASE;
	return heap.state && heap.blocks && leak_queue ? 0 : -ENOMEM;
}

void heap_begin(void)
{
	if (heap.top == HEAP_BASE)
		return;
	memset(heap.state, 0, (heap.top - HEAP_BASE) / 8);
	heap.top = HEAP_BASE;
	heap.nr_blocks = 0;
	heap.nr_live = 0;
}

void heap_keep(void)
{
	prologue_keep(&heap, sizeof(heap));
	prologue_keep((void *)HEAP_BASE, heap.top - HEAP_BASE);
	prologue_keep(heap.state, (heap.top - HEAP_BASE + 7) / 8);
	prologue_keep(heap.blocks, heap.nr_blocks * sizeof(*heap.blocks));
}

/* The youngest block that starts at or below @addr. */
static struct block *block_at(uintptr_t addr)
{
	uint32_t low = 0, high = heap.nr_blocks;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (heap.blocks[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &heap.blocks[low - 1] : NULL;
}

const struct block *heap_find(uintptr_t addr)
{
	struct block *b = block_at(addr);

	return b && addr - b->addr < b->size + 16 ? b : NULL;
}

void heap_bad_access(uintptr_t addr, uintptr_t size, bool write,
		     uintptr_t pc)
{
	const struct block *b = heap_find(addr);
	const char *what = write ? "write" : "read";

	/* An access may straddle two granules that are fine, each alone. */
	if (b && !b->freed && addr + size <= b->addr + b->size)
		return;
	eng.cur->op.pc = pc;
	if (!b)
		engine_fail(VERDICT_MEMORY, "%lu-byte %s outside any heap"
			    " block", (unsigned long)size, what);
	if (b->freed)
		engine_fail(VERDICT_MEMORY, "%lu-byte %s after free: offset"
			    " %lu of %zu bytes, freed by thread %u",
			    (unsigned long)size, what,
			    (unsigned long)(addr - b->addr), b->size,
			    b->free_tid);
	engine_fail(VERDICT_MEMORY, "%lu-byte %s out of bounds: offset %lu of"
		    " %zu bytes, allocated by thread %u", (unsigned long)size,
		    what, (unsigned long)(addr - b->addr), b->size,
		    b->alloc_tid);
}

void *heap_alloc(size_t size, size_t align, bool zero, uintptr_t pc)
{
	uintptr_t addr = (heap.top + 16 + align - 1) & ~(align - 1);
	uintptr_t end = (addr + size + 15) & ~15ull;
	struct block *b = &heap.blocks[heap.nr_blocks];
	uint8_t *state = &heap.state[(addr - HEAP_BASE) >> 3];

	if (size > HEAP_SIZE || end + 16 > HEAP_BASE + HEAP_SIZE ||
	    heap.nr_blocks == HEAP_MAX_BLOCKS)
		return NULL;
	heap.top = end;
	heap.nr_blocks++;
	heap.nr_live++;
	*b = (struct block){ .addr = addr, .size = size, .alloc_pc = pc,
			     .alloc_tid = eng.cur->id };
	memset(state, 8, size / 8);
	if (size & 7)
		state[size / 8] = size & 7;
	memset((void *)addr, zero ? 0 : HEAP_FILL, size);
	race_fresh(addr, size, zero ? 0 : RACE_FRESH, pc);
	return (void *)addr;
}

void heap_free(void *p, uintptr_t pc)
{
	struct block *b = block_at((uintptr_t)p);
	struct thread *t = eng.cur;

	t->op.pc = pc;
	if (!b || b->addr != (uintptr_t)p)
		engine_fail(VERDICT_MEMORY,
			    "free of a pointer malloc did not return");
	if (b->freed)
		engine_fail(VERDICT_MEMORY, "double free of %zu bytes, freed"
			    " by thread %u before", b->size, b->free_tid);
	race_access(b->addr, b->size, RACE_WRITE | RACE_FREE, pc);
	b->freed = true;
	b->free_pc = pc;
	b->free_tid = t->id;
	heap.nr_live--;
	memset(&heap.state[(b->addr - HEAP_BASE) >> 3], HEAP_FREED,
	       (b->size + 7) / 8);
}

static void mark(uintptr_t word)
{
	struct block *b;

	if (!heap_owns(word))
		return;
	b = block_at(word);
	if (!b || b->freed || b->marked || word - b->addr > b->size)
		return;
	b->marked = true;
	leak_queue[nr_queued++] = b;
}

/* Follow pointers from the program's variables through the heap. */
static void mark_all(bool all)
{
	nr_queued = 0;
	world_scan(mark, all);
	image_scan(mark, all);
	for (uint32_t i = 0; i < nr_queued; i++)
		for (size_t k = 0; k + 8 <= leak_queue[i]->size; k += 8)
			mark(*(uintptr_t *)(leak_queue[i]->addr + k));
}

/* Return: number of blocks not reached; @first and @bytes describe them. */
static unsigned int count_lost(const struct block **first, size_t *bytes)
{
	unsigned int lost = 0;

	*bytes = 0;
	for (uint32_t i = 0; i < heap.nr_blocks; i++) {
		const struct block *b = &heap.blocks[i];

		if (b->freed || b->marked)
			continue;
		if (!lost++)
			*first = b;
		*bytes += b->size;
	}
	return lost;
}

unsigned int heap_check_leaks(void)
{
	const struct block *first = NULL;
	unsigned int lost;
	size_t bytes;

	/* What was not written holds no new pointer; if lost, look better. */
	mark_all(false);
	lost = count_lost(&first, &bytes);
	if (!lost)
		return 0;
	mark_all(true);
	lost = count_lost(&first, &bytes);
	if (!lost)
		return 0;
	eng.threads[0].op.pc = first->alloc_pc;
	snprintf(eng.message, sizeof(eng.message), "%u blocks, %zu bytes lost;"
		 " the first, of %zu bytes, allocated by thread %u", lost,
		 bytes, first->size, first->alloc_tid);
	return lost;
}
