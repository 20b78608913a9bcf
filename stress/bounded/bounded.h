/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounded scenarios: a few threads that do one thing each, small enough for
 * the exploration runtime to try their interleavings one by one.  Adding one
 * means a struct bounded_ops and a line in list.h.
 *
 * A program is a host function in a process of its own with BOUNDED_PAGES
 * pages of private memory at BOUNDED_DATA.  Static variables of a scenario
 * have their initial values in each execution; programs that share them must
 * order their accesses, or the race is a finding.
 */
#ifndef STRESS_BOUNDED_H
#define STRESS_BOUNDED_H

#include <stdbool.h>
#include <stdint.h>

#include "locking/completion.h"
#include "mm/mm_types.h"
#include "stress/bounded/list.h"

#define BOUNDED_DATA 0x10000000UL
#define BOUNDED_PAGES 4

typedef void (*bounded_fn_t)(void *arg);

struct bounded_ops {
	const char *name;
	const char *why; /* one line for "mmtorture list" */
	const char *items; /* rules or items of Appendix B; "" for locks */
	int cpus; /* of the emulated machine; 0: there is none */
	int aio_workers; /* of each kind; 0: no asynchronous I/O */
	bool fail_alloc; /* allocations of clone and exec may fail */
	/*
	 * Its schedules begin when so many have called bounded_arrive(), as
	 * each process of bounded_spawn() does before its program; 0: one.
	 */
	int arrivals;
	bool own_start; /* only its programs call bounded_arrive() */
	/* As init; what it starts must be reaped or unreachable at its end. */
	void (*body)(void);
};

#define BOUNDED_DECLARE(name) extern const struct bounded_ops bounded_##name;
BOUNDED_SCENARIOS(BOUNDED_DECLARE)
#undef BOUNDED_DECLARE

extern const struct bounded_ops *const bounded_scenarios[]; /* NULL ends it */

/* The one bounded_boot() was called for; a process has no other. */
extern const struct bounded_ops *bounded_current;

/* Chooses 0 to n - 1, where a choice is part of what is explored. */
extern unsigned int (*bounded_choose)(unsigned int n);
/* Called when all that must arrive have: from here executions differ. */
extern void (*bounded_ready)(void);
/* Whether clone and exec may find that an allocation fails. */
extern bool bounded_fail_alloc;

/* CPUs of the machine if not as many as the scenario wants; 0: as many. */
extern int bounded_cpus;

/** bounded_find() - Return: the scenario called @name, or NULL. */
const struct bounded_ops *bounded_find(const char *name);

/**
 * bounded_boot() - bring up a machine for a scenario
 * @ops: scenario
 *
 * Context: before the executions, on the thread that starts them.
 * Return: 0 or -errno.
 */
int bounded_boot(const struct bounded_ops *ops);

/**
 * bounded_run() - one execution: the body, then the audit
 * @ops: scenario for which bounded_boot() was called
 *
 * Context: the first thread of an execution; becomes init.
 */
void bounded_run(const struct bounded_ops *ops);

/* ---- for bodies ----------------------------------------------------------- */

/**
 * bounded_spawn() - start a process; child of init
 * @entry: its program
 * @arg: for @entry
 *
 * The host thread is named after @entry, here and below: it is its role.
 *
 * Context: init.
 * Return: pid.
 */
#define bounded_spawn(entry, arg) bounded_spawn_as(#entry, entry, arg)
pid_t bounded_spawn_as(const char *name, bounded_fn_t entry, void *arg);

/**
 * bounded_arrive() - wait until all that are to begin together have come
 *
 * For init and kernel threads that do not wait for the first process anyway;
 * @arrivals counts them, too.
 *
 * Context: any task, once; may sleep.
 */
void bounded_arrive(void);

/** bounded_reap() - wait for all children.  Context: init. */
void bounded_reap(void);

/**
 * bounded_status() - wait for one child to die
 * @pid: from bounded_spawn()
 *
 * Context: init.
 * Return: its status as wait4() tells it.
 */
int bounded_status(pid_t pid);

/**
 * bounded_pick() - do one of several things, all of which are explored
 * @n: how many
 *
 * Return: 0 to @n - 1.
 */
unsigned int bounded_pick(unsigned int n);

/**
 * bounded_clone() - clone() with @flags
 * @flags: CLONE_*
 * @entry: program of the child
 * @arg: for @entry
 *
 * Context: program.
 * Return: pid or -Exxx.
 */
#define bounded_clone(flags, entry, arg)					\
	bounded_clone_as(#entry, flags, entry, arg)
pid_t bounded_clone_as(const char *name, unsigned long flags,
		       bounded_fn_t entry, void *arg);

/** bounded_thread() - a thread of the caller's group; as bounded_clone(). */
#define bounded_thread(entry, arg)					\
	bounded_clone_as(#entry, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, \
			 entry, arg)

/** bounded_exit() - sys_exit(0).  Context: program. */
void bounded_exit(void) __noreturn;

/**
 * bounded_exec() - execute @entry; returns only if that fails
 *
 * Context: program.
 * Return: -Exxx.
 */
#define bounded_exec(entry, arg) bounded_exec_as(#entry, entry, arg)
int bounded_exec_as(const char *name, bounded_fn_t entry, void *arg);

/** bounded_dump() - die of SIGABRT with a core dump.  Context: program. */
void bounded_dump(void);

/** bounded_yield() - let others have the CPU.  Context: program. */
void bounded_yield(void);

/** bounded_validate() - validate_mm() of the caller's mm.  Context: program. */
void bounded_validate(void);

/**
 * bounded_put() - store @value in word 0 of data page @page
 *
 * Context: program; a refusal is a finding.
 */
void bounded_put(unsigned int page, uint64_t value);

/**
 * bounded_expect() - word 0 of data page @page must be @a or @b
 *
 * Context: program.
 */
void bounded_expect(unsigned int page, uint64_t a, uint64_t b);

/**
 * bounded_expect_at() - the word at @addr must be @want
 * @addr: aligned user address, not in the data pages
 * @want: its value
 *
 * Context: program; through the kernel, may fault.  A refusal is a finding.
 */
void bounded_expect_at(uaddr_t addr, uint64_t want);

/**
 * bounded_ldt_set() - write an entry of the LDT, as modify_ldt() does
 * @nr: entry
 * @base: base address of its segment
 *
 * Uses the last words of data page 3.
 *
 * Context: program.
 * Return: 0 or -Exxx.
 */
int bounded_ldt_set(unsigned int nr, uint32_t base);

/**
 * bounded_ldt_expect() - load a selector of the LDT
 * @nr: entry
 * @base: what the entry must have
 *
 * Context: program.
 */
void bounded_ldt_expect(unsigned int nr, uint32_t base);

/**
 * bounded_ldt_agrees() - the CPU has a table if and only if the mm has one
 *
 * Context: program; nobody else with its mm changes the LDT.
 * Return: whether there is one.
 */
bool bounded_ldt_agrees(void);

/* ---- programs of many scenarios (bounded_programs.c) ----------------------- */

/** bounded_exits() - just that.  Context: program. */
void bounded_exits(void *unused);

/** bounded_execs() - exec of bounded_exits(), or exit_group() if it fails. */
void bounded_execs(void *unused);

/** bounded_pause() - sleep until killed.  Context: program. */
void bounded_pause(void *unused);

/** bounded_reclaims() - free what reclaim can, once.  Context: any task. */
void bounded_reclaims(void *unused);

#endif
