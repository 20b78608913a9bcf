// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounded scenarios of files: what was stored is in them, by whichever way,
 * and what runs from them is not written.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/filestore.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/msync.h"
#include "mm/munmap.h"
#include "mm/page_alloc.h"
#include "mm/swap.h"
#include "mm/truncate.h"
#include "mm/uaccess.h"
#include "mm/vmscan.h"
#include "stress/bounded/bounded.h"

#define FILE_AREA (BOUNDED_DATA + 0x100000)
#define FILE_PAGES 2
#define SECOND ((loff_t)PAGE_SIZE)
#define STORED 77
#define SYNCS 2

static struct file *file;
static struct completion stored = COMPLETION_INITIALIZER(stored);

static void make_file(loff_t size)
{
	struct inode *inode = inode_create("cache", size, NULL);

	mm_bug_on(!inode, "no inode");
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(file), "no file");
	iput(inode);
}

static void close_file(void)
{
	bounded_reap();
	fput(file);
}

static void map_file(void)
{
	uaddr_t at = SYSCALL(sys_mmap(FILE_AREA, FILE_PAGES * PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_FIXED, file, 0));

	mm_bug_on(at != FILE_AREA, "mmap: %#lx", at);
}

/* Pages in this CPU's queue are out of reclaim's sight. */
static void show_to_reclaim(void)
{
	syscall_enter();
	lru_add_drain();
	exit_to_user();
}

static uint64_t word_of_file(loff_t pos)
{
	uint64_t word = 0;

	if (file_read(file, pos, &word, sizeof(word)) != sizeof(word))
		report_finding(FINDING_DATA, "no word at %lld of the file",
			       (long long)pos);
	return word;
}

/* ---- stores against reclaim ------------------------------------------------------ */

#define STORES 4

static uint64_t last_value; /* set before its process is reaped */

static void stores_to_file(void *arg)
{
	uint64_t i;

	(void)arg;
	map_file();
	user_read64(FILE_AREA, &i); /* a PTE that is not dirty */
	show_to_reclaim();
	complete(&stored);
	for (i = 1; i <= STORES; i++) {
		bounded_yield();
		user_write64(FILE_AREA, i);
	}
	user_write64(FILE_AREA, i);
	last_value = i;
	if (bounded_pick(2))
		SYSCALL(sys_munmap(FILE_AREA, FILE_PAGES * PAGE_SIZE));
	bounded_exit();
}

/* The second reclaimer takes what the first one has found old. */
static void reclaim_dirty(void)
{
	make_file(FILE_PAGES * PAGE_SIZE);
	/* Finds nothing: mapped pages are fair game now. */
	bounded_reclaims(NULL);
	bounded_spawn(stores_to_file, NULL);
	wait_for_completion(&stored);
	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	bounded_reap();
	for (int i = 0; i < 2; i++)
		bounded_reclaims(NULL);
	if (word_of_file(0) != last_value)
		report_finding(FINDING_DATA, "ORD-26: a file has %llu where its"
			       " mapping was last stored %llu",
			       (unsigned long long)word_of_file(0),
			       (unsigned long long)last_value);
	close_file();
}

const struct bounded_ops bounded_reclaim_dirty = {
	.name = "reclaim-dirty",
	.why = "a shared page is stored to while reclaim writes and drops it",
	.items = "ORD-26 RECL-16 EXIT-34",
	.cpus = 3,
	.body = reclaim_dirty,
};

/* ---- pages that are written when they have to go ------------------------------------- */

/* Word @arg is on the disk after msync(), whoever else writes the page. */
static void syncs(void *arg)
{
	uint64_t words[PAGE_SIZE / sizeof(uint64_t)] = { 0 };
	unsigned long at = (unsigned long)arg;

	map_file();
	for (uint64_t i = 1; i <= SYNCS; i++) {
		user_write64(FILE_AREA + at * 8, i);
		show_to_reclaim();
		if (i == 1)
			complete(&stored);
		if (SYSCALL(sys_msync(FILE_AREA, FILE_PAGES * PAGE_SIZE,
				      MS_SYNC_FLAG)))
			report_finding(FINDING_BUG, "msync() fails");
		if (!filestore_read(file->f_inode, 0, words) || words[at] != i)
			report_finding(FINDING_DATA, "after msync() the disk"
				       " has %llu, expected %llu",
				       (unsigned long long)words[at],
				       (unsigned long long)i);
	}
	bounded_exit();
}

