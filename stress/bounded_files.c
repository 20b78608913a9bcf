// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounded scenarios of mapped files: truncation against everything that
 * brings a page of the file into page tables.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/fremap.h"
#include "mm/mmap.h"
#include "mm/mprotect.h"
#include "mm/mremap.h"
#include "mm/ptrace.h"
#include "mm/sched.h"
#include "mm/truncate.h"
#include "mm/uaccess.h"
#include "stress/bounded.h"

#define MAP_AT 0x20000000UL
#define MOVED_TO 0x30000000UL
#define SECOND PAGE_SIZE /* the page that is cut off, in the mapping */
#define PROT_RW (PROT_READ | PROT_WRITE)

static struct file *file; /* two pages; constant while programs run */
static struct completion mapped = COMPLETION_INITIALIZER(mapped);
static struct completion cut = COMPLETION_INITIALIZER(cut);

static void make_file(void)
{
	struct inode *inode = inode_create("bounded", 2 * PAGE_SIZE, NULL);

	BUG_ON(!inode);
	file = file_open(inode, FILE_READ | FILE_WRITE);
	BUG_ON(IS_ERR(file));
	iput(inode);
}

/* All mappings are gone: each has given back the reference that it took. */
static void close_file(void)
{
	bounded_reap();
	if (atomic_read(&file->f_count) != 1)
		report_finding(FINDING_REFCOUNT, "REF-10: without a mapping a"
			       " file has f_count %d, expected 1",
			       atomic_read(&file->f_count));
	fput(file);
}

static void map_file(void)
{
	unsigned long flags = bounded_pick(2) ? MAP_SHARED : MAP_PRIVATE;

	if (SYSCALL(sys_mmap(MAP_AT, 2 * PAGE_SIZE, PROT_RW, flags | MAP_FIXED,
			     file, 0)) != MAP_AT)
		report_finding(FINDING_DATA, "mmap of a file is refused");
}

/* A load or a store that may be refused. */
static void touch(uaddr_t addr)
{
	uint64_t value;

	if (bounded_pick(2))
		(void)SYSCALL(get_user64(&value, addr));
	else
		(void)SYSCALL(put_user64(7, addr));
}

/* FLT-30: truncate() is over, so what is beyond the end cannot be had. */
static void expect_cut(uaddr_t addr)
{
	uint64_t value;

	wait_for_completion(&cut);
	if (!SYSCALL(get_user64(&value, addr)))
		report_finding(FINDING_DATA, "FLT-30: a page behind the end of"
			       " the file can be read at %#lx: %#llx", addr,
			       (unsigned long long)value);
}

/* Truncates when @fn has mapped the file. */
static void cut_under(bounded_fn_t fn)
{
	make_file();
	bounded_spawn(fn, NULL);
	wait_for_completion(&mapped);
	do_truncate(file->f_inode, PAGE_SIZE);
	complete_all(&cut);
	close_file();
}

/* ---- faults -------------------------------------------------------------------- */

