// SPDX-License-Identifier: GPL-2.0-or-later
/* aio_ring.c - the events' ring: mapping, pins, and its two ends */
#include "mm/aio_ring.h"

#include <errno.h>

#include "mm/gup.h"
#include "mm/mmap.h"
#include "mm/munmap.h"
#include "mm/page.h"
#include "mm/page_alloc.h"

#define EVENT_WORDS (AIO_EVENT_SIZE / sizeof(uint64_t))

/* A word of the ring in the pinned frame; the user has it mapped too. */
static uint64_t *ring_word(const struct kioctx *ctx, unsigned long word)
{
	const unsigned long per_page = PAGE_SIZE / sizeof(uint64_t);
	uint64_t *frame = page_address(ctx->ring_pages[word / per_page]);

	return &frame[word % per_page];
}

static uint64_t *event_words(const struct kioctx *ctx, unsigned int slot)
{
	return ring_word(ctx, AIO_RING_HEADER_WORDS + slot * EVENT_WORDS);
}

/*
 * The user may have written nonsense there.  If not, it has read the slots
 * before this head, and they can be filled again.
 */
static unsigned int ring_head(const struct kioctx *ctx)
{
	uint64_t head = smp_load_acquire(ring_word(ctx, AIO_RING_HEAD));

	return (unsigned int)(head % ctx->nr_events);
}

static int map_ring(struct kioctx *ctx, int nr_pages)
{
	struct mm_struct *mm = ctx->mm;
	unsigned long size = (unsigned long)nr_pages << PAGE_SHIFT;
	uaddr_t addr;

	down_write(&mm->mmap_sem);
	addr = do_mmap_pgoff(NULL, 0, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (!IS_ERR_VALUE(addr)) {
		ctx->user_id = addr;
		ctx->mmap_size = size;
		ctx->nr_pages = max(0, get_user_pages(mm, addr, nr_pages,
						      GUP_WRITE,
						      ctx->ring_pages));
	}
	up_write(&mm->mmap_sem);
	if (ctx->nr_pages == nr_pages)
		return 0;
	aio_free_ring(ctx);
	return -ENOMEM;
}

int aio_setup_ring(struct kioctx *ctx)
{
	/* One slot always stays free, or full would look like empty. */
	unsigned long words = AIO_RING_HEADER_WORDS +
			      (ctx->max_reqs + 1UL) * EVENT_WORDS;
	unsigned long pages = PAGE_ALIGN(words * sizeof(uint64_t)) >>
			      PAGE_SHIFT;
	int err;

	if (pages > AIO_RING_MAX_PAGES)
		return -EINVAL;
	err = map_ring(ctx, (int)pages);
	if (err)
		return err;
	ctx->nr_events = ctx->max_reqs + 1;
	ctx->tail = 0;
	WRITE_ONCE(*ring_word(ctx, AIO_RING_NR), ctx->nr_events);
	return 0;
}

void aio_free_ring(struct kioctx *ctx)
{
	struct mm_struct *mm = ctx->mm;

	for (int i = 0; i < ctx->nr_pages; i++)
		put_page(ctx->ring_pages[i]);
	ctx->nr_pages = 0;
	if (!ctx->mmap_size)
		return;
	if (!atomic_read(&mm->mm_users))
		atomic_long_inc(&aio_stats.rings_dying);
	down_write(&mm->mmap_sem);
	(void)do_munmap(mm, ctx->user_id, ctx->mmap_size);
	up_write(&mm->mmap_sem);
}

unsigned int aio_ring_avail(struct kioctx *ctx)
{
	return (ring_head(ctx) + ctx->nr_events - 1 - ctx->tail) %
	       ctx->nr_events;
}

void aio_ring_put(struct kioctx *ctx, const struct io_event *ev)
{
	uint64_t *w = event_words(ctx, ctx->tail);

	WRITE_ONCE(w[0], ev->data);
	WRITE_ONCE(w[1], ev->obj);
	WRITE_ONCE(w[2], (uint64_t)ev->res);
	WRITE_ONCE(w[3], (uint64_t)ev->res2);
	ctx->tail = (ctx->tail + 1) % ctx->nr_events;
	/* A user that looks without a call finds the event before the tail. */
	smp_store_release(ring_word(ctx, AIO_RING_TAIL), ctx->tail);
}

bool aio_ring_take(struct kioctx *ctx, struct io_event *ev)
{
	unsigned int head = ring_head(ctx);
	const uint64_t *w = event_words(ctx, head);

	if (head == ctx->tail)
		return false;
	ev->data = READ_ONCE(w[0]);
	ev->obj = READ_ONCE(w[1]);
	ev->res = (int64_t)READ_ONCE(w[2]);
	ev->res2 = (int64_t)READ_ONCE(w[3]);
	WRITE_ONCE(*ring_word(ctx, AIO_RING_HEAD), (head + 1) % ctx->nr_events);
	return true;
}
