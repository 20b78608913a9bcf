// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/life_util.h"

TestSuite(sys, .timeout = 30, .init = life_boot, .fini = life_stop);

static void knows_itself(void *arg)
{
	(void)arg;
	user_assert(SYSCALL(sys_getpid()) == current->tgid);
	user_assert(SYSCALL(sys_gettid()) == current->pid);
	user_assert(SYSCALL(sys_getppid()) == 1);
}

Test(sys, identity)
{
	cr_assert_eq(status_of(spawn(knows_itself, NULL)), 0);
}

static void sets_limits(void *arg)
{
	const struct rlimit small = { 5, 10 }, wrong = { 10, 5 };
	struct rlimit now;

	(void)arg;
	user_assert(!SYSCALL(sys_setrlimit(RLIMIT_MEMLOCK, &small)));
	user_assert(!SYSCALL(sys_getrlimit(RLIMIT_MEMLOCK, &now)));
	user_assert(now.rlim_cur == 5 && now.rlim_max == 10);
	user_assert(SYSCALL(sys_setrlimit(RLIMIT_AS, &wrong)) == -EINVAL);
	user_assert(SYSCALL(sys_setrlimit(RLIM_NLIMITS, &small)) == -EINVAL);
	user_assert(SYSCALL(sys_getrlimit(RLIM_NLIMITS, &now)) == -EINVAL);
}

Test(sys, limits)
{
	cr_assert_eq(status_of(spawn(sets_limits, NULL)), 0);
}

LATCH(child_is_ready);

static void dies_with_its_parent(void *arg)
{
	(void)arg;
	user_assert(SYSCALL(sys_prctl(PR_SET_PDEATHSIG, 65)) == -EINVAL);
	user_assert(!SYSCALL(sys_prctl(PR_SET_PDEATHSIG, SIGUSR1)));
	user_assert(SYSCALL(sys_prctl(PR_GET_PDEATHSIG, 0)) == SIGUSR1);
	reach(child_is_ready);
	pause_forever(NULL);
}

static pid_t child;

static void leaves_a_child(void *arg)
{
	child = SYSCALL(sys_fork(dies_with_its_parent, arg));
	await(child_is_ready);
	user_exit(0);
}

Test(sys, parent_death_signal)
{
	cr_assert_eq(status_of(spawn(leaves_a_child, NULL)), 0);
	cr_assert_eq(status_of(child), SIGUSR1);
}

static void bad_prctl(void *arg)
{
	(void)arg;
	user_assert(SYSCALL(sys_prctl(12345, 0)) == -EINVAL);
	user_assert(SYSCALL(sys_prctl(PR_SET_DUMPABLE, 2)) == -EINVAL);
	user_assert(SYSCALL(sys_prctl(PR_GET_DUMPABLE, 0)) == 1);
}

Test(sys, prctl_refusals)
{
	cr_assert_eq(status_of(spawn(bad_prctl, NULL)), 0);
	cr_assert_eq(sys_prctl(PR_SET_DUMPABLE, 1), -EINVAL, "no mm");
}
