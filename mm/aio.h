/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aio.h - asynchronous I/O contexts, as far as an mm's life is concerned
 *
 * A context holds one mm_count, lives on mm->ioctx_list with one reference,
 * and maps a ring of pages into the mm.  Requests are not emulated yet.
 */
#ifndef MM_AIO_H
#define MM_AIO_H

#include "mm/mm_types.h"

#define AIO_RING_MAX_PAGES 8

struct kioctx {
	atomic_t users; /* (a) */
	bool dead; /* ioctx_list_lock W of the mm */
	struct mm_struct *mm; /* (c) one mm_count */
	unsigned long user_id; /* (c) address of the ring: the handle */
	struct kioctx *next; /* ioctx_list_lock of the mm */
	unsigned long mmap_size; /* (c) bytes mapped */
	int nr_pages; /* (c) */
	struct page *ring_pages[AIO_RING_MAX_PAGES]; /* (c) pinned */
};

/** aio_init() - make the cache.  Context: boot.  Return: 0 or -ENOMEM. */
int aio_init(void);

/** aio_exit() - undo aio_init().  Context: no context is left. */
void aio_exit(void);

/**
 * sys_io_setup() - make a context
 * @nr_events: events its ring has room for
 * @ctxp: user address of a word that holds 0; receives the handle
 *
 * Context: system call.
 * Return: 0, -EINVAL, -EFAULT, -ENOMEM.
 */
long sys_io_setup(unsigned int nr_events, uaddr_t ctxp);

/**
 * sys_io_destroy() - kill a context
 * @ctx_id: handle
 *
 * Context: system call.
 * Return: 0 or -EINVAL.
 */
long sys_io_destroy(unsigned long ctx_id);

/**
 * lookup_ioctx() - find a live context of the caller
 * @ctx_id: handle
 *
 * Context: takes R(ioctx_list_lock).
 * Return: context with a reference for put_ioctx(), or NULL.
 */
struct kioctx *lookup_ioctx(unsigned long ctx_id);

/**
 * put_ioctx() - give a reference back; the last one frees ring and context
 * @ctx: context
 *
 * Context: may sleep; the last one takes W(mm->mmap_sem).
 */
void put_ioctx(struct kioctx *ctx);

/**
 * exit_aio() - drop all contexts of a dying mm (EXIT-22)
 * @mm: mm_users is 0
 *
 * Context: may sleep; takes W(mmap_sem) to unmap rings.
 */
void exit_aio(struct mm_struct *mm);

#endif /* MM_AIO_H */
