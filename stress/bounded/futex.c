// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of futexes: wake, requeue and signals against sleepers. */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "mm/mmap.h"
#include "mm/signal.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define WORD BOUNDED_DATA
#define OTHER (BOUNDED_DATA + 8)

/* ---- wake and requeue against a signal ------------------------------------------- */

static struct completion waiting = COMPLETION_INITIALIZER(waiting);

static void waits(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < 2; i++)
		SYSCALL(sys_futex(WORD, FUTEX_WAIT, i, 0, 0, 0));
	bounded_exit();
}

static void wakes_or_moves(void *arg)
{
	(void)arg;
	for (unsigned int i = 1; i < 3; i++) {
		SYSCALL(put_user32(i, WORD));
		if (bounded_pick(2))
			SYSCALL(sys_futex(WORD, FUTEX_WAKE, 1, 0, 0, 0));
		else
			SYSCALL(sys_futex(WORD, FUTEX_REQUEUE, 0, OTHER, 1, 0));
	}
	bounded_pause(NULL);
}

static void futex_kill_main(void *arg)
{
	(void)arg;
	bounded_put(0, 0);
	complete(&waiting);
	bounded_thread(waits, NULL);
	wakes_or_moves(NULL);
}

static void futex_kill(void)
{
	pid_t pid = bounded_spawn(futex_kill_main, NULL);

	wait_for_completion(&waiting);
	kill_proc(pid, SIGKILL);
}

const struct bounded_ops bounded_futex_kill = {
	.name = "futex-kill",
	.why = "a futex waiter is woken, moved and killed at once",
	.items = "PROC-9 PRIM-26",
	.cpus = 2,
	.body = futex_kill,
};

/* ---- a wait whose word has to be faulted in, against a writer of the mm -------------- */

static void maps(void *arg)
{
	(void)arg;
	SYSCALL(sys_mmap(BOUNDED_DATA + 3 * PAGE_SIZE, PAGE_SIZE,
			 PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL, 0));
	SYSCALL(put_user32(1, WORD));
	SYSCALL(sys_futex(WORD, FUTEX_WAKE, 1, 0, 0, 0));
	bounded_exit();
}

static void futex_fault_main(void *arg)
{
	(void)arg;
	if (bounded_thread(maps, NULL) > 0)
		SYSCALL(sys_futex(WORD, FUTEX_WAIT, 0, 0, 0, 0));
	bounded_exit();
}

static void futex_fault(void)
{
	bounded_spawn(futex_fault_main, NULL);
}

const struct bounded_ops bounded_futex_fault = {
	.name = "futex-fault",
	.why = "a futex wait on a page not yet there, while a thread maps",
	.items = "FLT-9 INV-34",
	.cpus = 2,
	.body = futex_fault,
};
