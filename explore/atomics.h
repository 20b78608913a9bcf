/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory models: which store a load may read.  What is ordered by it (the
 * vector clocks of acquire and release) is common to all.
 */
#ifndef EXPLORE_ATOMICS_H
#define EXPLORE_ATOMICS_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/engine.h"
#include "explore/object.h"

enum rmw_op { RMW_XCHG, RMW_ADD, RMW_SUB, RMW_AND, RMW_OR, RMW_XOR, RMW_NAND };

/* One compare-and-swap; @old returns what was read. */
struct cas {
	uint64_t old;
	uint64_t expected;
	uint64_t desired;
	int order;
	int fail_order;
};

/* Called when the thread was chosen; objects are OBJECT_ATOMIC. */
struct memory_model {
	const char *name;
	const char *help;
	int (*init)(void);
	void (*begin)(void);
	/* What it knows of this execution is to be kept: prologue.h. */
	void (*keep)(void);
	/* Numbers of events are those of the prologue, and worth nothing. */
	void (*ready)(void);
	void (*thread_start)(struct thread *t, struct thread *parent);
	uint64_t (*load)(struct thread *t, struct object *o, int order);
	void (*store)(struct thread *t, struct object *o, uint64_t value,
		      int order);
	/* Both return the old value. */
	uint64_t (*rmw)(struct thread *t, struct object *o, enum rmw_op op,
			uint64_t operand, int order);
	bool (*cas)(struct thread *t, struct object *o, struct cas *cas);
	void (*fence)(struct thread *t, int order);
	/* Store buffers only: let the oldest store of @t reach memory. */
	void (*flush)(struct thread *t);
	/* Store buffers only: wait until that of @t is empty. */
	void (*drain)(struct thread *t);
	/* Store buffers only: the store of @t that it reads plainly is out. */
	void (*plain)(struct thread *t, uintptr_t addr, uintptr_t size);
	/* Stale reads only: @t has waited, what it spun for is visible. */
	void (*refresh)(struct thread *t);
	bool sc_order; /* the order of SC operations matters by itself */
	bool newest; /* a load reads the newest store, wherever it runs */
};

extern const struct memory_model mm_sc, mm_tso, mm_c11;

/** model_find() - Return: the memory model called @name, or NULL. */
const struct memory_model *model_find(const char *name);

/** model_list() - Return: NULL-terminated array of all models. */
const struct memory_model *const *model_list(void);

/** atomics_init() - make room for all models.  Return: 0, or -errno. */
int atomics_init(void);

/** atomics_begin() - a new execution starts. */
void atomics_begin(void);

/** atomics_thread_start() - @t exists now; @parent may be NULL. */
void atomics_thread_start(struct thread *t, struct thread *parent);

/** atomic_peek() - Return: the newest value at @addr, no operation. */
static inline uint64_t atomic_peek(uintptr_t addr, unsigned int size)
{
	switch (size) {
	case 1:
		return *(uint8_t *)addr;
	case 2:
		return *(uint16_t *)addr;
	case 4:
		return *(uint32_t *)addr;
	default:
		return *(uint64_t *)addr;
	}
}

/** atomic_poke() - put @value in memory at @o. */
void atomic_poke(const struct object *o, uint64_t value);

/** rmw_result() - Return: what @op makes of @old, cut to @size bytes. */
uint64_t rmw_result(enum rmw_op op, uint64_t old, uint64_t operand,
		    unsigned int size);

/* The four entries for the compiler's callbacks and for the lock seam. */

/** ex_load8() - an atomic load by the program; and so on. */
uint64_t ex_load8(uintptr_t addr, int order, uintptr_t pc);
uint64_t ex_load16(uintptr_t addr, int order, uintptr_t pc);
uint64_t ex_load32(uintptr_t addr, int order, uintptr_t pc);
uint64_t ex_load64(uintptr_t addr, int order, uintptr_t pc);

/** ex_store() - an atomic store by the program. */
void ex_store(uintptr_t addr, unsigned int size, uint64_t value, int order,
	      uintptr_t pc);

/** ex_rmw() - an atomic read-modify-write.  Return: the old value. */
uint64_t ex_rmw(uintptr_t addr, unsigned int size, enum rmw_op op,
		uint64_t operand, int order, uintptr_t pc);

/** ex_cas() - a compare-and-swap.  Return: the value read. */
uint64_t ex_cas(uintptr_t addr, unsigned int size, struct cas *cas,
		uintptr_t pc);

/** ex_fence() - a fence. */
void ex_fence(int order, uintptr_t pc);

static inline bool order_acquires(int order)
{
	return order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE;
}

static inline bool order_releases(int order)
{
	return order >= __ATOMIC_RELEASE;
}

/** clocks_load() - happens-before part of reading what @rel carries. */
static inline void clocks_load(struct thread *t, const struct vclock *rel,
			       int order)
{
	vclock_join(order_acquires(order) ? &t->hb : &t->acq, rel);
}

/** clocks_store() - what a store by @t carries, put in @rel. */
static inline void clocks_store(struct thread *t, struct vclock *rel,
				int order)
{
	if (order_releases(order)) {
		vclock_release(rel, &t->hb, t->id);
		thread_epoch(t);
	} else if (t->rel_fenced) {
		vclock_copy(rel, &t->rel_fence);
	} else {
		vclock_clear(rel);
	}
}

/** clocks_rmw_store() - the same for a read-modify-write of @rel. */
static inline void clocks_rmw_store(struct thread *t, struct vclock *rel,
				    int order)
{
	if (order_releases(order)) {
		if (likely(vclock_knows(&t->hb, rel)))
			vclock_release(rel, &t->hb, t->id);
		else
			vclock_join(rel, &t->hb);
		thread_epoch(t);
	} else if (t->rel_fenced) {
		vclock_join(rel, &t->rel_fence);
	}
}

/** clocks_fence() - happens-before part of a fence. */
void clocks_fence(struct thread *t, int order);

#endif