static void expect_in_file(loff_t pos, uint64_t want)
{
	uint64_t word = word_of_file(pos);

	if (word != want)
		report_finding(FINDING_DATA, "the file has %llu at %lld,"
			       " expected %llu", (unsigned long long)word,
			       (long long)pos, (unsigned long long)want);
}

/* Cut off, all of the second page or its end, and made longer again. */
static void truncate_write(void)
{
	const uint64_t words[] = { STORED, STORED };
	loff_t cut = SECOND;

	make_file(FILE_PAGES * PAGE_SIZE);
	bounded_reclaims(NULL);
	if (file_write(file, SECOND, words, sizeof(words)) != sizeof(words))
		report_finding(FINDING_DATA, "write to a file is refused");
	lru_add_drain();
	bounded_spawn(syncs, (void *)0L);
	bounded_spawn(syncs, (void *)1L);
	wait_for_completion(&stored);
	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	if (bounded_pick(2))
		cut += 8;
	do_truncate(file->f_inode, cut);
	do_truncate(file->f_inode, FILE_PAGES * PAGE_SIZE);
	bounded_reap();
	for (int i = 0; i < 2; i++)
		expect_in_file(i * 8, SYNCS);
	expect_in_file(SECOND, cut > SECOND ? STORED : 0);
	expect_in_file(SECOND + 8, 0);
	close_file();
}

const struct bounded_ops bounded_truncate_write = {
	.name = "truncate-write",
	.why = "a page is cut off while msync() and reclaim write it",
	.items = "FLT-30 LOCK-2",
	.cpus = 3,
	.arrivals = 2,
	.body = truncate_write,
};

/* ---- a store behind the end ------------------------------------------------------------- */

#define LAST_WORD ((loff_t)FILE_PAGES * PAGE_SIZE - 8)

static struct completion mapped = COMPLETION_INITIALIZER(mapped);

static void writes_out(void *arg)
{
	(void)arg;
	filemap_fdatawrite(file->f_mapping);
}

/* Behind the end of the file, once it has been cut. */
static void stores_behind(void *arg)
{
	(void)arg;
	map_file();
	user_write64(FILE_AREA + LAST_WORD, STORED);
	complete(&mapped);
	for (int i = 0; i < 2 * STORES; i++)
		user_write64(FILE_AREA + LAST_WORD, STORED);
	bounded_exit();
}

/* Who writes the page with the old end in mind is waited for. */
static void truncate_tail(void)
{
	uint64_t words[PAGE_SIZE / sizeof(uint64_t)] = { STORED };

	make_file(FILE_PAGES * PAGE_SIZE);
	if (file_write(file, SECOND, words, sizeof(*words)) != sizeof(*words))
		report_finding(FINDING_DATA, "write to a file is refused");
	bounded_spawn(stores_behind, NULL);
	wait_for_completion(&mapped);
	kernel_thread(writes_out, NULL, SIGCHLD);
	do_truncate(file->f_inode, LAST_WORD);
	bounded_reap();
	if (filestore_read(file->f_inode, 1, words) &&
	    words[ARRAY_SIZE(words) - 1])
		report_finding(FINDING_DATA, "a store behind the end of a file"
			       " is on its disk");
	close_file();
}

const struct bounded_ops bounded_truncate_tail = {
	.name = "truncate-tail",
	.why = "stores behind the end that a file gets while it is written",
	.items = "FLT-30",
	.cpus = 3,
	.body = truncate_tail,
};

