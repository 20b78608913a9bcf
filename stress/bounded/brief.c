// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of a file's page that is mapped only for a moment. */
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/madvise.h"
#include "mm/mmap.h"
#include "mm/swap.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define FILE_AREA (BOUNDED_DATA + 0x100000)
#define VISITS 6

static struct file *file;

static uint64_t word_of_file(void)
{
	uint64_t word = 0;

	if (file_read(file, 0, &word, sizeof(word)) != sizeof(word))
		report_finding(FINDING_DATA, "no word in the file");
	return word;
}

/* Between two visits no page table has the page: only its file does. */
static void visits(void *arg)
{
	uaddr_t at =
		SYSCALL(sys_mmap(FILE_AREA, PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_FIXED, file, 0));

	(void)arg;
	mm_bug_on(at != FILE_AREA, "mmap: %#lx", at);
	for (uint64_t i = 1; i <= VISITS; i++) {
		user_write64(FILE_AREA, i);
		SYSCALL(sys_madvise(FILE_AREA, PAGE_SIZE, MADV_DONTNEED));
	}
	bounded_exit();
}

static void reclaims_twice(void *arg)
{
	bounded_arrive();
	for (int i = 0; i < 2; i++)
		bounded_reclaims(arg);
}

/* What was stored last is in the file, whoever writes and drops its page. */
static void reclaim_brief(void)
{
	struct inode *inode = inode_create("brief", PAGE_SIZE, NULL);

	mm_bug_on(!inode, "no inode");
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(file), "no file");
	iput(inode);
	(void)word_of_file(); /* its page is in memory, and clean */
	lru_add_drain();
	/* First, so that its CPU has nobody's mm, and is not to be flushed. */
	kernel_thread(reclaims_twice, NULL, SIGCHLD);
	bounded_spawn(visits, NULL);
	bounded_reap();
	for (int i = 0; i < 2; i++)
		bounded_reclaims(NULL);
	if (word_of_file() != VISITS)
		report_finding(FINDING_DATA,
			       "ORD-26: a file has %llu where its"
			       " mappings have stored %d last",
			       (unsigned long long)word_of_file(), VISITS);
	fput(file);
}

const struct bounded_ops bounded_reclaim_brief = {
	.name = "reclaim-brief",
	.why = "a page is mapped, stored to and dropped while reclaim takes it",
	.items = "ORD-26 RECL-16 EXIT-34",
	.cpus = 2,
	.arrivals = 2,
	.body = reclaim_brief,
};
