// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of tasks that share all, some just born, some dying. */
#include <linux/sched.h>
#include <signal.h>

#include "mm/fork.h"
#include "stress/bounded/bounded.h"

#define RUNNERS 3

/* What they share is counted up for one while it is counted down for another. */
static void starts_runners(void *arg)
{
	const unsigned long all = CLONE_VM | CLONE_SIGHAND | CLONE_FILES;

	for (int i = 0; i < RUNNERS; i++)
		bounded_clone(bounded_pick(2) ? all | CLONE_THREAD :
						all | SIGCHLD,
			      bounded_exits, NULL);
	bounded_exits(arg);
}

static void relay(void)
{
	bounded_spawn(starts_runners, NULL);
}

const struct bounded_ops bounded_relay = {
	.name = "relay",
	.why = "tasks that share signal handlers begin while others end",
	.items = "",
	.cpus = 2,
	.body = relay,
};
