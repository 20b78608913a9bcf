// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of a table of open files that several tasks share. */
#include <linux/sched.h>
#include <signal.h>

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/files.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "stress/bounded/bounded.h"

static int opens(void)
{
	return SYSCALL(sys_futex(BOUNDED_DATA, FUTEX_FD, 0, 0, 0, 0));
}

/* It is nobody else's, so it stays open until it is closed. */
static void opens_and_closes(void)
{
	int fd = opens();

	if (fd < 0)
		return; /* no memory */
	if (SYSCALL(futex_poll(fd, false)))
		report_finding(FINDING_STRUCTURE, "file %d, just opened, is"
			       " not open", fd);
	if (SYSCALL(sys_close(fd)))
		report_finding(FINDING_STRUCTURE, "file %d is closed by"
			       " somebody else", fd);
}

static void leaves_open(void)
{
	(void)opens();
}

static void polls_first(void)
{
	for (int i = 0; i < 2; i++)
		SYSCALL(futex_poll(0, false));
}

static void closes_inherited(void *arg)
{
	(void)arg;
	SYSCALL(futex_poll(0, false));
	SYSCALL(sys_close(0));
	bounded_exit();
}

static void copies_table(void)
{
	bounded_clone(SIGCHLD, closes_inherited, NULL);
}

static void unshares_table(void)
{
	bounded_exec(closes_inherited, NULL);
}

static void (*const uses[])(void) = {
	opens_and_closes, leaves_open, polls_first, copies_table,
	unshares_table,
};

static void uses_table(void *arg)
{
	(void)arg;
	uses[bounded_pick(ARRAY_SIZE(uses))]();
	bounded_exit();
}

/* File 0 is there from the beginning, and closed meanwhile. */
static void shares_table(void *arg)
{
	const unsigned long flags = CLONE_VM | CLONE_FILES | SIGCHLD;
	int first = opens();

	for (int i = 0; i < 2; i++)
		bounded_clone(flags, uses_table, NULL);
	if (first == 0)
		SYSCALL(sys_close(first));
	uses_table(arg);
}

static void files_shared(void)
{
	bounded_spawn(shares_table, NULL);
}

const struct bounded_ops bounded_files_shared = {
	.name = "files-shared",
	.why = "a shared table of files is copied while files come and go",
	.items = "B-22",
	.cpus = 3,
	.body = files_shared,
};
