/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * direct_io.h - requests that move data to and from pinned user pages
 *
 * The pages are looked up once, when the request is submitted; the data is
 * moved later by a thread that knows nothing of the mm, as a device would.
 * What a fork does to the mapping meanwhile is DEF-26.
 */
#ifndef MM_DIRECT_IO_H
#define MM_DIRECT_IO_H

#include "mm/kiocb.h"

/**
 * dio_pin() - get_user_pages() on a request's buffer
 * @iocb: new request: buffer and direction are set
 *
 * Context: a task of the request's mm; takes R(mmap_sem).
 * Return: 0, -EINVAL (too long), -EFAULT or -ENOMEM with nothing pinned.
 */
int dio_pin(struct kiocb *iocb);

/**
 * dio_unpin() - give the pages back
 * @iocb: request; without pages nothing happens
 *
 * Context: any.
 */
void dio_unpin(struct kiocb *iocb);

/**
 * dio_submit() - ki_retry() of a direct request: hand it to the device
 * @iocb: pinned request
 *
 * Context: submitter.
 * Return: -EIOCBQUEUED.
 */
ssize_t dio_submit(struct kiocb *iocb);

#endif /* MM_DIRECT_IO_H */
