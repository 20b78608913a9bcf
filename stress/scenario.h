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
	const char *alone; /* why mix leaves it out; NULL: it does not */
	/* As init, before the first task; NULL: nothing to do. */
	int (*setup)(void);
	void (*family)(struct stress_user *u);
	/* As init every few milliseconds, beside the tasks: quick, or NULL. */
	void (*beside)(void);
	/* As a kernel thread that may take its time, likewise; or NULL. */
	void (*daemon)(void);
	/* As init, all tasks gone; reports findings; may be NULL. */
	void (*check)(void);
	void (*teardown)(void);
};

extern const struct stress_ops mix_ops;
extern const struct stress_ops clone_dump_ops;
extern const struct stress_ops thread_exit_ops;
extern const struct stress_ops cow_storm_ops;
extern const struct stress_ops stale_write_ops;
extern const struct stress_ops vfork_ops;
extern const struct stress_ops exec_threads_ops;
extern const struct stress_ops dump_readers_ops;
extern const struct stress_ops lazy_tlb_ops;
extern const struct stress_ops ldt_ops;
extern const struct stress_ops stack_growth_ops;
extern const struct stress_ops mmap_queue_ops;
extern const struct stress_ops tasklist_ops;
extern const struct stress_ops stack_events_ops;
extern const struct stress_ops clear_tid_ops;
extern const struct stress_ops accounting_ops;
extern const struct stress_ops swapoff_ops;
extern const struct stress_ops aio_ops;
extern const struct stress_ops truncate_ops;
extern const struct stress_ops reclaim_ops;
extern const struct stress_ops futex_ops;
extern const struct stress_ops ptrace_ops;
extern const struct stress_ops last_put_ops;
extern const struct stress_ops hog_ops;
extern const struct stress_ops dying_mm_ops;
extern const struct stress_ops jobs_ops;

extern const struct stress_ops *const stress_scenarios[]; /* NULL ends it */

/**
 * scenario_nth() - one of the scenarios that mix is made of
 * @n: which, from 0
 *
 * Context: any.
 * Return: a scenario other than mix; NULL if there are not so many.
 */
const struct stress_ops *scenario_nth(unsigned int n);

/**
 * scenario_find() - look a scenario up
 * @name: as the command line takes it
 *
 * Context: any.
 * Return: the scenario or NULL.
 */
const struct stress_ops *scenario_find(const char *name);

#endif
