/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario: what the tasks of a run do.  Adding one means a file with a
 * struct stress_ops and a line in scenario.c; docs/ has the steps.
 */
#ifndef STRESS_SCENARIO_H
#define STRESS_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

struct stress_user;

/* Bounds for exploration: how small the scenario can be. */
struct scenario_bound {
	unsigned int tasks;
	unsigned int steps; /* of each task */
	unsigned int cpus;
};

/*
 * The harness keeps a few ancestors alive, processes with the wanted layout.
 * They fork families until the wanted number of tasks is alive: family() is
 * the program of a family's first process, which may start further tasks.
 * It should come to an end by itself, soon after world_stopping().
 */
struct stress_ops {
	const char *name;
	const char *why; /* one line for "mmtorture list" */
	const char *items; /* of Appendix B: "B-1 B-2" */
	struct scenario_bound bound;
	/* As init, before the first task; NULL: nothing to do. */
	int (*setup)(void);
	void (*family)(struct stress_user *u);
	/* As init every few milliseconds, beside the tasks; may be NULL. */
	void (*beside)(void);
	/* As init, all tasks gone; reports findings; may be NULL. */
	void (*check)(void);
	void (*teardown)(void);
};

extern const struct stress_ops *const stress_scenarios[]; /* NULL ends it */

/**
 * scenario_find() - look a scenario up
 * @name: as the command line takes it
 *
 * Context: any.
 * Return: the scenario or NULL.
 */
const struct stress_ops *scenario_find(const char *name);

#endif
