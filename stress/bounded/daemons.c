// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of daemons: kswapd ends, and all stop. */
#include <signal.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/sched.h"
#include "mm/vmscan.h"
#include "stress/bounded/bounded.h"

/* ---- kswapd ---------------------------------------------------------------------- */

static void asks(void *unused)
{
	(void)unused;
	bounded_arrive();
	for (int i = 0; i < 2; i++)
		wakeup_kswapd();
}

/* It ends when told, though it may be just about to sleep. */
static void kswapd_body(void)
{
	if (kswapd_run())
		report_finding(FINDING_BUG, "kswapd does not start");
	kernel_thread(asks, NULL, SIGCHLD);
	bounded_arrive();
	wakeup_kswapd();
	kswapd_stop();
}

const struct bounded_ops bounded_kswapd = {
	.name = "kswapd",
	.why = "kswapd is asked by two, and stopped",
	.items = "PRIM-26",
	.cpus = 2,
	.arrivals = 2,
	.own_start = true,
	.body = kswapd_body,
};

/* ---- all stop ------------------------------------------------------------------------ */

static void forks(void *arg)
{
	bounded_put(0, 1);
	bounded_thread(bounded_exits, NULL);
	bounded_clone(SIGCHLD, bounded_execs, NULL);
	bounded_put(0, 2);
	bounded_exits(arg);
}

/* Whatever it is at, it goes on later. */
static void freeze(void)
{
	bounded_spawn(forks, NULL);
	bounded_arrive();
	for (int i = 0; i < 2; i++) {
		freeze_tasks();
		thaw_tasks();
		yield();
	}
}

const struct bounded_ops bounded_freeze = {
	.name = "freeze",
	.why = "all tasks are stopped while one forks, execs and exits",
	.items = "",
	.cpus = 2,
	.arrivals = 2,
	.body = freeze,
};
