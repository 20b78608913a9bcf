// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/watchdog.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "locking/report.h"
#include "locking/rwsem.h"
#include "locking/seam.h"
#include "locking/thread.h"
#include "locking/waitgraph.h"
#include "mm/aio.h"
#include "mm/coredump.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "mm/memory.h"
#include "mm/oom_kill.h"
#include "mm/page_alloc.h"
#include "mm/rmap_unmap.h"
#include "mm/sched.h"
#include "mm/swapfile_unuse.h"
#include "mm/tlb.h"
#include "mm/vmscan.h"
#include "stress/balloon.h"
#include "stress/idle_report.h"
#include "stress/pace.h"
#include "stress/pressure.h"
#include "stress/wakers.h"
#include "stress/world.h"

#define TICK_NS 10000000L
/* Nothing at all has happened for so long: somebody waits in vain. */
#define SILENCE_TICKS (10 * HZ)
/* The same while the world is stopped, or user tasks still want a CPU. */
#define BUSY_SILENCE_TICKS (60 * HZ)
/* Whatever happens meanwhile, the world does not stand still for longer. */
#define LONGEST_PAUSE_TICKS (600 * HZ)
/* Waits that old are cycles or lost; younger ones may just be unlucky. */
#define SILENT_WAIT (5 * HZ)
/*
 * While others make progress only a very long wait is suspicious: one during
 * which they got as much done as everybody has in several turns.
 */
#define LONGEST_WAIT_SECS 60
#define TURNS 50
#define LOOK_TICKS (5 * HZ)

static struct {
	struct stress_shared *sh;
	pthread_t thread;
	pthread_mutex_t looking; /* held while the machine is looked at */
	bool armed; /* under looking */
	bool still; /* under looking: a census looks at the world */
	int quit; /* (a) */
	int paused; /* (a) */
	int tick; /* (a) futex word of watchdog_sleep() */
	/* The thread's own: */
	uint64_t armed_ns;
	uint64_t last_progress; /* counters added up */
	unsigned long progress_at; /* jiffies */
	unsigned long checked_at; /* jiffies */
	struct pace pace; /* at each look for long waits */
	unsigned long paused_at; /* (a) jiffies, of the latest pause */
	uint64_t paused_ns; /* init's, the same by the host's clock */
	long dumps_before;
} wd = { .looking = PTHREAD_MUTEX_INITIALIZER };

/*
 * What user programs get done.  Reclaim, kernel threads and init, which reaps
 * them, go on for ever while every program waits in vain; at the end of a
 * round only deaths count.
 */
static uint64_t count_progress(struct stress_totals *t)
{
	uint64_t sum = 0;

	counters_sum(&wd.sh->counters, t);
	for (int i = EV_FORK; i <= EV_ACCESS_VM; i++)
		if (i != EV_EXIT && i != EV_REAP)
			sum += t->n[i];
	if (READ_ONCE(world.draining))
		sum += (uint64_t)READ_ONCE(nr_threads);
	return sum;
}

/*
 * On the way to a standstill nothing begins: there the pages count that tasks
 * get in order to finish what they do, or that a swapoff brings back, and the
 * tasks that have finished.
 */
static uint64_t count_standstill(const struct stress_totals *t)
{
	struct unuse_stats unuse;

	if (!smp_load_acquire(&wd.paused))
		return 0;
	unuse_get_stats(&unuse);
	return t->n[EV_RECLAIM] + t->n[EV_SWAP_IN] + unuse.found +
	       (uint64_t)sched_nr_active();
}

/* How old a wait must be to be suspicious. */
static unsigned long longest_wait(uint64_t now)
{
	unsigned int back = pace_look(&wd.pace, now,
				      (uint64_t)TURNS * world.target);

	return max((unsigned long)(LONGEST_WAIT_SECS + world.target / 50) * HZ,
		   back * (unsigned long)LOOK_TICKS);
}

