// SPDX-License-Identifier: GPL-2.0-or-later
/* One round: boot, ancestors, population, censuses, drain, audit. */
#include "stress/worker.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "locking/report.h"
#include "mm/boot.h"
#include "mm/coredump.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "stress/daemon.h"
#include "stress/job_control.h"
#include "stress/oracle.h"
#include "stress/pressure.h"
#include "stress/recorder.h"
#include "stress/user.h"
#include "stress/watchdog.h"
#include "stress/world.h"

#define MAX_ANCESTORS 8
#define TASKS_PER_ANCESTOR 256
#define FIRST_CENSUS_TICKS (HZ / 2) /* a run of a second has one, too */
#define CENSUS_TICKS (2 * HZ)
#define CENSUS_BUDGET_MS 150
/* After the end tasks may finish what they do, then they are killed. */
#define GRACE_TICKS (HZ / 2)
#define KILL_TICKS (HZ / 5)
#define AIO_WORKERS 2 /* of each kind */

static pid_t ancestors[MAX_ANCESTORS];
static struct stress_daemon partner; /* runs ops->daemon() */
static struct stress_rng init_rng;

static void family_main(struct stress_user *u)
{
	world.ops->family(u);
}

/* Keep the number of tasks up: fork a family whenever there is room. */
static void ancestor_main(struct stress_user *u)
{
	prog_make_resident(u);
	while (!world_stopping()) {
		bool room = world_room() > 0;

		if (room)
			prog_fork(u, family_main);
		u->nr_children = 0;
		while (SYSCALL(sys_wait4(-1, NULL, room ? WNOHANG : 0)) > 0) {
			stress_count(EV_REAP);
			room = true; /* reap the others without waiting */
		}
		prog_count_faults(u);
	}
}

static void keep_ancestors(int nr)
{
	for (int i = 0; i < nr && !world_stopping(); i++)
		if (ancestors[i] <= 0)
			ancestors[i] = prog_spawn_ancestor(rng_next(&init_rng),
							   ancestor_main);
}

static void reap_orphans(void)
{
	pid_t pid;

	while ((pid = sys_wait4(-1, NULL, WNOHANG)) > 0) {
		stress_count(EV_REAP);
		for (int i = 0; i < MAX_ANCESTORS; i++)
			if (ancestors[i] == pid)
				ancestors[i] = 0;
	}
}

static void run_partner(void *unused)
{
	(void)unused;
	world.ops->daemon();
}

/* Return: when the next one is due: standing still is a quarter of all time. */
static unsigned long take_census(void)
{
	unsigned long begun = jiffies;

	watchdog_pause(true);
	pressure_interrupt();
	freeze_tasks();
	watchdog_still(true);
	census_look(rng_next(&init_rng), CENSUS_BUDGET_MS);
	watchdog_still(false);
	thaw_tasks();
	watchdog_pause(false);
	return jiffies + max((unsigned long)CENSUS_TICKS, 3 * (jiffies - begun));
}

static void run_population(void)
{
	int nr = clamp((int)(world.target / TASKS_PER_ANCESTOR), 1,
		       MAX_ANCESTORS);
	unsigned long census_at = jiffies + FIRST_CENSUS_TICKS;

	while (!world_stopping()) {
		keep_ancestors(nr);
		watchdog_sleep();
		reap_orphans();
		pressure_tick();
		if (world.ops->beside)
			world.ops->beside();
		daemon_ask(&partner);
		if (time_after(jiffies, census_at)) {
			census_at = take_census();
			job_control_look();
		}
	}
}

static void kill_everybody(void)
{
	struct task_struct *leader, *p;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p)
		if (p != current && !(READ_ONCE(p->flags) & PF_KTHREAD))
			group_send_sig_info(SIGKILL, p);
	read_unlock(&tasklist_lock);
}

/* Until init is alone with its daemons, or the watchdog ends the round. */
static void drain(void)
{
	unsigned long kill_at = jiffies + GRACE_TICKS;

	WRITE_ONCE(world.draining, 1);
	while (READ_ONCE(nr_threads) > world.daemons) {
		watchdog_sleep();
		reap_orphans();
		if (time_after(jiffies, kill_at)) {
			kill_everybody();
			kill_at = jiffies + KILL_TICKS;
		}
	}
	sched_wait_quiet(); /* daemons may be at it still */
}

static int boot(const struct stress_config *cfg)
{
	struct boot_params params = {
		.nr_cpus = (int)cfg->cpus,
		.ram_frames = (unsigned long)cfg->ram_mib << (20 - PAGE_SHIFT),
		.max_threads = (int)(cfg->tasks + cfg->tasks / 16 + 32),
		.aio_workers = AIO_WORKERS,
		.seed = world.seed,
	};
	int err = start_kernel(&params);

	if (err)
		recorder_harness_error("the emulated machine does not start:"
				       " %s", strerror(-err));
	return err;
}

static int run_round(void)
{
	const struct stress_ops *ops = world.ops;
	int err;

	world.daemons = READ_ONCE(nr_threads);
	audit_baseline();
	err = world_make();
	if (!err && ops->setup)
		err = ops->setup();
	if (err) {
		recorder_harness_error("cannot set up %s: %s", ops->name,
				       strerror(-err));
		return err;
	}
	set_core_sink_factory(judge_dump);
	watchdog_arm();
	run_population();
	drain();
	watchdog_disarm();
	if (ops->check)
		ops->check();
	if (ops->teardown)
		ops->teardown();
	world_unmake();
	pressure_release();
	audit_quiescence();
	return 0;
}

int worker_main(int shared_fd, int findings_fd)
{
	struct stress_shared *sh = shared_attach(shared_fd);

	if (!sh) {
		fprintf(stderr, "this program (sources %s) and its driver are"
			" of different builds: run ninja\n", source_hash);
		return STRESS_EXIT_HARNESS;
	}
	/*
	 * Contents of swap devices come and go: back to the host with them,
	 * or each thread's arena keeps as much as the largest.
	 */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	recorder_start(sh, findings_fd);
	world.sh = sh;
	world.ops = scenario_find(sh->round.scenario);
	world.seed = sh->round.seed;
	world.target = sh->config.tasks;
	rng_seed(&init_rng, world.seed, 0);
	if (!world.ops || watchdog_start(sh)) {
		recorder_harness_error("cannot start a thread");
		return STRESS_EXIT_HARNESS;
	}
	if (boot(&sh->config))
		return STRESS_EXIT_HARNESS;
	if (pressure_start(&sh->config) ||
	    (world.ops->daemon &&
	     daemon_start(&partner, "partner", run_partner, NULL))) {
		recorder_harness_error("no kswapd, no swap or no daemon");
		return STRESS_EXIT_HARNESS;
	}
	if (run_round())
		return STRESS_EXIT_HARNESS;
	daemon_stop(&partner);
	pressure_stop();
	stop_kernel();
	watchdog_stop();
	prog_pool_free();
	smp_store_release(&sh->clean_end, 1);
	return findings_count(NR_FINDING_KINDS) ? STRESS_EXIT_FINDINGS :
	       STRESS_EXIT_CLEAN;
}
