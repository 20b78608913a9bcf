// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of calls that drop, pin or count pages in use. */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/madvise.h"
#include "mm/mincore.h"
#include "mm/mlock.h"
#include "mm/mmap.h"
#include "mm/truncate.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define AREA (BOUNDED_DATA + 0x100000)
#define AREA_PAGES 2
#define AREA_BYTES (AREA_PAGES * PAGE_SIZE)
#define PRIVATE 1
#define VECTOR (BOUNDED_DATA + 3 * PAGE_SIZE)

static struct file *file;

static void drops_private(void)
{
	SYSCALL(sys_madvise(BOUNDED_DATA, PAGE_SIZE, MADV_DONTNEED));
}

static void drops_file(void)
{
	SYSCALL(sys_madvise(AREA, AREA_BYTES, MADV_DONTNEED));
}

static void reads_ahead(void)
{
	SYSCALL(sys_madvise(AREA, AREA_BYTES, MADV_WILLNEED));
}

static void splits(void)
{
	SYSCALL(sys_madvise(AREA + PAGE_SIZE, PAGE_SIZE, MADV_RANDOM));
	SYSCALL(sys_madvise(AREA, AREA_BYTES, MADV_NORMAL));
}

static void counts(void)
{
	SYSCALL(sys_mincore(AREA, AREA_BYTES, VECTOR));
}

static void locks(void)
{
	SYSCALL(sys_mlockall(MCL_CURRENT | MCL_FUTURE));
	SYSCALL(sys_munlockall());
}

static void (*const calls[])(void) = {
	drops_private, drops_file, reads_ahead, splits, counts, locks,
};

/* What is dropped reads as zero afterwards; what is in a file stays. */
static void uses_pages(void *arg)
{
	uint64_t value;

	(void)arg;
	bounded_expect(0, PRIVATE, 0);
	(void)SYSCALL(put_user64(2, AREA + PAGE_SIZE));
	(void)SYSCALL(get_user64(&value, AREA));
	if (bounded_pick(2))
		bounded_clone(SIGCHLD, bounded_exits, NULL);
	bounded_exit();
}

static void advises(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(AREA, AREA_BYTES, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_FIXED, file, 0));

	(void)arg;
	mm_bug_on(at != AREA, "mmap: %#lx", at);
	bounded_put(0, PRIVATE);
	bounded_thread(uses_pages, NULL);
	calls[bounded_pick(ARRAY_SIZE(calls))]();
	bounded_validate();
	bounded_exit();
}

static void advice(void)
{
	struct inode *inode = inode_create("advice", AREA_BYTES, NULL);

	mm_bug_on(!inode, "no inode");
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(file), "no file");
	iput(inode);
	bounded_spawn(advises, NULL);
	bounded_arrive();
	if (bounded_pick(2))
		do_truncate(file->f_inode, PAGE_SIZE);
	bounded_reap();
	fput(file);
}

const struct bounded_ops bounded_advice = {
	.name = "advice",
	.why = "pages are dropped, pinned or counted while they are used, or cut",
	.items = "EXIT-34 FLT-30",
	.cpus = 3,
	.arrivals = 2,
	.body = advice,
};
