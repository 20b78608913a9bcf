// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of a page that is stored to while mremap() moves it. */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/mremap.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define FROM (BOUNDED_DATA + 0x100000)
#define TO (BOUNDED_DATA + 0x200000)
#define STORES 12

static struct completion stored = COMPLETION_INITIALIZER(stored);
static uint64_t last = 1; /* before @stored */

/* Until the page is gone from here. */
static void stores(void *arg)
{
	(void)arg;
	for (uint64_t i = 2; i < STORES && !SYSCALL(put_user64(i, FROM)); i++)
		last = i;
	complete(&stored);
	bounded_exit();
}

static uint64_t moved_word(void)
{
	uint64_t value = 0;

	if (SYSCALL(get_user64(&value, TO)))
		report_finding(FINDING_DATA, "a page that was moved is gone");
	return value;
}

/* No store reaches it by its old address once it has a new one. */
static void moves(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(FROM, PAGE_SIZE, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				      NULL, 0));
	uint64_t first;

	(void)arg;
	mm_bug_on(at != FROM || SYSCALL(put_user64(last, FROM)), "no page");
	if (bounded_thread(stores, NULL) < 0)
		complete(&stored);
	bounded_yield();
	at = SYSCALL(sys_mremap(FROM, PAGE_SIZE, PAGE_SIZE,
				MREMAP_MAYMOVE | MREMAP_FIXED, TO));
	if (at != TO)
		bounded_exit(); /* no memory */
	first = moved_word();
	wait_for_completion(&stored);
	if (first != last || moved_word() != last)
		report_finding(FINDING_DATA, "a page was moved with %llu in it,"
			       " and has %llu, where %llu was stored last",
			       (unsigned long long)first,
			       (unsigned long long)moved_word(),
			       (unsigned long long)last);
	bounded_validate();
	bounded_exit();
}

static void move_store(void)
{
	bounded_spawn(moves, NULL);
}

const struct bounded_ops bounded_move_store = {
	.name = "move-store",
	.why = "a thread stores to a page while mremap() moves it",
	.items = "ORD-21",
	.cpus = 2,
	.body = move_store,
};
