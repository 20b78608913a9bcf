/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aio.h - asynchronous I/O: contexts and the system calls
 *
 * A context holds one mm_count, lives on mm->ioctx_list with one reference,
 * and has a ring of pages, mapped into the mm and pinned, for its events.
 * Requests are in kiocb.h, the ring is in aio_ring.h.
 */
#ifndef MM_AIO_H
#define MM_AIO_H

#include <linux/aio_abi.h>

#include "mm/mm_types.h"
#include "mm/workqueue.h"

#define AIO_MAX_NR 65536 /* events of all contexts together */
#define AIO_RING_MAX_PAGES 8

struct kioctx {
	atomic_t users; /* (a) the list, and each lookup_ioctx() */
	struct mm_struct *mm; /* (c) one mm_count */
	unsigned long user_id; /* (c) address of the ring: the handle */
	struct kioctx *next; /* ioctx_list_lock of the mm */
	unsigned int max_reqs; /* (c) charged to aio_nr */
	struct cds_list_head all_node; /* ours: aio_nr_lock, for audits */

	spinlock_t ctx_lock; /* irq; key (x) below */
	bool dead; /* (x) no request is accepted any more */
	int reqs_active; /* (x) requests not yet released */
	struct cds_list_head active_reqs; /* (x) kiocb.ki_list */
	struct cds_list_head run_list; /* (x) kiocb.ki_run_list: kicked */
	struct wait_queue_head wait; /* events, and reqs_active reaching 0 */
	struct work_struct wq; /* aio_kick_handler() */

	unsigned int nr_events; /* (c) slots of the ring */
	unsigned int tail; /* (x) next slot to fill; the ring has a copy */
	unsigned long mmap_size; /* (c) bytes mapped */
	int nr_pages; /* (c) */
	struct page *ring_pages[AIO_RING_MAX_PAGES]; /* (c) pinned */
};

/* What io_submit() is given for each request. */
struct aio_iocb {
	uint64_t data; /* comes back in the event */
	int opcode; /* IOCB_CMD_PREAD, PWRITE, POLL */
	bool direct; /* bypass user mappings: pin pages now, move data later */
	struct file *file; /* must stay open during the call */
	uaddr_t buf; /* user memory, 8-byte aligned */
	size_t nbytes; /* multiple of 8 */
	loff_t offset; /* multiple of 8 */
};

/** aio_init() - make the caches.  Context: boot.  Return: 0 or -ENOMEM. */
int aio_init(void);

/** aio_exit() - undo aio_init().  Context: no context is left. */
void aio_exit(void);

/**
 * aio_start_workers() - start the kernel threads that run requests
 * @nr: 1 to 8 that borrow mms, and as many that move data of direct I/O
 *
 * io_submit() fails with -ENOSYS without them.
 *
 * Context: a task; may sleep.
 * Return: 0 or -Exxx with none started.
 */
int aio_start_workers(int nr);

/** aio_stop_workers() - end them.  Context: no request is left; sleeps. */
void aio_stop_workers(void);

/** aio_flush_workers() - wait until they are idle.  Context: sleeps. */
void aio_flush_workers(void);

/*
 * The ring at the handle: these words, then the events.  The process may take
 * events itself and move the head, if nothing else takes any meanwhile.
 */
enum aio_ring_word {
	AIO_RING_NR, /* slots; the kernel never reads it */
	AIO_RING_HEAD, /* slot of the oldest event */
	AIO_RING_TAIL, /* slot of the next event: the kernel has its own */
	AIO_RING_HEADER_WORDS = 4
};

/**
 * sys_io_setup() - make a context
 * @nr_events: requests and events it has room for
 * @ctxp: user address of a word that holds 0; receives the handle
 *
 * Context: system call.
 * Return: 0, -EINVAL, -EFAULT, -ENOMEM, -EAGAIN (too many in the system).
 */
long sys_io_setup(unsigned int nr_events, uaddr_t ctxp);

/**
 * sys_io_destroy() - kill a context: cancel, wait for the rest, unmap
 * @ctx_id: handle
 *
 * Context: system call; sleeps uninterruptibly.
 * Return: 0 or -EINVAL.
 */
long sys_io_destroy(unsigned long ctx_id);

/**
 * sys_io_submit() - start requests
 * @ctx_id: handle
 * @nr: length of @iocbs
 * @iocbs: requests
 *
 * Context: system call; takes R(mmap_sem) for direct I/O.
 * Return: number started, or, for the first, -EINVAL, -EAGAIN (no room),
 *	-EFAULT, -ENOMEM, -ENOSYS.
 */
long sys_io_submit(unsigned long ctx_id, long nr,
		   const struct aio_iocb *iocbs);

/**
 * sys_io_cancel() - try to end a request early
 * @ctx_id: handle
 * @data: of the first active request with this aio_iocb.data
 *
 * Context: system call.
 * Return: 0: ended without an event; -EAGAIN: cannot be cancelled; -EINVAL:
 *	there is none.
 */
long sys_io_cancel(unsigned long ctx_id, uint64_t data);

/**
 * sys_io_getevents() - take events out of the ring
 * @ctx_id: handle
 * @min_nr: sleep until there are so many, or a signal comes
 * @nr: size of @events
 * @events: filled
 *
 * Context: system call; sleeps interruptibly.
 * Return: number of events, -EINTR, or -EINVAL also when the context dies.
 */
long sys_io_getevents(unsigned long ctx_id, long min_nr, long nr,
		      struct io_event *events);

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
 * aio_queue_work() - have the context's kicked requests run by a worker
 * @ctx: context
 *
 * Context: ctx_lock.
 */
void aio_queue_work(struct kioctx *ctx);

/**
 * dio_queue_work() - have a direct request's data moved
 * @work: its work item
 *
 * Context: any.
 */
void dio_queue_work(struct work_struct *work);

/**
 * exit_aio() - end all contexts of a dying mm (EXIT-22)
 * @mm: mm_users is 0
 *
 * Context: may sleep; takes W(mmap_sem) to unmap rings.
 */
void exit_aio(struct mm_struct *mm);

/**
 * for_each_kioctx() - visit every context there is, dead ones too
 * @fn: called under aio_nr_lock: must not sleep nor drop references
 * @arg: for @fn
 *
 * Context: takes aio_nr_lock, a leaf.
 */
void for_each_kioctx(void (*fn)(struct kioctx *ctx, void *arg), void *arg);

/**
 * aio_nr_events() - events that all contexts are charged for, of AIO_MAX_NR
 *
 * Context: takes aio_nr_lock, a leaf.
 */
unsigned long aio_nr_events(void);

struct aio_stats {
	atomic_long_t retries; /* runs of a request by a worker */
	atomic_long_t borrowed_dying; /* of those with mm_users at 0 */
	atomic_long_t borrowed_dumping; /* of those during a core dump */
	atomic_long_t exits_active; /* exit_aio() found active requests */
	atomic_long_t exits_waited; /* and had to sleep for them */
	atomic_long_t rings_dying; /* rings unmapped with mm_users at 0 */
	atomic_long_t direct_moved; /* direct requests finished */
	atomic_long_t cancelled; /* requests ended by cancelling */
};

extern struct aio_stats aio_stats;

#endif /* MM_AIO_H */
