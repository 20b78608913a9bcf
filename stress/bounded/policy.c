// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of memory policies, and of pages that are locked. */
#include <errno.h>
#include <signal.h>
#include <linux/sched.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fork.h"
#include "mm/mempolicy.h"
#include "mm/mmap.h"
#include "mm/mremap.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

/* ---- a policy that is read and replaced (REF-13) ------------------------------ */

/* One of the two that there are, whole. */
static int policy_at(uaddr_t addr)
{
	unsigned long nodes = 0;
	int policy = MPOL_DEFAULT;
	int err = SYSCALL(sys_get_mempolicy(&policy, &nodes, addr,
					    MPOL_F_ADDR));

	if (err || !((policy == MPOL_BIND && nodes == 1) ||
		     (policy == MPOL_PREFERRED && nodes == 2)))
		report_finding(FINDING_DATA, "an area has policy %d of nodes"
			       " %#lx, error %d", policy, nodes, err);
	return policy;
}

static void reads_policy(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++)
		policy_at(BOUNDED_DATA);
	bounded_exit();
}

static void rebinds(void *arg)
{
	(void)arg;
	SYSCALL(sys_mbind(BOUNDED_DATA, PAGE_SIZE, MPOL_BIND, 1));
	bounded_thread(reads_policy, NULL);
	SYSCALL(sys_mbind(BOUNDED_DATA, PAGE_SIZE, MPOL_PREFERRED, 2));
	bounded_exit();
}

static void policy_rebind(void)
{
	bounded_spawn(rebinds, NULL);
}

const struct bounded_ops bounded_policy_rebind = {
	.name = "policy-rebind",
	.why = "an area's policy is read while a thread replaces it",
	.items = "REF-13",
	.cpus = 2,
	.body = policy_rebind,
};

/* ---- a policy that a child has, too ------------------------------------------- */

#define MOVED_TO (BOUNDED_DATA + 0x100000)

/* Its own copy, which goes where the area goes and whom nobody else rebinds. */
static void keeps_policy(void *arg)
{
	unsigned long nodes = 0;
	int mine = MPOL_DEFAULT, before = policy_at(BOUNDED_DATA);
	uaddr_t at = SYSCALL(sys_mremap(BOUNDED_DATA, PAGE_SIZE, PAGE_SIZE,
					MREMAP_MAYMOVE | MREMAP_FIXED,
					MOVED_TO));

	(void)arg;
	if (at == MOVED_TO && policy_at(MOVED_TO) != before)
		report_finding(FINDING_DATA, "a child's area has another policy"
			       " than %d when it has moved", before);
	SYSCALL(sys_get_mempolicy(&mine, &nodes, 0, 0));
	if (mine != MPOL_PREFERRED || nodes != 1)
		report_finding(FINDING_DATA, "a child has policy %d of nodes"
			       " %#lx, its parent's is %d of 1", mine, nodes,
			       MPOL_PREFERRED);
	bounded_exit();
}

static void binds_again(void *arg)
{
	(void)arg;
	SYSCALL(sys_mbind(BOUNDED_DATA, PAGE_SIZE, MPOL_PREFERRED, 2));
	bounded_exit();
}

static void forks_with_policies(void *arg)
{
	(void)arg;
	SYSCALL(sys_set_mempolicy(MPOL_PREFERRED, 1));
	SYSCALL(sys_mbind(BOUNDED_DATA, PAGE_SIZE, MPOL_BIND, 1));
	bounded_thread(binds_again, NULL);
	bounded_clone(SIGCHLD, keeps_policy, NULL);
	bounded_validate();
	bounded_exit();
}

static void policy_fork(void)
{
	bounded_spawn(forks_with_policies, NULL);
}

const struct bounded_ops bounded_policy_fork = {
	.name = "policy-fork",
	.why = "a child gets a copy of policies that a thread replaces",
	.items = "FORK-52 REF-13",
	.cpus = 2,
	.fail_alloc = true,
	.body = policy_fork,
};

/* ---- allocations of a task that exits ------------------------------------------- */

#define TID_WORD (BOUNDED_DATA + 2 * PAGE_SIZE) /* not there before the exit */

static void exits_with_policy(void *arg)
{
	(void)arg;
	SYSCALL(sys_set_mempolicy(MPOL_PREFERRED, 1));
	bounded_exit();
}

static void clones_with_policy(void *arg)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD,
		.entry = exits_with_policy, .child_tid = TID_WORD,
	};

	(void)arg;
	syscall_enter();
	sys_clone(&args);
	exit_to_user();
	bounded_put(0, 1);
	bounded_exit();
}

static void policy_exit(void)
{
	bounded_spawn(clones_with_policy, NULL);
}

const struct bounded_ops bounded_policy_exit = {
	.name = "policy-exit",
	.why = "a task with a policy faults in its last page while it exits",
	.items = "REF-13 EXIT-1",
	.cpus = 2,
	.body = policy_exit,
};