static void truncate_fault_main(void *arg)
{
	(void)arg;
	map_file();
	if (bounded_pick(2))
		touch(MAP_AT + SECOND);
	complete(&mapped);
	touch(MAP_AT + SECOND);
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_fault(void)
{
	cut_under(truncate_fault_main);
}

const struct bounded_ops bounded_truncate_fault = {
	.name = "truncate-fault",
	.why = "a fault in a page that is being cut off its file",
	.items = "B-7 FLT-30",
	.cpus = 2,
	.body = truncate_fault,
};

/* ---- fork ----------------------------------------------------------------------- */

static void child_expects_cut(void *arg)
{
	(void)arg;
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_fork_main(void *arg)
{
	(void)arg;
	map_file();
	touch(MAP_AT + SECOND);
	complete(&mapped);
	bounded_clone(SIGCHLD, child_expects_cut, NULL);
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_fork(void)
{
	cut_under(truncate_fork_main);
}

const struct bounded_ops bounded_truncate_fork = {
	.name = "truncate-fork",
	.why = "fork copies a mapping whose file is being truncated",
	.items = "B-7 FORK-54 FORK-55",
	.cpus = 2,
	.body = truncate_fork,
};

/* The tree has one place for equal areas, and the rest of them in a list. */
static void list_member(void *arg)
{
	(void)arg;
	touch(MAP_AT + SECOND);
	complete(&mapped);
	bounded_clone(SIGCHLD, child_expects_cut, NULL);
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_family_main(void *arg)
{
	(void)arg;
	map_file();
	bounded_clone(SIGCHLD, child_expects_cut, NULL);
	if (bounded_clone(SIGCHLD, list_member, NULL) < 0)
		complete(&mapped);
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_family(void)
{
	cut_under(truncate_family_main);
}

const struct bounded_ops bounded_truncate_family = {
	.name = "truncate-family",
	.why = "fork while many areas of one range of a file are truncated",
	.items = "B-7 FORK-55",
	.cpus = 2,
	.body = truncate_family,
};

/* ---- mremap, remap_file_pages ------------------------------------------------------ */

static void truncate_move_main(void *arg)
{
	uaddr_t at;

	(void)arg;
	map_file();
	touch(MAP_AT + SECOND);
	complete(&mapped);
	at = SYSCALL(sys_mremap(MAP_AT, 2 * PAGE_SIZE, 2 * PAGE_SIZE,
				MREMAP_MAYMOVE | MREMAP_FIXED, MOVED_TO));
	expect_cut((IS_ERR_VALUE(at) ? MAP_AT : MOVED_TO) + SECOND);
	bounded_exit();
}

static void truncate_move(void)
{
	cut_under(truncate_move_main);
}

const struct bounded_ops bounded_truncate_move = {
	.name = "truncate-move",
	.why = "mremap moves a mapping whose file is being truncated",
	.items = "B-7 MAP-34",
	.cpus = 2,
	.body = truncate_move,
};

static void truncate_remap_main(void *arg)
{
	(void)arg;
	if (SYSCALL(sys_mmap(MAP_AT, 2 * PAGE_SIZE, PROT_RW,
			     MAP_SHARED | MAP_FIXED, file, 0)) != MAP_AT)
		report_finding(FINDING_DATA, "mmap of a file is refused");
	if (bounded_pick(2))
		touch(MAP_AT);
	complete(&mapped);
	/* The page that is cut off, in the place of the first one. */
	(void)SYSCALL(sys_remap_file_pages(MAP_AT, PAGE_SIZE, 1));
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_remap(void)
{
	cut_under(truncate_remap_main);
}

const struct bounded_ops bounded_truncate_remap = {
	.name = "truncate-remap",
	.why = "remap_file_pages of a page that is being cut off",
	.items = "B-7 FLT-55",
	.cpus = 2,
	.body = truncate_remap,
};

/* ---- remap_file_pages over a page that was poked ------------------------------------- */

static void remap_poked_main(void *arg)
{
	uint64_t value = 7;

	(void)arg;
	if (SYSCALL(sys_mmap(MAP_AT, 2 * PAGE_SIZE, PROT_READ,
			     MAP_SHARED | MAP_FIXED, file, 0)) != MAP_AT)
		report_finding(FINDING_DATA, "mmap of a file is refused");
	(void)SYSCALL(get_user64(&value, MAP_AT));
	complete(&mapped);
	/* As a debugger does: its breakpoint is in a page of the process. */
	(void)SYSCALL(access_process_vm(current, MAP_AT, &value, sizeof(value),
					true));
	(void)SYSCALL(sys_remap_file_pages(MAP_AT, PAGE_SIZE,
					   bounded_pick(2)));
	bounded_validate();
	bounded_exit();
}

static void remap_poked(void)
{
	cut_under(remap_poked_main);
}

const struct bounded_ops bounded_remap_poked = {
	.name = "remap-poked",
	.why = "remap_file_pages over a page that was written by force",
	.items = "FLT-49 FLT-55 INV-12",
	.cpus = 2,
	.body = remap_poked,
};

/* ---- mappings that a child does not get ---------------------------------------------- */

static int device_mmap(struct file *f, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTCOPY | VM_DONTEXPAND;
	return generic_file_mmap(f, vma);
}

static const struct file_operations device_operations = {
	.name = "device", .mmap = device_mmap,
};

static void checks_absence(void *arg)
{
	uint64_t value;

	(void)arg;
	bounded_validate();
	if (!SYSCALL(get_user64(&value, MAP_AT)))
		report_finding(FINDING_DATA, "FORK-51: a child has a mapping"
			       " that is not for children");
	bounded_exit();
}

static void fork_device_main(void *arg)
{
	(void)arg;
	if (SYSCALL(sys_mmap(MAP_AT, 2 * PAGE_SIZE, PROT_RW,
			     MAP_SHARED | MAP_FIXED, file, 0)) != MAP_AT)
		report_finding(FINDING_DATA, "mmap of a device is refused");
	touch(MAP_AT);
	bounded_clone(SIGCHLD, checks_absence, NULL);
	SYSCALL(sys_munmap(MAP_AT, PAGE_SIZE));
	bounded_validate();
	bounded_exit();
}

static void fork_device(void)
{
	make_file();
	file->f_op = &device_operations;
	bounded_spawn(fork_device_main, NULL);
	close_file();
}

const struct bounded_ops bounded_fork_device = {
	.name = "fork-device",
	.why = "fork of a process that has mapped a device not to be inherited",
	.items = "FORK-51 INV-6",
	.cpus = 2,
	.fail_alloc = true,
	.body = fork_device,
};

/* ---- copy on write of what was cut off and came back -------------------------------- */

#define OLD_VALUE 77
#define LOOKS 4

/* Once the new content has been seen, the old one does not come back. */
static void watches(void *arg)
{
	uaddr_t addr = MAP_AT + SECOND + 8;
	uint64_t value = OLD_VALUE;
	bool gone = false;

	(void)arg;
	for (int i = 0; i < LOOKS; i++) {
		if (SYSCALL(get_user64(&value, addr)))
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
	if (SYSCALL(sys_mmap(MAP_AT, 2 * PAGE_SIZE, PROT_RW,
			     MAP_PRIVATE | MAP_FIXED, file, 0)) != MAP_AT)
		report_finding(FINDING_DATA, "mmap of a file is refused");
	(void)SYSCALL(get_user64(&value, MAP_AT + SECOND));
	complete(&mapped);
	bounded_thread(watches, NULL);
	(void)SYSCALL(put_user64(1, MAP_AT + SECOND));
	bounded_exit();
}

static void truncate_cow(void)
{
	const uint64_t old[2] = { OLD_VALUE, OLD_VALUE };

	make_file();
	if (file_write(file, SECOND, old, sizeof(old)) != sizeof(old))
		report_finding(FINDING_DATA, "write to a file is refused");
	bounded_spawn(truncate_cow_main, NULL);
	wait_for_completion(&mapped);
	do_truncate(file->f_inode, PAGE_SIZE);
	do_truncate(file->f_inode, 2 * PAGE_SIZE);
	close_file();
}

const struct bounded_ops bounded_truncate_cow = {
	.name = "truncate-cow",
	.why = "a private copy of a page that is cut off and comes back",
	.items = "B-7 FLT-48",
	.cpus = 2,
	.body = truncate_cow,
};

/* ---- areas that are split and moved over a file -------------------------------------- */

static void truncate_split_main(void *arg)
{
	(void)arg;
	map_file();
	touch(MAP_AT + SECOND);
	complete(&mapped);
	(void)SYSCALL(sys_mprotect(MAP_AT, PAGE_SIZE, PROT_READ));
	(void)SYSCALL(sys_mprotect(MAP_AT, PAGE_SIZE, PROT_RW));
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_split(void)
{
	cut_under(truncate_split_main);
}

const struct bounded_ops bounded_truncate_split = {
	.name = "truncate-split",
	.why = "areas split and merge while their file is truncated",
	.items = "B-13 MAP-5 LOCK-1",
	.cpus = 2,
	.body = truncate_split,
};

/* ---- a page that is in memory, but not yet mapped ------------------------------------- */

static void truncate_cached_main(void *arg)
{
	uint64_t value;

	(void)arg;
	if (SYSCALL(sys_mmap(MAP_AT, 2 * PAGE_SIZE, PROT_READ,
			     MAP_SHARED | MAP_FIXED, file, 0)) != MAP_AT)
		report_finding(FINDING_DATA, "mmap of a file is refused");
	complete(&mapped);
	(void)SYSCALL(get_user64(&value, MAP_AT + SECOND));
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_cached(void)
{
	const uint64_t word = OLD_VALUE;

	make_file();
	if (file_write(file, SECOND, &word, sizeof(word)) != sizeof(word))
		report_finding(FINDING_DATA, "write to a file is refused");
	bounded_spawn(truncate_cached_main, NULL);
	wait_for_completion(&mapped);
	do_truncate(file->f_inode, PAGE_SIZE);
	complete_all(&cut);
	close_file();
}

const struct bounded_ops bounded_truncate_cached = {
	.name = "truncate-cached",
	.why = "the first fault in a cached page that is being cut off",
	.items = "B-13 FLT-25 FLT-30",
	.cpus = 2,
	.body = truncate_cached,
};

/* ---- a thread that starts while pages are taken away -------------------------------- */

#define MANY_PAGES 8
#define MANY_LOOKS 6

/* Pages come or are refused; what was cut off does not stay. */
static void looks_until_cut(void *arg)
{
	uaddr_t last = MAP_AT + (MANY_PAGES - 1) * PAGE_SIZE;
	uint64_t value;

	(void)arg;
	for (int i = 0; i < MANY_LOOKS; i++) {
		(void)SYSCALL(get_user64(&value, last));
		bounded_yield();
	}
	expect_cut(last);
	bounded_exit();
}

static void truncate_clone_main(void *arg)
{
	uint64_t value;

	(void)arg;
	if (SYSCALL(sys_mmap(MAP_AT, MANY_PAGES * PAGE_SIZE, PROT_READ,
			     MAP_SHARED | MAP_FIXED, file, 0)) != MAP_AT)
		report_finding(FINDING_DATA, "mmap of a file is refused");
	for (int i = 1; i < MANY_PAGES; i++)
		(void)SYSCALL(get_user64(&value, MAP_AT + i * PAGE_SIZE));
	complete(&mapped);
	bounded_thread(looks_until_cut, NULL);
	expect_cut(MAP_AT + SECOND);
	bounded_exit();
}

static void truncate_clone(void)
{
	struct inode *inode = inode_create("many", MANY_PAGES * PAGE_SIZE, NULL);

	BUG_ON(!inode);
	file = file_open(inode, FILE_READ | FILE_WRITE);
	BUG_ON(IS_ERR(file));
	iput(inode);
	bounded_spawn(truncate_clone_main, NULL);
	wait_for_completion(&mapped);
	do_truncate(file->f_inode, PAGE_SIZE);
	complete_all(&cut);
	close_file();
}

const struct bounded_ops bounded_truncate_clone = {
	.name = "truncate-clone",
	.why = "a thread starts and reads what is being cut off a file",
	.items = "B-13 FORK-31 ORD-6",
	.cpus = 3,
	.body = truncate_clone,
};