/* Whoever wants a CPU and has none waits for one that somebody else holds. */
static bool user_task_runs(void)
{
	struct task_struct *leader, *p;
	bool runs = false;

	if (!read_trylock(&tasklist_lock))
		return true; /* somebody is at it */
	for_each_process_thread(leader, p)
		runs = runs || (task_curr(p) && p->pid != 1 &&
				!(READ_ONCE(p->flags) & PF_KTHREAD));
	read_unlock(&tasklist_lock);
	return runs;
}

/* So long nothing may happen. */
static unsigned long patience(void)
{
	if (smp_load_acquire(&wd.paused) || user_task_runs())
		return BUSY_SILENCE_TICKS;
	return SILENCE_TICKS;
}

static void copy_reclaim_counters(uint64_t *row)
{
	struct vmscan_stats scan;
	struct unmap_stats unmap;
	struct fault_stats fault;
	struct oom_stats oom;

	fault_get_stats(&fault);
	vmscan_get_stats(&scan);
	unmap_get_stats(&unmap);
	oom_get_stats(&oom);
	WRITE_ONCE(row[EV_RECLAIM], scan.reclaimed);
	WRITE_ONCE(row[EV_SWAP_OUT], unmap.anon);
	WRITE_ONCE(row[EV_SWAP_IN], fault.swapins);
	WRITE_ONCE(row[COVER_B3_RECLAIM_FORK], unmap.building);
	WRITE_ONCE(row[COVER_B7_FAULT], fault.truncated);
	WRITE_ONCE(row[COVER_B8_COW_LOST], fault.cow_lost);
	WRITE_ONCE(row[COVER_B8_COW_HELD], fault.cow_held);
	WRITE_ONCE(row[EV_OOM_KILL], oom.kills);
	WRITE_ONCE(row[COVER_OOM_KILLED], oom.kills);
	WRITE_ONCE(row[COVER_OOM_DUMPING], oom.dumping);
	WRITE_ONCE(row[COVER_B5_LISTED], unmap.dying);
}

static void copy_sched_counters(uint64_t *row)
{
	struct sched_stats sched;

	sched_get_stats(&sched);
	WRITE_ONCE(row[EV_SWITCH], sched.switches);
	WRITE_ONCE(row[EV_IDLE_SWITCH], sched.idle_switches);
	WRITE_ONCE(row[EV_LAZY_BORROW], sched.lazy_borrows);
	WRITE_ONCE(row[EV_WAKEUP], sched.wakeups);
}

static void copy_swapoff_counters(uint64_t *row)
{
	struct unuse_stats unuse;

	unuse_get_stats(&unuse);
	WRITE_ONCE(row[COVER_B4_MISSED], unuse.missed);
	WRITE_ONCE(row[COVER_B4_BUILDING], unuse.building);
	WRITE_ONCE(row[COVER_B5_PASSED], unuse.dying);
	WRITE_ONCE(row[COVER_B6_SWAPOFF_LAST], unuse.last_user);
	WRITE_ONCE(row[COVER_B12_SWAPOFF], unuse.dumping);
}

/* Counters the kernel keeps anyway: only this thread writes these cells. */
static void copy_kernel_counters(void)
{
	uint64_t *row = wd.sh->counters.rows[0].n;
	/* Statistics: the two belong together only roughly. */
	uint64_t born = data_race(total_forks);
	uint64_t alive = READ_ONCE(nr_threads);

	WRITE_ONCE(row[EV_EXIT], born > alive ? born - alive + 1 : 0);
	WRITE_ONCE(row[EV_DUMP],
		   (uint64_t)atomic_long_read(&core_stats.dumps));
	WRITE_ONCE(row[COVER_B1_SCANNED],
		   (uint64_t)atomic_long_read(&core_stats.waited_for));
	copy_sched_counters(row);
	copy_reclaim_counters(row);
	copy_swapoff_counters(row);
}

/* How long the tasks parked in exit_mm() have waited for their dumper. */
static unsigned long longest_park(void)
{
	unsigned long longest = 0;

	for (struct lthread *t = lthread_first(); t; t = t->next_all) {
		struct lwait w;
		unsigned int seq;

		if (!READ_ONCE(t->in_use) || !lwait_snapshot(t, &w, &seq) ||
		    w.kind != LWAIT_COMPLETION || !w.site)
			continue;
		if (!strcmp(w.site->func, "park_for_core_dump") &&
		    time_after(jiffies, w.since))
			longest = max(longest, jiffies - w.since);
	}
	return longest;
}

