// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory is short: a bounded scenario of system calls that fail half way. */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/aio.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fault_inject.h"
#include "mm/file.h"
#include "mm/files.h"
#include "mm/fork.h"
#include "mm/fremap.h"
#include "mm/futex.h"
#include "mm/mempolicy.h"
#include "mm/mlock.h"
#include "mm/mmap.h"
#include "mm/mprotect.h"
#include "mm/mremap.h"
#include "mm/munmap.h"
#include "mm/process.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define AREA (BOUNDED_DATA + 0x4000000) /* in a table of its own */
#define FAR_AREA (BOUNDED_DATA + 0x8000000)
#define FILE_AREA (BOUNDED_DATA + 0xc000000)
#define AREA_PAGES 4
#define PROT_RW (PROT_READ | PROT_WRITE)
#define MOST_ALLOCS 10 /* that one of these calls makes */

static struct file *file;

static void map_at(uaddr_t addr, unsigned long flags, struct file *f)
{
	(void)SYSCALL(sys_mmap(addr, AREA_PAGES * PAGE_SIZE, PROT_RW,
			       flags | MAP_FIXED, f, 0));
	(void)SYSCALL(put_user64(1, addr));
}

static void maps_anonymous(void)
{
	map_at(FAR_AREA, MAP_PRIVATE | MAP_ANONYMOUS, NULL);
}

static void maps_shared(void)
{
	map_at(FAR_AREA, MAP_SHARED | MAP_ANONYMOUS, NULL);
}

static void maps_file(void)
{
	map_at(FAR_AREA, MAP_PRIVATE, file);
}

static void maps_over(void)
{
	map_at(AREA + PAGE_SIZE, MAP_SHARED, file);
}

static void unmaps_hole(void)
{
	(void)SYSCALL(sys_munmap(AREA + PAGE_SIZE, PAGE_SIZE));
}

static void protects_hole(void)
{
	(void)SYSCALL(sys_mprotect(AREA + PAGE_SIZE, PAGE_SIZE, PROT_READ));
}

static void locks_hole(void)
{
	(void)SYSCALL(sys_mlock(AREA + PAGE_SIZE, PAGE_SIZE));
}

static void binds_hole(void)
{
	(void)SYSCALL(sys_mbind(AREA + PAGE_SIZE, PAGE_SIZE, MPOL_BIND, 1));
}

static void moves(void)
{
	(void)SYSCALL(sys_mremap(AREA, AREA_PAGES * PAGE_SIZE,
				 (AREA_PAGES + 1) * PAGE_SIZE,
				 MREMAP_MAYMOVE | MREMAP_FIXED, FAR_AREA));
}

static void rearranges_file(void)
{
	(void)SYSCALL(sys_remap_file_pages(FILE_AREA, PAGE_SIZE, 2));
	(void)SYSCALL(put_user64(1, FILE_AREA));
}

static void grows_heap(void)
{
	uaddr_t heap = SYSCALL(sys_brk(0));

	(void)SYSCALL(sys_brk(heap + 2 * PAGE_SIZE));
	(void)SYSCALL(put_user64(1, heap));
}

static void sets_up_aio(void)
{
	uint64_t id = 0;

	(void)SYSCALL(put_user64(0, BOUNDED_DATA));
	if (!SYSCALL(sys_io_setup(2, BOUNDED_DATA)) &&
	    !SYSCALL(get_user64(&id, BOUNDED_DATA)))
		SYSCALL(sys_io_destroy(id));
}

static void opens_futex(void)
{
	int fd = SYSCALL(sys_futex(BOUNDED_DATA, FUTEX_FD, 0, 0, 0, 0));

	if (fd >= 0)
		SYSCALL(sys_close(fd));
}

static void sets_ldt(void)
{
	(void)bounded_ldt_set(1, 5);
}

static void opens_ports(void)
{
	(void)SYSCALL((int)sys_ioperm(0, 8, true));
}

/* The second one takes the place of the first. */
static void sets_policy(void)
{
	(void)SYSCALL(sys_set_mempolicy(MPOL_PREFERRED, 1));
	(void)SYSCALL(sys_set_mempolicy(MPOL_INTERLEAVE, 3));
}

static void (*const calls[])(void) = {
	maps_anonymous, maps_shared, maps_file, maps_over, unmaps_hole,
	protects_hole, locks_hole, binds_hole, moves, rearranges_file,
	grows_heap, sets_up_aio, opens_futex, sets_ldt, opens_ports,
	sets_policy,
};

/* Its loads and stores may come too early, or too late. */
static void touches_beside(void *arg)
{
	uint64_t value;

	(void)arg;
	(void)SYSCALL(get_user64(&value, AREA + PAGE_SIZE));
	(void)SYSCALL(put_user64(2, AREA + 2 * PAGE_SIZE));
	(void)SYSCALL(put_user64(2, FILE_AREA + PAGE_SIZE));
	bounded_exit();
}

/* What has failed once works later, or fails again: nothing is left half. */
static void short_memory_main(void *arg)
{
	unsigned int call = bounded_pick(ARRAY_SIZE(calls));

	(void)arg;
	map_at(AREA, MAP_PRIVATE | MAP_ANONYMOUS, NULL);
	map_at(FILE_AREA, MAP_SHARED, file);
	bounded_thread(touches_beside, NULL);
	fault_inject_arm(1 + bounded_pick(MOST_ALLOCS));
	calls[call]();
	fault_inject_disarm();
	bounded_validate();
	calls[call]();
	bounded_validate();
	bounded_exit();
}

static void short_memory(void)
{
	struct inode *inode = inode_create("short", AREA_PAGES * PAGE_SIZE,
					   NULL);

	mm_bug_on(!inode, "no inode");
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(file), "no file");
	iput(inode);
	bounded_spawn(short_memory_main, NULL);
	bounded_reap();
	if (atomic_read(&file->f_count) != 1)
		report_finding(FINDING_REFCOUNT, "REF-10: a file that nobody"
			       " has open or mapped has f_count %d, expected 1",
			       atomic_read(&file->f_count));
	fput(file);
}

const struct bounded_ops bounded_short_memory = {
	.name = "short-memory",
	.why = "an allocation of a system call fails beside a thread's faults",
	.items = "B-24 DEF-22",
	.cpus = 2,
	.aio_workers = 1,
	.body = short_memory,
};
