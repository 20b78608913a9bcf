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
#include "mm/uaccess.h"
#include "stress/bounded.h"

/* ---- a policy that is read and replaced (REF-13) ------------------------------ */

static void reads_policy(void *arg)
{
	unsigned long nodes = 1;
	int policy = MPOL_BIND;
	int err;

	(void)arg;
	for (int i = 0; i < 2; i++) {
		err = SYSCALL(sys_get_mempolicy(&policy, &nodes, BOUNDED_DATA,
						MPOL_F_ADDR));
		if (err || (policy != MPOL_BIND && policy != MPOL_PREFERRED) ||
		    (nodes != 1 && nodes != 2))
			report_finding(FINDING_DATA, "an area has policy %d of"
				       " nodes %#lx, error %d", policy, nodes,
				       err);
	}
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
