/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aio_ring.h - the ring of events a context shares with its process
 *
 * The pages are mapped like any private memory, and pinned: the kernel fills
 * them through its own mapping, so that completion needs no mm.  After a fork
 * that makes the process copy a page, the kernel goes on with the old one
 * (DEF-26).
 */
#ifndef MM_AIO_RING_H
#define MM_AIO_RING_H

#include "mm/aio.h"

#define AIO_EVENT_SIZE sizeof(struct io_event)

/**
 * aio_setup_ring() - map and pin a ring in current->mm
 * @ctx: new context: mm, max_reqs set; its ring fields and user_id are filled
 *
 * Context: takes W(mmap_sem).
 * Return: 0, -EINVAL (too large) or -ENOMEM with nothing mapped.
 */
int aio_setup_ring(struct kioctx *ctx);

/**
 * aio_free_ring() - unpin and unmap
 * @ctx: context nobody completes requests of any more
 *
 * The user may have unmapped the range long ago, or mapped something else.
 *
 * Context: takes W(mmap_sem), whatever mm_users is (EXIT-22).
 */
void aio_free_ring(struct kioctx *ctx);

/**
 * aio_ring_avail() - slots that are free
 * @ctx: context
 *
 * Context: ctx_lock.
 * Return: number of events that fit.
 */
unsigned int aio_ring_avail(struct kioctx *ctx)
	__must_hold(&ctx->ctx_lock);

/**
 * aio_ring_put() - append an event; there is room by reservation
 * @ctx: context
 * @ev: event
 *
 * Context: ctx_lock.
 */
void aio_ring_put(struct kioctx *ctx, const struct io_event *ev)
	__must_hold(&ctx->ctx_lock);

/**
 * aio_ring_take() - take the oldest event
 * @ctx: context
 * @ev: filled
 *
 * Context: ctx_lock.
 * Return: whether there was one.
 */
bool aio_ring_take(struct kioctx *ctx, struct io_event *ev)
	__must_hold(&ctx->ctx_lock);

#endif /* MM_AIO_RING_H */
