/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recording one execution step by step, for listings and reports. */
#ifndef EXPLORE_TRACE_H
#define EXPLORE_TRACE_H

#include <stdint.h>

#include "explore/engine.h"

#define TRACE_FRAMES 8
#define TRACE_MAX (1u << 18)
#define TRACE_SHORT 100 /* steps of which each is worth a row */
#define TRACE_USERS (1u << 16)

/*
 * Of the program: what a lock made by hand is called.  Called while the
 * execution runs, so it must not be instrumented.  Or NULL.
 */
extern const char *(*trace_name_lock)(const void *lock);

struct trace_step {
	uint8_t tid;
	uint8_t kind; /* enum op_kind */
	uint8_t size;
	uint8_t order;
	bool failed;
	bool preempted; /* the thread before it could have gone on */
	uint8_t nr_frames;
	uint8_t obj_kind;
	uint8_t nr_held; /* locks of the thread then */
	uint32_t obj; /* object id, or 0 */
	uint32_t decisions; /* taken before this step */
	uintptr_t addr;
	uintptr_t pc;
	uint64_t value;
	uintptr_t lock; /* the youngest of them, or 0 */
	const char *lock_name; /* what the program calls it, or NULL */
	const char *name; /* the same of the object, if it is a lock */
	uintptr_t frames[TRACE_FRAMES]; /* call sites, innermost first */
};

struct trace {
	uint32_t n;
	uint64_t lost; /* steps that did not fit */
	uint64_t prev_runnable;
	struct trace_step *steps;
	/* By object id: 0, the thread that used it, + 1, or TRACE_SHARED. */
	uint8_t users[TRACE_USERS];
	uint32_t last[EX_MAX_THREADS]; /* index of each thread's step, + 1 */
};

/** trace_get() - the one trace, emptied.  Return: NULL without memory. */
struct trace *trace_get(void);

/** trace_last() - Return: the trace as recorded last, or NULL. */
const struct trace *trace_last(void);

/**
 * trace_lock_name() - what the program calls a lock made by hand
 * @addr: of memory that can be read
 *
 * Return: its name, or NULL if there is no such lock at @addr.
 */
const char *trace_lock_name(uintptr_t addr);

/** trace_step() - record that @t performs its operation. */
void trace_step(struct thread *t);

/** trace_result() - the outcome of @t's operation is known now. */
void trace_result(struct thread *t);

/**
 * trace_shown() - is step @i worth a row?
 *
 * In a long listing not what was no decision, see quiet.h, nor what only one
 * thread ever used, unless the thread changed there.
 */
bool trace_shown(const struct trace *tr, uint32_t i);

/**
 * trace_column() - the thread in whose column a step stands
 *
 * A store buffer's flushes stand in that of its thread.
 */
unsigned int trace_column(const struct trace_step *s);

/** op_name() - Return: a word for @kind. */
const char *op_name(enum op_kind kind);

#endif
