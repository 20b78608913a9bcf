/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of AIO share: a program that submits requests, and a file
 * whose pages come only when a latch opens, which holds a worker inside a
 * request for as long as a test wants.
 */
#ifndef TESTS_MM_AIO_UTIL_H
#define TESTS_MM_AIO_UTIL_H

#define LIFE_AIO_WORKERS 1
#include "tests/mm/life_util.h"

#include "mm/aio.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/kiocb.h"

#define CTX_WORD DATA /* the handle */
#define BUF (DATA + 8 * PAGE_SIZE)
#define FILE_PAGES 8

static struct file *file, *slow_file;
LATCH(page_wanted);
LATCH(page_may_come);

static inline int slow_readpage(struct address_space *mapping, struct page *page)
{
	reach(page_wanted);
	await(page_may_come);
	return generic_file_aops.readpage(mapping, page);
}

static const struct address_space_ops slow_aops = {
	.readpage = slow_readpage,
};

static inline struct file *open_new(const struct address_space_ops *a_ops)
{
	struct inode *inode = inode_create("aio", FILE_PAGES * PAGE_SIZE,
					   a_ops);
	struct file *f = file_open(inode, FILE_READ | FILE_WRITE);

	cr_assert(!IS_ERR(f));
	iput(inode);
	return f;
}

static inline void open_files(void)
{
	file = open_new(NULL);
	slow_file = open_new(&slow_aops);
}

/* All a request held has been given back by now. */
static inline void close_files(void)
{
	aio_flush_workers();
	sched_wait_quiet();
	cr_assert_eq(atomic_read(&file->f_count), 1);
	cr_assert_eq(atomic_read(&slow_file->f_count), 1);
	fput(file);
	fput(slow_file);
}

static inline void run_program(void (*entry)(void *), void *arg)
{
	open_files();
	cr_assert_eq(status_of(spawn(entry, arg)), 0);
	close_files();
}

static inline unsigned long setup(unsigned int nr_events)
{
	uint64_t id;

	user_write64(CTX_WORD, 0);
	user_assert(SYSCALL(sys_io_setup(nr_events, CTX_WORD)) == 0);
	user_read64(CTX_WORD, &id);
	user_assert(id != 0);
	return id;
}

static inline struct aio_iocb request(int opcode, struct file *f, size_t nbytes)
{
	return (struct aio_iocb){
		.data = 42, .opcode = opcode, .file = f, .buf = BUF,
		.nbytes = nbytes,
	};
}

static inline long submit(unsigned long ctx, struct aio_iocb req)
{
	return SYSCALL(sys_io_submit(ctx, 1, &req));
}

/* The only event to come. */
static inline struct io_event event_of(unsigned long ctx)
{
	struct io_event ev = { 0 };

	user_assert(SYSCALL(sys_io_getevents(ctx, 1, 1, &ev)) == 1);
	user_assert(ev.data == 42);
	return ev;
}

static inline bool buffer_has_pattern(size_t nbytes)
{
	unsigned long ino = file->f_inode->i_ino;

	for (size_t i = 0; i < nbytes; i += 8) {
		uint64_t v;

		user_read64(BUF + i, &v);
		if (v != file_pattern(ino, i >> PAGE_SHIFT,
				      (i & ~PAGE_MASK) / 8))
			return false;
	}
	return true;
}

#endif
