// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of calls that read a layout which a thread changes. */
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/mempolicy.h"
#include "mm/mincore.h"
#include "mm/mmap.h"
#include "mm/mprotect.h"
#include "mm/mremap.h"
#include "mm/msync.h"
#include "mm/munmap.h"
#include "mm/proc_task_mmu.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define AREA (BOUNDED_DATA + 0x100000)
#define FAR_AREA (BOUNDED_DATA + 0x200000)
#define AREA_PAGES 3
#define AREA_BYTES (AREA_PAGES * PAGE_SIZE)
#define SECOND (AREA + PAGE_SIZE)
#define VECTOR BOUNDED_DATA
#define NO_ANSWER 0xff
#define PROT_RW (PROT_READ | PROT_WRITE)

static struct file *file;

/* ---- those who read ------------------------------------------------------------ */

/* All of the area has an answer, or none, and the answer is yes or no. */
static void counts(void)
{
	uint64_t word = ~0ULL;
	long ret;

	user_write64(VECTOR, word);
	ret = SYSCALL(sys_mincore(AREA, AREA_BYTES, VECTOR));
	user_read64(VECTOR, &word);
	for (int i = 0; i < AREA_PAGES; i++) {
		unsigned int byte = word >> (8 * i) & 0xff;

		if (ret ? byte != NO_ANSWER : byte > 1)
			report_finding(FINDING_DATA,
				       "mincore() returns %ld,"
				       " and says %#x of page %d",
				       ret, byte, i);
	}
}

static void asks_policy(void)
{
	unsigned long nodes = 1;
	int policy = -1;

	if (!SYSCALL(sys_get_mempolicy(&policy, &nodes, SECOND, MPOL_F_ADDR)) &&
	    (policy != MPOL_DEFAULT || nodes))
		report_finding(FINDING_DATA,
			       "an area without a policy has"
			       " policy %d of nodes %#lx",
			       policy, nodes);
}

static void syncs(void)
{
	SYSCALL(sys_msync(AREA, AREA_BYTES, MS_SYNC_FLAG));
}

static void shows_maps(void)
{
	static char text[PAGE_SIZE];

	if (SYSCALL(proc_pid_maps(current->pid, text, sizeof(text))) <= 0)
		report_finding(FINDING_DATA, "a program has no maps");
}

static void (*const reads[])(void) = {
	counts,
	asks_policy,
	syncs,
	shows_maps,
};

/* ---- those who change ----------------------------------------------------------- */

static void unmaps(void)
{
	SYSCALL(sys_munmap(SECOND, PAGE_SIZE));
}

static void protects(void)
{
	SYSCALL(sys_mprotect(SECOND, PAGE_SIZE, PROT_READ));
	SYSCALL(sys_mprotect(SECOND, PAGE_SIZE, PROT_RW));
}

static void moves(void)
{
	SYSCALL(sys_mremap(AREA, AREA_BYTES, AREA_BYTES,
			   MREMAP_MAYMOVE | MREMAP_FIXED, FAR_AREA));
}

static void maps_over(void)
{
	SYSCALL(sys_mmap(SECOND, AREA_BYTES, PROT_RW,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL, 0));
}

static void (*const changes[])(void) = { unmaps, protects, moves, maps_over };

/* ---- both ------------------------------------------------------------------------- */

static void reads_layout(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++)
		reads[bounded_pick(ARRAY_SIZE(reads))]();
	bounded_exit();
}

static void changes_layout(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(AREA, AREA_BYTES, PROT_RW,
				      MAP_SHARED | MAP_FIXED, file, 0));

	(void)arg;
	mm_bug_on(at != AREA, "mmap: %#lx", at);
	(void)SYSCALL(put_user64(1, SECOND));
	bounded_thread(reads_layout, NULL);
	changes[bounded_pick(ARRAY_SIZE(changes))]();
	bounded_validate();
	bounded_exit();
}

static void layout_readers(void)
{
	struct inode *inode = inode_create("layout", AREA_BYTES, NULL);

	mm_bug_on(!inode, "no inode");
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(file), "no file");
	iput(inode);
	bounded_spawn(changes_layout, NULL);
	bounded_reap();
	fput(file);
}

const struct bounded_ops bounded_layout_readers = {
	.name = "layout-readers",
	.why = "a layout is counted, synced and shown while a thread changes it",
	.items = "LOCK-1 MAP-1 FLT-9 PROC-3",
	.cpus = 2,
	.body = layout_readers,
};