/* What the kernel counts of its outside partners. */
static void copy_partner_counters(void)
{
	uint64_t *row = wd.sh->counters.rows[0].n;

#define COPY(cover, stat) \
	WRITE_ONCE(row[COVER_##cover], (uint64_t)atomic_long_read(&stat))
	COPY(B6_OUTSIDER, mm_stats.outside_last);
	COPY(B6_LAZY, mm_stats.outside_lazy);
	COPY(B13_SECOND, core_stats.refused);
	COPY(B21_EXIT_ACTIVE, aio_stats.exits_active);
	COPY(B21_EXIT_WAITED, aio_stats.exits_waited);
	COPY(B21_RING_DYING, aio_stats.rings_dying);
	COPY(B21_DYING, aio_stats.borrowed_dying);
	COPY(B21_DUMPING, aio_stats.borrowed_dumping);
	COPY(B22_OUTLIVED, futex_stats.fds_outlived);
	COPY(B22_LAST, futex_stats.fds_last_count);
#undef COPY
}

static void raise_gauge(enum stress_gauge g, uint64_t value)
{
	if (value > READ_ONCE(wd.sh->counters.gauges[g]))
		WRITE_ONCE(wd.sh->counters.gauges[g], value);
}

static uint64_t own_rss_mib(void)
{
	unsigned long size, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f)
		return 0;
	if (fscanf(f, "%lu %lu", &size, &pages) != 2)
		pages = 0;
	fclose(f);
	return pages >> (20 - PAGE_SHIFT);
}

static void update_gauges(void)
{
	struct tlb_stats tlb;
	uint64_t rss;
	unsigned int deepest = rwsem_deepest_queue();

	copy_kernel_counters();
	WRITE_ONCE(wd.sh->counters.gauges[GAUGE_ALIVE],
		   (uint64_t)READ_ONCE(nr_threads));
	raise_gauge(GAUGE_PEAK, (uint64_t)max(READ_ONCE(nr_threads) -
					      world.daemons, 0));
	raise_gauge(GAUGE_QUEUE, deepest);
	raise_gauge(GAUGE_PARK_MS, longest_park() * (1000 / HZ));
	if (deepest >= 8)
		WRITE_ONCE(wd.sh->counters.rows[0].n[COVER_B18_QUEUE],
			   deepest);
	raise_gauge(GAUGE_USED_FRAMES, nr_managed_pages - zone_free_pages());
	copy_partner_counters();
	rss = own_rss_mib();
	WRITE_ONCE(wd.sh->counters.gauges[GAUGE_RSS_MIB], rss);
	WRITE_ONCE(wd.sh->counters.gauges[GAUGE_OWN_MIB],
		   rss - min(rss, (uint64_t)(nr_touched_pages() -
					     balloon_pages()) >>
			     (20 - PAGE_SHIFT)));
	tlb_get_stats(&tlb);
	WRITE_ONCE(wd.sh->counters.rows[0].n[COVER_B14_FLUSH_LAZY],
		   tlb.lazy_ipis);
	WRITE_ONCE(wd.sh->counters.rows[0].n[COVER_B14_FLUSH_SWITCH],
		   tlb.switch_ipis);
}

/* Nobody moves, so what is known of wakers holds. */
static bool find_waiters(void)
{
	struct wait_edges known;
	int found;

	wakers_find(&known);
	found = waitgraph_check(SILENT_WAIT, &known);
	wakers_free(&known);
	return found;
}

static void report_silence(void)
{
	char text[3000];
	int waits, idle = 0;

	if (find_waiters())
		return;
	waits = waitgraph_text(text, sizeof(text), SILENT_WAIT);
	if (!waits)
		idle = idle_tasks_text(text, sizeof(text), SILENT_WAIT);
	report_finding(FINDING_STALL, "no task has done anything for %lu s;"
		       " %d tasks are left, %d threads wait%s\n%s",
		       (jiffies - wd.progress_at) / HZ,
		       READ_ONCE(nr_threads), waits,
		       idle > 0 ? ", but these tasks sleep:" : "", text);
}

static void look_for_stalls(void)
{
	struct stress_totals t;
	uint64_t now = count_progress(&t);
	uint64_t moves = now + count_standstill(&t);
	bool stuck;

	if (moves != wd.last_progress) {
		wd.last_progress = moves;
		wd.progress_at = jiffies;
	}
	stuck = time_after(jiffies, wd.progress_at + patience());
	/* The world stands still on purpose, but not for ever. */
	if (smp_load_acquire(&wd.paused))
		stuck |= time_after(jiffies, READ_ONCE(wd.paused_at) +
				    LONGEST_PAUSE_TICKS);
	if (stuck) {
		report_silence();
		/* Nothing will come of waiting any longer. */
		report_fatal("the round is stuck");
	}
	if (time_after(jiffies, wd.checked_at + LOOK_TICKS)) {
		wd.checked_at = jiffies;
		waitgraph_check(longest_wait(now), NULL);
	}
}

static void look_at_the_end(void)
{
	const struct stress_round *round = &wd.sh->round;
	struct stress_totals t;
	bool over = smp_load_acquire(&wd.sh->stop);

	if (round->secs && seam_clock_ns() - wd.armed_ns >=
	    round->secs * 1000000000ull)
		over = true;
	if (round->ops) {
		counters_sum(&wd.sh->counters, &t);
		over |= totals_ops(&t) >= round->ops;
	}
	if (over)
		smp_store_release(&world.stop, 1);
}

static void look(unsigned int n)
{
	if (!wd.armed_ns) {
		wd.armed_ns = seam_clock_ns();
		wd.progress_at = wd.checked_at = jiffies;
	}
	update_gauges();
	if (!wd.still)
		pressure_look(smp_load_acquire(&wd.paused));
	look_at_the_end();
	if (n % 100 == 0)
		look_for_stalls();
}

static void one_tick(unsigned int n)
{
	jiffies_tick();
	__atomic_fetch_add(&wd.tick, 1, __ATOMIC_RELEASE);
	seam_futex_wake(&wd.tick, 1);
	WRITE_ONCE(wd.sh->heartbeat, n);
	if (n % 10)
		return;
	pthread_mutex_lock(&wd.looking);
	if (wd.armed)
		look(n);
	pthread_mutex_unlock(&wd.looking);
}

static void *watchdog_thread(void *arg)
{
	const struct timespec tick = { .tv_nsec = TICK_NS };

	(void)arg;
	lthread_register("watchdog");
	for (unsigned int n = 1; !smp_load_acquire(&wd.quit); n++) {
		nanosleep(&tick, NULL);
		one_tick(n);
	}
	lthread_unregister();
	return NULL;
}

int watchdog_start(struct stress_shared *sh)
{
	wd.sh = sh;
	return -pthread_create(&wd.thread, NULL, watchdog_thread, NULL);
}

static void set_armed(bool armed)
{
	pthread_mutex_lock(&wd.looking);
	wd.armed = armed;
	pthread_mutex_unlock(&wd.looking);
}

void watchdog_arm(void)
{
	set_armed(true);
}

void watchdog_disarm(void)
{
	set_armed(false);
}

void watchdog_stop(void)
{
	smp_store_release(&wd.quit, 1);
	pthread_join(wd.thread, NULL);
}

void watchdog_sleep(void)
{
	lthread_block_on(&wd.tick, smp_load_acquire(&wd.tick));
}

void watchdog_still(bool on)
{
	pthread_mutex_lock(&wd.looking);
	wd.still = on;
	pthread_mutex_unlock(&wd.looking);
}

void watchdog_pause(bool on)
{
	uint64_t now = seam_clock_ns();

	if (on) {
		WRITE_ONCE(wd.paused_at, jiffies);
		wd.paused_ns = now;
	} else {
		raise_gauge(GAUGE_CENSUS_MS, (now - wd.paused_ns) / 1000000);
	}
	smp_store_release(&wd.paused, on);
}
