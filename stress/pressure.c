// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/pressure.h"

#include <errno.h>
#include <stdio.h>

#include "locking/report.h"
#include "locking/seam.h"
#include "locking/time.h"
#include "mm/cpu.h"
#include "mm/fork.h"
#include "mm/memory.h"
#include "mm/rmap_unmap.h"
#include "mm/sched.h"
#include "mm/swapfile.h"
#include "mm/vmscan.h"
#include "stress/balloon.h"
#include "stress/daemon.h"
#include "stress/world.h"

#define SWAP_DEVICES 2
/* With memory short one swapoff must not take a whole round. */
#define MOST_DEVICES 8
/*
 * The first ones are small and filled before the others: each page that
 * swapoff brings back is looked for in all address spaces, so with thousands of
 * them only a small device comes and goes in a round.
 */
#define SMALL_DEVICES 3
#define SMALL_PAGES 32
#define TICKS_BETWEEN 8 /* jiffies */
#define FUTILE 16 /* pages scanned for one that is freed */
/*
 * On the way to a standstill each task needs some pages more.  Thousands that
 * have to reclaim them walk the areas of one file, one after the other.
 */
#define PAGES_TO_FINISH 1 /* of a task */

static const struct stress_config *config;
static bool kswapd_runs;
static int nr_devices;
static int types[MOST_DEVICES]; /* -1: off; of the threads while they run */

/* swapoff's threads. */
static struct cycle {
	struct stress_daemon daemon;
	int first, nr; /* (c) devices it takes in turn */
	int turn;
} cycles[SMALL_DEVICES + 1];

static int nr_cycles;
static unsigned long cycle_at; /* jiffies: they are asked next */

/* How far the population is, and what it has touched; the watchdog's. */
static struct {
	unsigned long since; /* jiffies */
	uint64_t sampled_ns; /* of the host's clock */
	bool begun, up, ready, pressed;
	struct vmscan_stats scan; /* at the last look */
	unsigned long first_set; /* working set when it was measured first */
	unsigned long set; /* (a) the same now, for swapoff's threads; 0: none */
	unsigned long relaxed; /* pages given for this standstill */
	unsigned long out, in; /* PTEs swapped, at the last sample */
} press;

/* A part of the round, or of a minute if nobody knows how long it is. */
static unsigned long round_ticks(unsigned int parts)
{
	unsigned int secs = world.sh->round.secs;

	return (secs ? min(secs, 60u) : 60u) * HZ / parts;
}

/* ---- Devices -------------------------------------------------------------- */

static bool is_small(int nr)
{
	return nr_devices == MOST_DEVICES && !config->swap_given &&
	       nr < SMALL_DEVICES;
}

static unsigned long large_devices(void)
{
	return (unsigned long)nr_devices - (is_small(0) ? SMALL_DEVICES : 0);
}

/* What has to be in swap, with a little more; 0 if that is not known yet. */
static unsigned long pages_in_swap(void)
{
	return READ_ONCE(press.set) * (100 - config->ram_share) / 100 * 17 / 16;
}

/*
 * One device is being taken away most of the time: the others must hold what
 * does not fit into memory.  There is not much more, so that a population that
 * grows, and somebody who takes all there is, find swap full.
 */
static unsigned long device_pages(int nr)
{
	if (!config->ram_share || config->swap_given)
		return ((unsigned long)config->swap_mib <<
			(20 - PAGE_SHIFT)) / large_devices();
	if (is_small(nr))
		return SMALL_PAGES;
	return pages_in_swap() / (large_devices() - 1) + SMALL_PAGES;
}

/* How large a large device has to be is known, or nobody asks for more. */
static bool size_is_known(int nr)
{
	return !config->ram_share || config->swap_given || is_small(nr) ||
	       READ_ONCE(press.set);
}

/* There is room for what is to leave memory, or has been. */
static bool swap_is_ready(void)
{
	press.ready = press.ready || config->swap_given ||
		      READ_ONCE(total_swap_pages) >= (long)pages_in_swap() ||
		      time_after(jiffies, press.since + round_ticks(2));
	return press.ready;
}

/* Devices of one priority take turns. */
static int swapon(int nr)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s.%d", config->swap_file, nr);
	types[nr] = sys_swapon_file(*config->swap_file ? path : NULL,
				    device_pages(nr), is_small(nr));
	return types[nr] < 0 ? types[nr] : 0;
}

/* Without memory for what it holds, or interrupted, the device stays as it is. */
static void off_and_on(int nr)
{
	int err = types[nr] < 0 ? 0 : sys_swapoff(types[nr]);

	if (err) {
		stress_count(err == -EINTR ? EV_SWAPOFF_CUT :
					     EV_SWAPOFF_FAILED);
		return;
	}
	if (types[nr] >= 0)
		stress_count(EV_SWAPOFF);
	types[nr] = -1;
	if (size_is_known(nr))
		swapon(nr);
}

/* ---- swapoff's threads ------------------------------------------------------ */

