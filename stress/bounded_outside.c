// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of a file that is cut while its mapping is poked at. */
#include <signal.h>
#include <sys/mman.h>

#include "locking/atomic.h"
#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/truncate.h"
#include "mm/uaccess.h"
#include "stress/bounded.h"

#define MAP_AT (BOUNDED_DATA + 0x100000)
#define SECOND (MAP_AT + PAGE_SIZE)

static struct file *file;
static struct completion mapped = COMPLETION_INITIALIZER(mapped);
static pid_t poked; /* (c) before its debugger starts */
static int over; /* (a) the file stays short */

static void maps_file(void *arg)
{
	uint64_t value;
	uaddr_t at = SYSCALL(sys_mmap(MAP_AT, 2 * PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_FIXED, file, 0));

	(void)arg;
	mm_bug_on(at != MAP_AT, "mmap: %#lx", at);
	complete(&mapped);
	(void)SYSCALL(get_user64(&value, SECOND));
	bounded_exit();
}

/* Behind the end of the file there is nothing, whoever looks (FLT-30). */
static void pokes(void *arg)
{
	struct task_struct *p = find_get_task(poked);

	(void)arg;
	if (!p)
		return;
	for (int i = 0; i < 2; i++) {
		int is_over = smp_load_acquire(&over);
		uint64_t value = 1;

		if (access_process_vm(p, SECOND, &value, sizeof(value),
				      i == 0) == sizeof(value) && is_over)
			report_finding(FINDING_DATA, "FLT-30: a debugger has"
				       " a page behind the end of the file");
	}
	put_task_struct(p);
}

static void truncate_poked(void)
{
	struct inode *inode = inode_create("poked", 2 * PAGE_SIZE, NULL);

	mm_bug_on(!inode, "no inode");
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(file), "no file");
	iput(inode);
	poked = bounded_spawn(maps_file, NULL);
	wait_for_completion(&mapped);
	kernel_thread(pokes, NULL, SIGCHLD);
	do_truncate(file->f_inode, PAGE_SIZE);
	if (bounded_pick(2))
		do_truncate(file->f_inode, 2 * PAGE_SIZE);
	else
		smp_store_release(&over, 1);
	bounded_reap();
	fput(file);
}

const struct bounded_ops bounded_truncate_poked = {
	.name = "truncate-poked",
	.why = "a debugger writes to a page that is being cut off its file",
	.items = "B-7 FLT-26 FLT-30",
	.cpus = 3,
	.body = truncate_poked,
};
