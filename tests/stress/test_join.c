// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Joins of user programs.  A dying thread wakes one sleeper (EXIT-10), so two
 * threads that joined one would leave the second asleep on a word that is 0:
 * what the census then calls a lost wake-up was an error of the program.
 */
#include "stress/user.h"
#include "stress/world.h"
#undef THREAD_FLAGS /* the tests have their own */
#include "tests/mm/life_util.h"

#define SLOT 5

static struct stress_shared shared;
static struct stress_user users[2];
LATCH(refused);

static void boot(void)
{
	life_boot();
	world.sh = &shared;
	world.common = DATA;
}

TestSuite(join, .timeout = 30, .init = boot, .fini = life_stop);

static void joins(void *arg)
{
	prog_join(arg, SLOT);
	user_exit(0);
}

static void refused_to_join(void *arg)
{
	prog_join(arg, SLOT);
	reach(refused);
	user_exit(0);
}

static void two_joiners(void *arg)
{
	pid_t first;

	(void)arg;
	user_write32(prog_tid_addr(SLOT), 77);
	first = new_thread(joins, &users[0]);
	until_task_state(first, TASK_INTERRUPTIBLE);
	new_thread(refused_to_join, &users[1]);
	await(refused);
	user_write32(prog_tid_addr(SLOT), 0);
	user_assert(SYSCALL(sys_futex(prog_tid_addr(SLOT), FUTEX_WAKE, 1, 0, 0,
				      0)) == 1);
	user_exit(0);
}

Test(join, a_thread_has_one_joiner)
{
	cr_expect_eq(status_of(spawn(two_joiners, NULL)), 0);
}
