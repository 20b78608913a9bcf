// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/pressure.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "locking/report.h"
#include "locking/seam.h"
#include "locking/time.h"
#include "mm/cpu.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/swapfile.h"
#include "mm/vmscan.h"
#include "mm/wait.h"
#include "stress/balloon.h"
#include "stress/world.h"

#define SWAP_DEVICES 2
/* With memory short one swapoff must not take a whole round. */
#define MOST_DEVICES 8
#define TICKS_BETWEEN 8 /* of init, 10 ms each */
#define FUTILE 16 /* pages scanned for one that is freed */

static const struct stress_config *config;
static bool kswapd_runs;
static int nr_devices;
static int types[MOST_DEVICES]; /* -1: off; of the thread while it runs */

/* swapoff's thread. */
static struct {
	pid_t pid; /* init's; 0: there is none */
	struct wait_queue_head wait;
	int asked, ends; /* (a) */
	unsigned int ticks; /* init's */
} cycle;

/* How far the population is, and what it has touched; the watchdog's. */
static struct {
	unsigned long since; /* jiffies */
	uint64_t sampled_ns; /* of the host's clock */
	bool begun, up, pressed;
	struct vmscan_stats scan; /* at the last look */
	unsigned long set; /* (a) working set, for swapoff's thread; 0: none */
} press;

/* ---- Devices -------------------------------------------------------------- */

/*
 * One device is being taken away most of the time: the others must hold what
 * does not fit into memory.  A little more than that, so that a population
 * that grows now and then finds swap full.
 */
static unsigned long device_pages(void)
{
	unsigned long set = READ_ONCE(press.set);

	if (!config->ram_share || config->swap_given || !set)
		return ((unsigned long)config->swap_mib <<
			(20 - PAGE_SHIFT)) / (unsigned long)nr_devices;
	return set * (100 - config->ram_share) / 100 * 17 / 16 /
	       (unsigned long)(nr_devices - 1) + 32;
}

/* Devices of one priority take turns. */
static int swapon(int nr)
{
	unsigned long pages = device_pages();
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
	     nr = (nr + 1) % nr_devices) {
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

/* ---- Memory ----------------------------------------------------------------- */

/* A part of the round, or of a minute if nobody knows how long it is. */
static unsigned long round_ticks(unsigned int parts)
{
	unsigned int secs = world.sh->round.secs;

	return (secs ? min(secs, 60u) : 60u) * HZ / parts;
}

/* Most of the tasks are there, or it takes too long to wait for them. */
static bool population_is_up(int alive)
{
	if (!press.begun) {
		press.begun = true;
		press.since = jiffies;
	}
	return alive >= (int)(world.target - world.target / 10) ||
	       time_after(jiffies, press.since + round_ticks(4));
}

/* The share has been reached, or most of the round has gone by. */
static bool is_pressed(const struct user_memory *m)
{
	unsigned long set = m->resident + m->swapped + m->dropped;

	return !config->ram_share ||
	       m->resident * 100 <= set * (config->ram_share + 3) ||
	       time_after(jiffies, press.since + round_ticks(2));
}

/* What the summary says of the run: sums, means are made of them. */
static void sample(const struct user_memory *m, int alive)
{
	uint64_t now = seam_clock_ns();

	if (press.sampled_ns) {
		stress_count(EV_SAMPLES);
		stress_add(EV_ALIVE_SUM, (uint64_t)max(alive, 0));
		stress_add(EV_RESIDENT_SUM, m->resident);
		stress_add(EV_SET_SUM, m->resident + m->swapped + m->dropped);
		stress_add(EV_PRESSED_MS, (now - press.sampled_ns) / 1000000);
	}
	press.sampled_ns = now;
}

/*
 * Of what was scanned since the last look next to nothing could be freed: what
 * is in memory is locked there.  To take more would only starve everybody.
 */
static bool reclaim_is_futile(void)
{
	unsigned long scanned, reclaimed;
	struct vmscan_stats now;

	vmscan_get_stats(&now);
	scanned = now.scanned - press.scan.scanned;
	reclaimed = now.reclaimed - press.scan.reclaimed;
	press.scan = now;
	return reclaimed * FUTILE < scanned;
}

static void adjust(const struct user_memory *m, bool stopping)
{
	bool futile = reclaim_is_futile();

	WRITE_ONCE(press.set, m->resident + m->swapped + m->dropped);
	if (futile || stopping)
		balloon_give();
	else
		balloon_adjust(m, config->ram_share);
}

void pressure_look(bool stopping)
{
	int alive = READ_ONCE(nr_threads) - world.daemons;
	struct user_memory m;

	if (world_stopping()) {
		balloon_release();
		return;
	}
	press.up = press.up || population_is_up(alive);
	if (!press.up)
		return;
	balloon_measure(&m);
	press.pressed = press.pressed || is_pressed(&m);
	if (press.pressed)
		sample(&m, alive);
	if (config->ram_share)
		adjust(&m, stopping);
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
	nr_devices = cfg->ram_share ? MOST_DEVICES : SWAP_DEVICES;
	balloon_init();
	for (int nr = 0; nr < nr_devices; nr++) {
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
	balloon_release();
	sched_wait_quiet(); /* its thread may be at it still */
	for (int nr = 0; nr < nr_devices; nr++) {
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
