// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios: accesses that others must not see the middle of. */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/mmap.h"
#include "mm/munmap.h"
#include "mm/page.h"
#include "mm/ptrace.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

/* ---- a forced write and a reader of the same text ------------------------- */

#define TEXT (BOUNDED_DATA + 0x1000000)
#define POKED 0x90909090UL

static struct file *text;

static void reads_text(void *arg)
{
	uint64_t word;

	(void)arg;
	user_read64(TEXT, &word);
	bounded_exit();
}

static void pokes_text(void *arg)
{
	uint64_t word = POKED;

	(void)arg;
	SYSCALL(sys_mmap(TEXT, PAGE_SIZE, PROT_READ, MAP_FIXED | MAP_PRIVATE,
			 text, 0));
	bounded_thread(reads_text, NULL);
	SYSCALL(access_process_vm(current, TEXT, &word, sizeof(word), true));
	bounded_exit();
}

static void check_text(struct inode *inode)
{
	uint64_t want = file_pattern(inode->i_ino, 0, 0), word;
	struct page *page = find_get_page(&inode->i_data, 0);

	if (!page)
		return;
	word = *(uint64_t *)page_address(page);
	put_page(page);
	if (word != want)
		report_finding(FINDING_DATA, "a write to a private mapping has"
			       " changed the file: %#llx, expected %#llx",
			       (unsigned long long)word,
			       (unsigned long long)want);
}

static void poke_text(void)
{
	struct inode *inode = inode_create("text", PAGE_SIZE, NULL);

	text = file_open(inode, FILE_READ);
	bounded_spawn(pokes_text, NULL);
	bounded_reap();
	check_text(inode);
	fput(text);
	iput(inode);
}

const struct bounded_ops bounded_poke_text = {
	.name = "poke-text",
	.why = "a forced write to a private mapping that another thread reads",
	.items = "B-8 FLT-49",
	.cpus = 2,
	.body = poke_text,
};

/* ---- readers of a page being copied --------------------------------------- */

static void reads_page(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++)
		bounded_expect(0, 1, 2);
	bounded_exit();
}

static void copies_page(void *arg)
{
	pid_t child;

	(void)arg;
	bounded_put(0, 1);
	child = bounded_clone(SIGCHLD, bounded_pause, NULL);
	bounded_thread(reads_page, NULL);
	bounded_thread(reads_page, NULL);
	bounded_put(0, 2);
	bounded_expect(0, 2, 2);
	SYSCALL(sys_kill(child, SIGKILL));
	bounded_exit();
}

static void cow_readers(void)
{
	bounded_spawn(copies_page, NULL);
}

const struct bounded_ops bounded_cow_readers = {
	.name = "cow-readers",
	.why = "threads read a page while another one breaks COW",
	.items = "B-8 FLT-48",
	.cpus = 3,
	.body = cow_readers,
};

/* ---- a flush and a CPU that goes to another mm ----------------------------- */

static void comes_and_goes(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		bounded_put(3, 1);
		syscall_enter();
		yield();
		exit_to_user();
	}
	bounded_exit();
}

static void unmaps_beside(void *arg)
{
	(void)arg;
	bounded_put(1, 5);
	bounded_thread(comes_and_goes, NULL);
	SYSCALL(sys_munmap(BOUNDED_DATA + PAGE_SIZE, PAGE_SIZE));
	bounded_exit();
}

static void unmap_switch(void)
{
	bounded_spawn(unmaps_beside, NULL);
	bounded_spawn(comes_and_goes, NULL);
}

const struct bounded_ops bounded_unmap_switch = {
	.name = "unmap-switch",
	.why = "a flush while a CPU switches to another address space",
	.items = "B-14 TLB-20",
	.cpus = 2,
	.arrivals = 2,
	.body = unmap_switch,
};

/* ---- requests that fit beside one that does not --------------------------- */

#define HEAP (BOUNDED_DATA + 0x2000000)
#define ROOM 40 /* pages beyond what is committed */

static struct completion started = COMPLETION_INITIALIZER(started);
static struct completion limit_set = COMPLETION_INITIALIZER(limit_set);

static void maps_pages(void *arg)
{
	unsigned long pages = (unsigned long)arg;
	bool fits = pages < ROOM;
	uaddr_t at;

	complete(&started);
	wait_for_completion(&limit_set);
	at = SYSCALL(sys_mmap(HEAP, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, NULL,
			      0));

	if ((at == HEAP) != fits)
		report_finding(FINDING_STRUCTURE, "INV-30: a request of %lu"
			       " pages beside one of %u is %s, with room for"
			       " %d", pages, fits ? 2 * ROOM : 1,
			       fits ? "refused" : "granted", ROOM);
	bounded_exit();
}

static void limit(void)
{
	bounded_spawn(maps_pages, (void *)1);
	bounded_spawn(maps_pages, (void *)(2 * ROOM));
	wait_for_completion(&started);
	wait_for_completion(&started);
	vm_acct_drain();
	WRITE_ONCE(sysctl_overcommit_limit,
		   (unsigned long)vm_committed_total() + ROOM);
	complete_all(&limit_set);
	bounded_reap();
	WRITE_ONCE(sysctl_overcommit_limit, 0);
}

const struct bounded_ops bounded_limit = {
	.name = "limit",
	.why = "a small request beside one beyond the limit",
	.items = "INV-30",
	.cpus = 2,
	.arrivals = 2,
	.body = limit,
};

/* ---- two stacks of one process ---------------------------------------------- */

#define STACKS (BOUNDED_DATA + 0x3000000)
#define STACK_AT(n) (STACKS + (uaddr_t)(n) * 0x100000)

/* Two faults, each a page further down: R(mmap_sem) and a lock of its own. */
static void grows_stack(void *arg)
{
	uaddr_t base = STACK_AT((long)arg);

	for (int page = 1; page <= 2; page++) {
		current->user_sp = base - (uaddr_t)page * PAGE_SIZE;
		user_write64(current->user_sp, 1);
	}
	bounded_exit();
}

static void maps_stacks(void *arg)
{
	struct mm_struct *mm = current->mm;
	long pages;

	(void)arg;
	for (int n = 0; n < 2; n++) {
		SYSCALL(sys_mmap(STACK_AT(n), PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS |
				 MAP_GROWSDOWN, NULL, 0));
		/* A stack in use has an anon_vma, and its lock. */
		user_write64(STACK_AT(n), 1);
	}
	pages = atomic_long_read(&mm->total_vm);
	for (long n = 0; n < 2; n++)
		if (bounded_clone(CLONE_VM | SIGCHLD, grows_stack,
				  (void *)n) > 0)
			pages += 2;
	while (SYSCALL(sys_wait4(-1, NULL, 0)) > 0)
		;
	if (atomic_long_read(&mm->total_vm) != pages)
		report_finding(FINDING_STRUCTURE, "INV-6: stacks have grown by"
			       " two pages each, total_vm is %ld, expected %ld",
			       atomic_long_read(&mm->total_vm), pages);
	bounded_exit();
}

static void two_stacks(void)
{
	bounded_spawn(maps_stacks, NULL);
}

const struct bounded_ops bounded_two_stacks = {
	.name = "two-stacks",
	.why = "two stacks of one process grow at once",
	.items = "B-17 FLT-10",
	.cpus = 2,
	.body = two_stacks,
};
