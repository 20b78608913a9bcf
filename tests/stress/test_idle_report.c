// SPDX-License-Identifier: GPL-2.0-or-later
/* Whom the report of a stall names when nobody waits for anybody. */
#include "stress/idle_report.h"
#include "mm/futex.h"
#include "tests/mm/life_util.h"

TestSuite(idle_report, .timeout = 30, .init = life_boot, .fini = life_stop);

static void sleeps_on_futex(void *arg)
{
	(void)arg;
	user_assert(!user_write32(DATA, 7));
	SYSCALL(sys_futex(DATA, FUTEX_WAIT, 7, 0, 0, 0));
	user_exit(0);
}

static void stops_itself(void *arg)
{
	(void)arg;
	SYSCALL(sys_kill(sys_getpid(), SIGSTOP));
	user_exit(0);
}

/* The line of @pid is there, and names the function. */
static void expect_line(const char *text, pid_t pid, const char *func)
{
	char start[32];
	const char *line, *in;

	snprintf(start, sizeof(start), "  pid %d (", pid);
	line = strstr(text, start);
	cr_assert(line, "no pid %d in: %s", pid, text);
	in = strstr(line, func);
	cr_expect(in && in < strchr(line, '\n'), "no %s in: %s", func, line);
}

/* Wakers are looked for first: who falls asleep after that is named without. */
static void until_listed(int nr, const char *note, char *text, size_t size)
{
	while (idle_tasks_text(text, size, 0) != nr || !strstr(text, note))
		yield();
}

Test(idle_report, names_sleepers_and_where)
{
	pid_t waits = spawn(sleeps_on_futex, NULL);
	pid_t stopped = spawn(stops_itself, NULL);
	char text[1000], small[200];

	until_listed(2, ", no known waker\n", text, sizeof(text));
	expect_line(text, waits, "sleep_until_woken() at mm/futex.c:");
	expect_line(text, stopped, " at mm/signal_deliver.c:");
	/* A sleeper is there as a whole or not at all, but counted. */
	cr_expect_eq(idle_tasks_text(small, sizeof(small), 0), 2);
	cr_expect(strlen(small) < sizeof(small));
	cr_expect(strchr(small, '\n') && small[strlen(small) - 1] == '\n');
	cr_expect_eq(strncmp(small, text, strlen("  pid 2 (prog)")), 0);
	cr_expect_null(strstr(small + 1, "  pid 3"));
	cr_expect_eq(idle_tasks_text(small, 1, 0), 2);
	cr_expect_str_empty(small);
	/* They have not slept for that long. */
	cr_expect_eq(idle_tasks_text(text, sizeof(text), 1000 * HZ), 0);
	cr_expect_str_empty(text);
	kill_proc(waits, SIGKILL);
	kill_proc(stopped, SIGKILL);
	cr_expect_eq(status_of(waits), SIGKILL);
	cr_expect_eq(status_of(stopped), SIGKILL);
	/* Nor do zombies and kernel threads count. */
	cr_expect_eq(idle_tasks_text(text, sizeof(text), 0), 0);
}

/* The holder may be what stands still: the watchdog must not join it. */
Test(idle_report, does_not_wait_for_the_lock)
{
	char text[100] = "old";

	write_lock_irq(&tasklist_lock);
	cr_expect_eq(idle_tasks_text(text, sizeof(text), 0), -EBUSY);
	write_unlock_irq(&tasklist_lock);
	cr_expect_str_empty(text);
}
