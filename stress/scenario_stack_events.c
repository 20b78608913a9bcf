// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stack_events: the completions of vfork() and of the dumper lie in frames
 * that are used again the moment they return (PRIM-14).
 */
#include <string.h>

#include "mm/coredump.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/pid.h"
#include "stress/actions.h"

/* Overwrite what the last call left on the host's stack. */
static __noinline unsigned int reuse_frames(unsigned int seed)
{
	volatile unsigned char dirt[2048];
	unsigned int sum = 0;

	for (unsigned int i = 0; i < sizeof(dirt); i++)
		dirt[i] = (unsigned char)(seed + i);
	for (unsigned int i = 0; i < sizeof(dirt); i += 64)
		sum += dirt[i];
	return sum;
}

static void child_exit(struct stress_user *u)
{
	act_touch(u, 1);
	prog_exit(u, 0, true);
}

static void child_exec(struct stress_user *u)
{
	prog_exec(u, &world.small_image, prog_brief);
	prog_exit(u, 0, true);
}

/* After complete(), the child has the rest of its exec or exit to do. */
static bool still_at_it(pid_t pid, bool exec)
{
	struct task_struct *p = find_get_task(pid);
	bool busy;

	if (!p)
		return false;
	read_lock(&tasklist_lock);
	busy = !task_exit_state(p) && (!exec || READ_ONCE(p->bprm));
	read_unlock(&tasklist_lock);
	put_task_struct(p);
	return busy;
}

static void vforker(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		bool exec = rng_chance(&u->rng, 1, 2);
		pid_t pid = prog_clone(u, exec ? child_exec : child_exit,
				       CLONE_VFORK, 0);

		reuse_frames(i);
		if (pid > 0 && SYSCALL(still_at_it(pid, exec)))
			stress_count(COVER_B20_VFORK_STACK);
		prog_reap(u, false);
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 3, vforker, 12);
	u->steps = 6;
	if (rng_chance(&u->rng, 1, 2))
		vforker(u);
	act_touch(u, 16);
	/* coredump_wait() returns into judge_dump(): other frames. */
	act_dump(u);
	act_group_exit(u);
}

const struct stress_ops stack_events_ops = {
	.name = "stack_events",
	.why = "completions on stacks that are reused at once",
	.items = "B-20",
	.family = family,
};
