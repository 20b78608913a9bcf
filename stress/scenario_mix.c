// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mix: every task draws what it does next.  Whether it creates or ends tasks
 * depends on how many there are, so that the number stays near --tasks.  Some
 * families, and some programs that are executed, are those of the other
 * scenarios, so that all of them run beside each other.
 */
#include <signal.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fork.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/sys.h"
#include "stress/actions.h"
#include "stress/oracle_data.h"

#define MAX_DEPTH 40

static void mix_main(struct stress_user *u);

/* A fork child's first deed: what its parent's other threads wrote stays. */
static void fork_child(struct stress_user *u)
{
	if (rng_chance(&u->rng, 1, 2))
		data_watch_orphans(u, prog_random_memory);
	mix_main(u);
}

static void mix_fork(struct stress_user *u)
{
	if (u->depth < MAX_DEPTH)
		prog_fork(u, fork_child);
}

static void mix_thread(struct stress_user *u)
{
	prog_clone(u, mix_main, THREAD_FLAGS, 0);
}

static void mix_clone_vm(struct stress_user *u)
{
	prog_clone(u, mix_main, rng_chance(&u->rng, 1, 2) ? CLONE_SIGHAND : 0,
		   0);
}

static void vfork_child(struct stress_user *u)
{
	act_touch(u, 2);
	switch (rng_below(&u->rng, 4)) {
	case 0:
		break;
	case 1:
		act_dump(u);
		break;
	default:
		prog_exec(u, &world.small_image, mix_main);
	}
	prog_exit(u, 0, true);
}

static void mix_vfork(struct stress_user *u)
{
	prog_clone(u, vfork_child, CLONE_VFORK, 0);
}

static void mix_bad_clone(struct stress_user *u)
{
	act_clone_settls(u, prog_brief);
}

static void mix_create(struct stress_user *u)
{
	static void (*const acts[])(struct stress_user *u) = {
		mix_fork, mix_fork, mix_fork, mix_thread, mix_thread,
		mix_thread, mix_clone_vm, mix_vfork, mix_vfork, mix_bad_clone,
	};

	acts[rng_below(&u->rng, ARRAY_SIZE(acts))](u);
}

/* A family of another scenario begins; it comes to an end by itself. */
static void mix_other(struct stress_user *u)
{
	unsigned int nr = 0;

	while (scenario_nth(nr))
		nr++;
	scenario_nth(rng_below(&u->rng, nr))->family(u);
	prog_exit(u, 0, true);
}

static void mix_exec(struct stress_user *u)
{
	prog_exec(u, &world.small_image,
		  rng_chance(&u->rng, 1, 4) ? mix_other : mix_main);
}

static void mix_pause_join(struct stress_user *u)
{
	unsigned int slot = act_last_slot();

	if (!slot || slot == u->slot || !rng_chance(&u->rng, 1, 4))
		return;
	prog_join(u, slot);
}

static void mix_outside(struct stress_user *u)
{
	pid_t pid = u->nr_children && rng_chance(&u->rng, 1, 2) ?
		    u->children[0] : act_random_pid(u);

	switch (rng_below(&u->rng, 3)) {
	case 0:
		act_read_maps(u, pid);
		break;
	default:
		act_access_remote(u, pid, rng_chance(&u->rng, 1, 2));
	}
}

static void mix_dumpable(struct stress_user *u)
{
	SYSCALL(sys_prctl(PR_SET_DUMPABLE, 1));
	act_touch(u, 1);
}

static void mix_rare(struct stress_user *u)
{
	static void (*const acts[])(struct stress_user *u) = {
		mix_exec, act_ldt, act_ldt, mix_pause_join, mix_outside,
		mix_outside, act_kill_child, mix_dumpable,
	};

	acts[rng_below(&u->rng, ARRAY_SIZE(acts))](u);
}

static void clone_briefly(struct stress_user *u)
{
	for (int i = 0; i < 6 && !world_stopping(); i++)
		prog_clone(u, prog_brief, rng_chance(&u->rng, 1, 2) ?
			   THREAD_FLAGS : 0, 0);
	prog_exit(u, 0, false);
}

/* A dump has to find tasks that are being made (DUMP-17). */
static void mix_dump(struct stress_user *u)
{
	if (rng_chance(&u->rng, 1, 2)) {
		act_start_crew(u, 2, clone_briefly, 1);
		act_touch(u, rng_below(&u->rng, 16));
	}
	act_dump(u);
}

static void mix_die(struct stress_user *u)
{
	switch (rng_below(&u->rng, 8)) {
	case 0:
	case 1:
		mix_dump(u);
		break;
	case 2:
	case 3:
		stress_count(EV_GROUP_EXIT);
		prog_exit(u, 0, true);
		break;
	case 4:
		stress_count(EV_KILL);
		SYSCALL(sys_kill(sys_getpid(), SIGKILL));
		break;
	default:
		break;
	}
	if (u->shares_mm)
		prog_forget_area(u);
	prog_exit(u, 0, false);
}

static void mix_step(struct stress_user *u)
{
	int room = world_room();
	unsigned int what = rng_below(&u->rng, 100);

	if (u->nr_children && what < 12)
		prog_reap(u, false);
	if (room > 0 && what < 14)
		mix_create(u);
	else if (room < 0 && what < 8)
		mix_die(u);
	else if (what < 24)
		mix_rare(u);
	else
		prog_random_memory(u);
}

static void mix_main(struct stress_user *u)
{
	u->steps = 20 + rng_below(&u->rng, 150);
	while (u->steps-- && !world_stopping())
		mix_step(u);
	mix_die(u);
	prog_exit(u, 0, true);
}

static void mix_family(struct stress_user *u)
{
	if (rng_chance(&u->rng, 1, 4))
		mix_other(u);
	mix_main(u);
}

/* ---- What the other scenarios need beside their families ----------------- */

#define for_each_other(ops, i)						\
	for (unsigned int i = 0; (ops = scenario_nth(i)); i++)

static int mix_setup(void)
{
	const struct stress_ops *ops;
	int err = 0;

	for_each_other(ops, i)
		if (!err && ops->setup)
			err = ops->setup();
	return err;
}

static void mix_beside(void)
{
	const struct stress_ops *ops;

	for_each_other(ops, i)
		if (ops->beside)
			ops->beside();
}

static void mix_daemon(void)
{
	const struct stress_ops *ops;

	for_each_other(ops, i)
		if (ops->daemon && !world_pausing())
			ops->daemon();
}

static void mix_check(void)
{
	const struct stress_ops *ops;

	for_each_other(ops, i)
		if (ops->check)
			ops->check();
}

static void mix_teardown(void)
{
	const struct stress_ops *ops;

	for_each_other(ops, i)
		if (ops->teardown)
			ops->teardown();
}

const struct stress_ops mix_ops = {
	.name = "mix",
	.why = "thousands of tasks do everything at once",
	.items = "B-1 to B-24",
	.setup = mix_setup,
	.family = mix_family,
	.beside = mix_beside,
	.daemon = mix_daemon,
	.check = mix_check,
	.teardown = mix_teardown,
};
