/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a library for asynchronous I/O does in user mode. */
#ifndef STRESS_AIO_USER_H
#define STRESS_AIO_USER_H

#include "mm/aio.h"

/**
 * aio_user_take() - take the oldest event out of the mapped ring
 * @ctx: handle, which is the ring's address; nobody else takes events of it
 * @slots: what io_setup() was asked for, and one; checked against the header
 * @ev: filled
 *
 * A header that makes no sense is a finding.
 *
 * Context: user program; may fault.
 * Return: 1, 0 (none there), or -EFAULT (unmapped, or the finding).
 */
int aio_user_take(unsigned long ctx, uint64_t slots, struct io_event *ev);

#endif
