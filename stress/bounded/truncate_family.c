// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios: fork and clone while a file is being cut. */
#include <signal.h>

#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/uaccess.h"
#include "stress/bounded/cut_file.h"

#define SECOND CUT_FILE_PAGE(1)

static void child_expects_cut(void *arg)
{
	(void)arg;
	cut_file_wait_expect(SECOND);
	bounded_exit();
}

/* Has the page, and a child that has it, too. */
static void forks_under_cut(void)
{
	cut_file_touch(SECOND);
	cut_file_mapped();
	bounded_clone(SIGCHLD, child_expects_cut, NULL);
	cut_file_wait_expect(SECOND);
	bounded_exit();
}

static void truncate_fork_main(void *arg)
{
	(void)arg;
	cut_file_map_any();
	forks_under_cut();
}

static void truncate_fork(void)
{
	cut_file_under(truncate_fork_main, 2);
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
	forks_under_cut();
}

static void truncate_family_main(void *arg)
{
	(void)arg;
	cut_file_map_any();
	bounded_clone(SIGCHLD, child_expects_cut, NULL);
	if (bounded_clone(SIGCHLD, list_member, NULL) < 0)
		cut_file_mapped();
	cut_file_wait_expect(SECOND);
	bounded_exit();
}

static void truncate_family(void)
{
	cut_file_under(truncate_family_main, 2);
}

const struct bounded_ops bounded_truncate_family = {
	.name = "truncate-family",
	.why = "fork while many areas of one range of a file are truncated",
	.items = "B-7 FORK-55",
	.cpus = 2,
	.body = truncate_family,
};

/* ---- a thread that starts while pages are taken away ---------------------- */

#define MANY_PAGES 8
#define MANY_LOOKS 6

/* Pages come or are refused; what was cut off does not stay. */
static void looks_until_cut(void *arg)
{
	uaddr_t last = CUT_FILE_PAGE(MANY_PAGES - 1);
	uint64_t value;

	(void)arg;
	for (int i = 0; i < MANY_LOOKS; i++) {
		(void)SYSCALL(get_user64(&value, last));
		bounded_yield();
	}
	cut_file_wait_expect(last);
	bounded_exit();
}

static void truncate_clone_main(void *arg)
{
	uint64_t value;

	(void)arg;
	cut_file_map(PROT_READ, MAP_SHARED);
	for (int i = 1; i < MANY_PAGES; i++)
		(void)SYSCALL(get_user64(&value, CUT_FILE_PAGE(i)));
	cut_file_mapped();
	bounded_thread(looks_until_cut, NULL);
	cut_file_wait_expect(SECOND);
	bounded_exit();
}

static void truncate_clone(void)
{
	cut_file_under(truncate_clone_main, MANY_PAGES);
}

const struct bounded_ops bounded_truncate_clone = {
	.name = "truncate-clone",
	.why = "a thread starts and reads what is being cut off a file",
	.items = "B-13 FORK-31 ORD-6",
	.cpus = 3,
	.body = truncate_clone,
};
