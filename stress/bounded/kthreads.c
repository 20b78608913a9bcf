// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of kernel threads that are started and stopped. */
#include <signal.h>

#include "locking/report.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/kthread.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "stress/bounded/bounded.h"

#define RUNS 2

static void sleeps_until_stopped(void *unused)
{
	(void)unused;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule_on(LWAIT_IDLE, NULL);
	}
	__set_current_state(TASK_RUNNING);
}

/* The daemon becomes a child of init, and is not to be reaped. */
static void starts_and_stops(void *unused)
{
	(void)unused;
	bounded_arrive();
	for (int i = 0; i < RUNS; i++) {
		struct kthread *k = kthread_run(sleeps_until_stopped, NULL,
						"daemon");

		if (!IS_ERR(k))
			kthread_stop(k);
	}
}

/* So does the orphan, who is. */
static void leaves_orphan(void *arg)
{
	(void)arg;
	bounded_clone(SIGCHLD, bounded_exits, NULL);
	bounded_exit();
}

static void kthreads(void)
{
	for (int i = 0; i < 2; i++)
		if (kernel_thread(starts_and_stops, NULL, SIGCHLD) < 0)
			report_finding(FINDING_BUG, "no kernel thread");
	bounded_spawn(leaves_orphan, NULL);
	bounded_reap();
}

const struct bounded_ops bounded_kthreads = {
	.name = "kthreads",
	.why = "daemons start and end beside an exit that leaves an orphan",
	.items = "EXIT-13 LOCK-4",
	.cpus = 2,
	.arrivals = 3,
	.body = kthreads,
};
