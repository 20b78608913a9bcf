// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ldt: the table grows on one CPU while others fork, execute and switch
 * (FORK-41, DEF-5).
 */
#include "mm/cpu.h"
#include "stress/actions.h"

static void child(struct stress_user *u)
{
	for (int i = 0; i < 4; i++)
		act_ldt(u);
	if (rng_chance(&u->rng, 1, 2))
		prog_exec(u, &world.small_image, prog_brief);
	prog_exit(u, 0, true);
}

static void writer(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		act_ldt(u);
		act_touch(u, 1);
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	const struct mm_context *context = &current->mm->context;
	int size;

	act_start_crew(u, 2, writer, 12);
	for (int i = 0; i < 4 && !world_stopping(); i++) {
		size = READ_ONCE(context->size);
		if (prog_fork(u, child) > 0 &&
		    READ_ONCE(context->size) > size)
			stress_count(COVER_B15_LDT_FORK);
		act_ldt(u);
		prog_reap(u, false);
	}
	act_group_exit(u);
}

const struct stress_ops ldt_ops = {
	.name = "ldt",
	.why = "modify_ldt growth against fork, exec and switches",
	.items = "B-15",
	.family = family,
};
