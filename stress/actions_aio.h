/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asynchronous I/O by user programs, with checks of what arrives. */
#ifndef STRESS_ACTIONS_AIO_H
#define STRESS_ACTIONS_AIO_H

#include "mm/aio.h"
#include "stress/actions.h"

#define AIO_REQUESTS 3 /* at a time */
#define AIO_CTX_EVENTS (AIO_REQUESTS + 1)

/**
 * aio_world_make() - the file that is written
 *
 * Context: init, before the first task.
 * Return: 0 or -ENOMEM.
 */
int aio_world_make(void);

/** aio_world_unmake() - close it.  Context: init, all tasks gone. */
void aio_world_unmake(void);

/**
 * act_aio() - a context, a few requests, their events, the end of the context
 * @u: caller
 *
 * Reads are checked against the file.  Direct reads may instead have gone to
 * a child that some thread has forked meanwhile (DEF-26).
 *
 * Context: user program.
 */
void act_aio(struct stress_user *u);

/**
 * act_aio_leave() - start requests and leave them to the end of the process
 * @u: caller, which is about to exit or to execute
 *
 * Context: user program.
 */
void act_aio_leave(struct stress_user *u);

/**
 * act_aio_ring() - fork a reader of the mapped ring
 * @u: caller
 *
 * The child takes events out of the ring, in user mode or by a system call,
 * while workers complete more; each request has exactly one.
 *
 * Context: user program.
 */
void act_aio_ring(struct stress_user *u);

/* ---- the steps of these, in this order ------------------------------------ */

/** aio_map_buffers() - Return: whether there was memory for them. */
bool aio_map_buffers(struct stress_user *u);

/** aio_make_context() - Return: handle, or 0: no memory, or too many. */
unsigned long aio_make_context(struct stress_user *u);

/**
 * aio_submit_some() - up to AIO_REQUESTS random requests
 * @u: caller
 * @ctx: handle
 * @iocbs: AIO_REQUESTS of them, filled; data is the index
 *
 * Return: bit i for each request that will have an event.
 */
unsigned int aio_submit_some(struct stress_user *u, unsigned long ctx,
			     struct aio_iocb *iocbs);

/** aio_check_event() - an event and what it says has been read. */
void aio_check_event(struct stress_user *u, const struct aio_iocb *iocbs,
		     const struct io_event *ev);

#endif
