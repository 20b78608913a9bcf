// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios: faults in pages that are being cut off their file. */
#include <signal.h>

#include "locking/atomic.h"
#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/truncate.h"
#include "mm/uaccess.h"
#include "stress/bounded/cut_file.h"

#define SECOND CUT_FILE_PAGE(1)
#define OLD_VALUE 77

static void truncate_fault_main(void *arg)
{
	(void)arg;
	cut_file_map_any();
	if (bounded_pick(2))
		cut_file_touch(SECOND);
	cut_file_mapped();
	cut_file_touch(SECOND);
	cut_file_wait_expect(SECOND);
	bounded_exit();
}

static void truncate_fault(void)
{
	cut_file_under(truncate_fault_main, 2);
}

const struct bounded_ops bounded_truncate_fault = {
	.name = "truncate-fault",
	.why = "a fault in a page that is being cut off its file",
	.items = "B-7 FLT-30",
	.cpus = 2,
	.body = truncate_fault,
};

/* ---- a page that is in memory, but not yet mapped ------------------------- */

static void open_with(const void *content, size_t size)
{
	cut_file_open(2);
	if (file_write(cut_file, PAGE_SIZE, content, size) != (ssize_t)size)
		report_finding(FINDING_DATA, "write to a file is refused");
}

static void truncate_cached_main(void *arg)
{
	uint64_t value;

	(void)arg;
	cut_file_map(PROT_READ, MAP_SHARED);
	cut_file_mapped();
	(void)SYSCALL(get_user64(&value, SECOND));
	cut_file_wait_expect(SECOND);
	bounded_exit();
}

static void truncate_cached(void)
{
	const uint64_t word = OLD_VALUE;

	open_with(&word, sizeof(word));
	bounded_spawn(truncate_cached_main, NULL);
	cut_file_wait_mapped();
	cut_file_cut();
	cut_file_close();
}

const struct bounded_ops bounded_truncate_cached = {
	.name = "truncate-cached",
	.why = "the first fault in a cached page that is being cut off",
	.items = "B-13 FLT-25 FLT-30",
	.cpus = 2,
	.body = truncate_cached,
};

/* ---- copy on write of what was cut off and came back ---------------------- */

#define LOOKS 4

/* Once the new content has been seen, the old one does not come back. */
static void watches(void *arg)
{
	uint64_t value = OLD_VALUE;
	bool gone = false;

	(void)arg;
	for (int i = 0; i < LOOKS; i++) {
		if (SYSCALL(get_user64(&value, SECOND + 8)))
			continue;
		if (gone && value == OLD_VALUE)
			report_finding(FINDING_DATA, "a page that was cut off"
				       " is back, in a private copy");
		gone |= value != OLD_VALUE;
	}
	bounded_exit();
}

static void truncate_cow_main(void *arg)
{
	uint64_t value;

	(void)arg;
	cut_file_map(PROT_RW, MAP_PRIVATE);
	(void)SYSCALL(get_user64(&value, SECOND));
	cut_file_mapped();
	bounded_thread(watches, NULL);
	(void)SYSCALL(put_user64(1, SECOND));
	bounded_exit();
}

static void truncate_cow(void)
{
	const uint64_t old[2] = { OLD_VALUE, OLD_VALUE };

	open_with(old, sizeof(old));
	bounded_spawn(truncate_cow_main, NULL);
	cut_file_wait_mapped();
	do_truncate(cut_file->f_inode, PAGE_SIZE);
	do_truncate(cut_file->f_inode, 2 * PAGE_SIZE);
	cut_file_close();
}

const struct bounded_ops bounded_truncate_cow = {
	.name = "truncate-cow",
	.why = "a private copy of a page that is cut off and comes back",
	.items = "B-7 FLT-48",
	.cpus = 2,
	.body = truncate_cow,
};

/* ---- a fault on behalf of somebody else ----------------------------------- */

static pid_t poked; /* (c) before its debugger starts */
static int over; /* (a) the file stays short */

static void is_poked(void *arg)
{
	uint64_t value;

	(void)arg;
	cut_file_map(PROT_RW, MAP_SHARED);
	cut_file_mapped();
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
	cut_file_open(2);
	poked = bounded_spawn(is_poked, NULL);
	cut_file_wait_mapped();
	kernel_thread(pokes, NULL, SIGCHLD);
	do_truncate(cut_file->f_inode, PAGE_SIZE);
	if (bounded_pick(2))
		do_truncate(cut_file->f_inode, 2 * PAGE_SIZE);
	else
		smp_store_release(&over, 1);
	cut_file_close();
}

const struct bounded_ops bounded_truncate_poked = {
	.name = "truncate-poked",
	.why = "a debugger writes to a page that is being cut off its file",
	.items = "B-7 FLT-26 FLT-30",
	.cpus = 3,
	.body = truncate_poked,
};