/* A small device is worth it when it has something to bring back. */
static bool is_worth_it(int nr)
{
	struct swap_info_struct *p = &swap_info[types[nr] < 0 ? 0 : types[nr]];
	bool full;

	if (!is_small(nr) || types[nr] < 0)
		return true;
	spin_lock(&p->sdev_lock);
	full = p->inuse_pages * 2 >= p->pages;
	spin_unlock(&p->sdev_lock);
	return full;
}

/* It is missing, and could be there. */
static bool is_due(int nr)
{
	return types[nr] < 0 && size_is_known(nr) && !world_pausing();
}

/* One device of this thread's after the other. */
static void cycle_once(void *arg)
{
	struct cycle *c = arg;
	int nr;

	do {
		nr = c->first + c->turn++ % c->nr;
		if (is_worth_it(nr))
			off_and_on(nr);
	} while (is_due(c->first + c->turn % c->nr));
	clear_thread_flag(TIF_SIGPENDING); /* pressure_interrupt() */
}

static int cycle_start(int first, int nr)
{
	struct cycle *c = &cycles[nr_cycles++];

	c->first = first;
	c->nr = nr;
	return daemon_start(&c->daemon, "swapoff", cycle_once, c);
}

/* Each small device has its own, the others share one. */
static int start_cycles(void)
{
	int err = 0, small = 0;

	for (; !err && small < nr_devices && is_small(small); small++)
		err = cycle_start(small, 1);
	return err ?: cycle_start(small, nr_devices - small);
}

static void stop_cycles(void)
{
	while (nr_cycles)
		daemon_stop(&cycles[--nr_cycles].daemon);
}

void pressure_tick(void)
{
	if (time_before(jiffies, cycle_at))
		return;
	cycle_at = jiffies + TICKS_BETWEEN;
	for (int i = 0; i < nr_cycles; i++)
		daemon_ask(&cycles[i].daemon);
}

/* What a small device holds is soon brought back, once nobody runs. */
static bool is_at_small_device(const struct task_struct *p)
{
	for (int i = 0; i < nr_cycles; i++)
		if (kthread_task(cycles[i].daemon.kthread) == p)
			return is_small(cycles[i].first);
	return false;
}

/* As 2.6.11's freezer does it: whoever runs has a signal pending. */
void pressure_interrupt(void)
{
	struct task_struct *leader, *p;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p)
		if ((READ_ONCE(p->flags) & PF_SWAPOFF) &&
		    !is_at_small_device(p))
			set_tsk_thread_flag(p, TIF_SIGPENDING);
	read_unlock(&tasklist_lock);
}

/* ---- Memory ----------------------------------------------------------------- */

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
	struct unmap_stats unmap;
	struct fault_stats fault;

	unmap_get_stats(&unmap);
	fault_get_stats(&fault);
	if (press.sampled_ns) {
		stress_count(EV_SAMPLES);
		stress_add(EV_ALIVE_SUM, (uint64_t)max(alive, 0));
		stress_add(EV_RESIDENT_SUM, m->resident);
		stress_add(EV_SET_SUM, m->resident + m->swapped + m->dropped);
		stress_add(EV_PRESSED_MS, (now - press.sampled_ns) / 1000000);
		stress_add(EV_PRESSED_OUT, unmap.anon - press.out);
		stress_add(EV_PRESSED_IN, fault.swapins - press.in);
	}
	press.sampled_ns = now;
	press.out = unmap.anon;
	press.in = fault.swapins;
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

/* What files hold needs no swap; nor is it made for the greediest. */
static void measure_set(const struct user_memory *m)
{
	unsigned long set = m->resident + m->swapped + m->dropped;

	set -= min(set, m->files);
	if (!press.first_set)
		press.first_set = set;
	WRITE_ONCE(press.set, min(set, press.first_set * 5 / 4));
}

/*
 * So much for each standstill: topped up as long as it lasts, what is given
 * would be the half of the working set in a few seconds.
 */
static void relax(bool stopping)
{
	unsigned long most = PAGES_TO_FINISH * world.target;

	if (!stopping)
		press.relaxed = 0;
	else if (press.relaxed < most)
		press.relaxed += balloon_relax(most - press.relaxed);
}

static void adjust(const struct user_memory *m, bool stopping)
{
	bool futile = reclaim_is_futile();

	measure_set(m);
	if (!swap_is_ready())
		return;
	relax(stopping);
	if (futile && !swap_is_full())
		balloon_give();
	else if (!stopping)
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
	if (swap_is_full() && (press.pressed || !config->ram_share))
		stress_count(COVER_OOM_SWAP_FULL);
	if (config->ram_share)
		adjust(&m, stopping);
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
		if (cfg->swap_mib && !err && size_is_known(nr))
			err = swapon(nr);
	}
	if (!err)
		err = kswapd_run();
	kswapd_runs = !err;
	if (!err && cfg->swap_mib)
		err = start_cycles();
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
	stop_cycles();
	if (kswapd_runs)
		kswapd_stop();
	kswapd_runs = false;
}
