/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asynchronous I/O by user programs, with checks of what arrives. */
#ifndef STRESS_ACTIONS_AIO_H
#define STRESS_ACTIONS_AIO_H

#include "stress/actions.h"

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

#endif