static void is_last_user(void *arg)
{
	(void)arg;
	map_file();
	user_write64(FILE_AREA, STORED);
	show_to_reclaim();
	complete(&stored);
	bounded_yield();
	bounded_exit();
}

/* The file is gone for good with its last mapping. */
static void reclaim_last_user(void)
{
	make_file(FILE_PAGES * PAGE_SIZE);
	bounded_reclaims(NULL);
	bounded_spawn(is_last_user, NULL);
	wait_for_completion(&stored);
	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	fput(file);
}

const struct bounded_ops bounded_reclaim_last_user = {
	.name = "reclaim-last-user",
	.why = "a file goes with its last user while reclaim writes its page",
	.items = "REF-10 RECL-16 EXIT-34",
	.cpus = 3,
	.body = reclaim_last_user,
};

/* ---- two who make a file longer ------------------------------------------------------ */

static void appends(void *arg)
{
	loff_t pos = (loff_t)(long)arg;
	uint64_t word = (uint64_t)pos + 1;

	if (SYSCALL(file_write(file, pos, &word, 8)) != 8 ||
	    word_of_file(pos) != word)
		report_finding(FINDING_DATA, "what was written at %lld is not"
			       " there", (long long)pos);
}

static void appends_far(void *arg)
{
	appends(arg);
	bounded_exit();
}

/* A size that a write has made does not go back by another write. */
static void write_extend(void)
{
	make_file(8);
	bounded_spawn(appends_far, (void *)(long)SECOND);
	bounded_spawn(appends_far, (void *)8L);
	bounded_reap();
	if (i_size_read(file->f_inode) != SECOND + 8 ||
	    word_of_file(SECOND) != SECOND + 1)
		report_finding(FINDING_DATA, "a file of %lld bytes was made %lld"
			       " bytes long", (long long)SECOND + 8,
			       (long long)i_size_read(file->f_inode));
	close_file();
}

const struct bounded_ops bounded_write_extend = {
	.name = "write-extend",
	.why = "two writers make a file longer",
	.items = "",
	.cpus = 2,
	.arrivals = 2,
	.body = write_extend,
};

/* ---- execution against writing -------------------------------------------------------- */

static int executing; /* (a) programs that run from the file */

static void runs_from_file(void *arg)
{
	(void)arg;
	__atomic_fetch_add(&executing, 1, __ATOMIC_RELAXED);
	bounded_yield();
	__atomic_fetch_sub(&executing, 1, __ATOMIC_RELAXED);
	bounded_exit();
}

static void execs_file(void *arg)
{
	const struct exec_segment text = {
		.start = FILE_AREA, .len = PAGE_SIZE,
		.prot = PROT_READ | PROT_EXEC, .file = arg,
	};
	const struct exec_image image = {
		.name = "text", .segments = &text, .nr_segments = 1,
		.entry = runs_from_file, .file = arg,
	};

	SYSCALL(sys_execve(&image)); /* -ETXTBSY, or there is no return */
	bounded_exit();
}

/* One who may write the file, as long as nobody runs it, or the reverse. */
static void exec_write(void)
{
	struct inode *inode = inode_create("text", PAGE_SIZE, NULL);
	struct file *text = file_open(inode, FILE_READ), *writer;

	mm_bug_on(IS_ERR(text), "no file");
	bounded_spawn(execs_file, text);
	bounded_spawn(execs_file, text);
	bounded_arrive();
	for (int i = 0; i < 2; i++) {
		writer = file_open(inode, FILE_WRITE);
		if (IS_ERR(writer))
			continue;
		if (READ_ONCE(executing))
			report_finding(FINDING_REFCOUNT, "INV-9: %d programs"
				       " run from a file open for writing",
				       READ_ONCE(executing));
		fput(writer);
	}
	bounded_reap();
	fput(text);
	iput(inode);
}

const struct bounded_ops bounded_exec_write = {
	.name = "exec-write",
	.why = "programs are executed from a file that is opened for writing",
	.items = "INV-9 EXEC-1",
	.cpus = 3,
	.arrivals = 3,
	.body = exec_write,
};
