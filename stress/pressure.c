// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/pressure.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/swapfile.h"
#include "mm/vmscan.h"
#include "mm/wait.h"
#include "stress/world.h"

#define SWAP_DEVICES 2
#define TICKS_BETWEEN 8 /* of init, 10 ms each */

static const struct stress_config *config;
static bool kswapd_runs;
static int types[SWAP_DEVICES]; /* -1: off; of the thread while it runs */

/* swapoff's thread. */
static struct {
	pid_t pid; /* init's; 0: there is none */
	struct wait_queue_head wait;
	int asked, ends; /* (a) */
	unsigned int ticks; /* init's */
} cycle;

/* ---- Devices -------------------------------------------------------------- */

/* Devices of one priority take turns. */
static int swapon(int nr)
{
	unsigned long pages = ((unsigned long)config->swap_mib <<
			       (20 - PAGE_SHIFT)) / SWAP_DEVICES;
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s.%d", config->swap_file, nr);
	types[nr] = sys_swapon_file(*config->swap_file ? path : NULL, pages,
				    0);
	return types[nr] < 0 ? types[nr] : 0;
}

/* Without memory for what it holds the device stays as it is. */
static void off_and_on(int nr)
{
	if (types[nr] >= 0) {
		if (sys_swapoff(types[nr])) {
			stress_count(EV_SWAPOFF_FAILED);
			return;
		}
		stress_count(EV_SWAPOFF);
	}
	swapon(nr);
}

/* ---- swapoff's thread ------------------------------------------------------ */

static void cycle_main(void *arg)
{
	(void)arg;
	for (int nr = 0; !READ_ONCE(cycle.ends);
	     nr = (nr + 1) % SWAP_DEVICES) {
		DEFINE_WAIT(wait);

		prepare_to_wait(&cycle.wait, &wait, TASK_UNINTERRUPTIBLE);
		if (!READ_ONCE(cycle.asked) && !READ_ONCE(cycle.ends))
			schedule_on(LWAIT_IDLE, &cycle.wait);
		finish_wait(&cycle.wait, &wait);
		try_to_freeze();
		if (xchg(&cycle.asked, 0) && !READ_ONCE(cycle.ends))
			off_and_on(nr);
	}
	do_exit(0);
}

static int cycle_start(void)
{
	pid_t pid;

	init_waitqueue_head(&cycle.wait);
	pid = kernel_thread(cycle_main, NULL, SIGCHLD);
	if (pid < 0)
		return pid;
	cycle.pid = pid;
	return 0;
}

void pressure_tick(void)
{
	if (!cycle.pid || ++cycle.ticks % TICKS_BETWEEN)
		return;
	xchg(&cycle.asked, 1);
	wake_up_all(&cycle.wait);
}

static void cycle_stop(void)
{
	if (!cycle.pid)
		return;
	xchg(&cycle.ends, 1);
	wake_up_all(&cycle.wait);
	while (sys_wait4(cycle.pid, NULL, 0) == -EINTR)
		;
	cycle.pid = 0;
}

/* ---- A round ---------------------------------------------------------------- */

int pressure_start(const struct stress_config *cfg)
{
	int err = 0;

	config = cfg;
	for (int nr = 0; nr < SWAP_DEVICES; nr++) {
		types[nr] = -1;
		if (cfg->swap_mib && !err)
			err = swapon(nr);
	}
	if (!err)
		err = kswapd_run();
	kswapd_runs = !err;
	if (!err && cfg->swap_mib)
		err = cycle_start();
	return err;
}

void pressure_release(void)
{
	sched_wait_quiet(); /* its thread may be at it still */
	for (int nr = 0; nr < SWAP_DEVICES; nr++) {
		int err = types[nr] >= 0 ? sys_swapoff(types[nr]) : 0;

		if (err)
			report_finding(FINDING_BUG, "swapoff of device %d with"
				       " all tasks gone: error %d", types[nr],
				       err);
		types[nr] = -1;
	}
}

void pressure_stop(void)
{
	cycle_stop();
	if (kswapd_runs)
		kswapd_stop();
	kswapd_runs = false;
}
