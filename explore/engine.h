/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of the explorer and its one central operation, the step.
 *
 * Everything runs on one host thread.  A thread of the program under test
 * is a coroutine; before each visible operation (atomic, lock, wait, create,
 * join, exit, yield) it publishes what it is about to do and calls
 * engine_step(), where the scheduler decides who goes on.  When the call
 * returns, the thread was chosen and performs its operation at once:
 *
 *	publish op -> engine_step() -> effect on model -> run to the next op
 *
 * So between two decisions exactly one operation has taken place, and
 * engine state needs no locks.  All of it is in section explore_state, which
 * world_restore() leaves alone when it rewinds the program's variables.
 */
#ifndef EXPLORE_ENGINE_H
#define EXPLORE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/clock.h"
#include "explore/fiber.h"
#include "explore/verdict.h"

#define EXPLORE_STATE __attribute__((section("explore_state")))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Decisions with these numbers flush a store buffer (TSO). */
#define EX_FLUSH_BASE 32
/* In a given schedule: go on with the same thread if possible. */
#define DECISION_CONTINUE 255
#define EX_MAX_DECISIONS (16u << 20)
#define EX_STACK_DEPTH 1024
#define EX_MAX_HELD 64
#define DIGEST_PRIME 0x9e3779b97f4a7c15ull
#define EX_NAME 16
#define EX_NAMES 48

enum op_kind {
	OP_NONE,
	OP_START,
	OP_EXIT,
	OP_CREATE,
	OP_JOIN,
	OP_LOAD,
	OP_STORE,
	OP_RMW,
	OP_FENCE,
	OP_FLUSH,
	OP_LOCK,
	OP_TRYLOCK,
	OP_UNLOCK,
	OP_RDLOCK,
	OP_TRYRDLOCK,
	OP_RDUNLOCK,
	OP_COND_WAIT,
	OP_SIGNAL,
	OP_BROADCAST,
	OP_FUTEX_WAIT,
	OP_FUTEX_WAKE,
	OP_FUTEX_NOBODY, /* what a wake that finds nobody is to a search */
	OP_BARRIER,
	OP_SEM_WAIT,
	OP_SEM_POST,
	OP_ONCE,
	OP_YIELD,
	OP_SLEEP,
	OP_RCU_LOCK,
	OP_RCU_UNLOCK,
	OP_RCU_SYNC,
	OP_RCU_CALL,
	NR_OPS
};

struct object;

/* What a thread is about to do, or waits for. */
struct op {
	uint8_t kind; /* enum op_kind */
	bool failed; /* trylock or compare-and-swap did nothing */
	bool passive; /* the wait is over: touches no object any more */
	bool conditional; /* only a load unless @obj has @value */
	uint8_t order; /* memory order, for atomics */
	uint8_t size; /* bytes, for atomics */
	struct object *obj; /* may be NULL */
	struct object *obj2; /* mutex a wait releases; SC order; or NULL */
	uintptr_t pc;
	uint64_t value; /* expected; then stored or loaded, for the trace */
};

enum thread_state { THREAD_UNUSED, THREAD_LIVE, THREAD_DONE };

struct held_lock {
	struct object *obj;
	uintptr_t pc;
	bool shared;
};

struct thread {
	struct fiber fiber;
	uint64_t bit;
	uint8_t id;
	uint8_t state;
	bool detached;
	bool joined;
	bool woken; /* the wait ended by a wake-up, not by its timeout */
	bool asleep; /* a helper of the explorer without work */
	bool rel_fenced; /* rel_fence holds something */
	uint32_t nr_held;
	struct op op;
	uintptr_t *frames; /* shadow call stack: call sites, innermost last */
	uintptr_t *frame; /* its next free entry */
	uint64_t epoch; /* the current one << 32 | id */
	uint64_t hash; /* happens-before class so far */
	int64_t deadline; /* virtual time, or -1 */
	uint64_t writes; /* its own part of eng.write_seq */
	uint64_t timeout_seq; /* thread_others() when it last timed out */
	uint32_t enabled_by; /* event that created or woke it, for searches */
	uint64_t idle; /* steps since the last that changed anything */
	uint64_t ticket; /* place in the queue of sleepers */
	struct object *self_obj; /* what joiners wait for */
	struct object *wants; /* annotated lock it is waiting for */
	void *(*entry)(void *);
	void *arg;
	void *result;
	char name[EX_NAME]; /* pthread_setname_np(); "" if never called */
	char names[EX_NAMES]; /* all it had in this execution */
	struct vclock hb; /* happens-before; own entry = current epoch */
	struct vclock acq; /* what an acquire fence would add */
	struct vclock rel_fence; /* hb at the last release fence */
	struct held_lock held[EX_MAX_HELD];
};

struct sched_ops;
struct memory_model;
struct trace;

struct explore {
	/* The step, hottest first. */
	struct thread *cur; /* NULL while the host runs */
	uint64_t runnable;
	uint64_t yielded; /* runnable again after somebody's write */
	uint32_t exec; /* number of this execution, never 0 */
	uint32_t nr_threads; /* created in this execution */
	uint32_t nr_live;
	uint32_t nr_objects;
	uint64_t steps; /* operations so far */
	uint64_t resumed_at; /* of them, those taken from an older execution */
	uint32_t events; /* of them, those that were decisions */
	uint64_t step_limit;
	uint64_t write_seq; /* visible writes so far */
	uint64_t digest; /* of all steps so far */
	uint64_t class_hash; /* of the happens-before class */
	uint64_t rng;
	uint32_t nr_decisions;
	uint32_t nr_replay; /* decisions given beforehand */
	uint8_t *decisions; /* taken in this execution */
	const uint8_t *replay; /* to take, before the scheduler is asked */
	const struct sched_ops *sched;
	const struct memory_model *model;
	void (*on_step)(struct thread *t); /* scheduler's, or NULL */
	struct trace *trace; /* recording, or NULL */
	uintptr_t text_base;

	/* The end of an execution. */
	enum verdict verdict;
	char message[512];
	int exit_status;
	bool is_ready; /* past the prologue */
	bool quiet_end; /* no thread was left when it ended */
	bool diverged; /* a given decision was impossible */

	/* Virtual time and progress. */
	int64_t now_ns;
	uint64_t timed; /* threads whose wait may time out */
	uint64_t fair_rounds; /* wakings of spinners without any write */
	uint64_t fair_writes; /* write_seq when fairness began */
	uint64_t spins_assumed; /* threads taken for spinning, ever */
	bool fair; /* round robin, to tell livelock from unfairness */

	struct fiber host;
	void (*host_call)(void *); /* asked of the host by a coroutine */
	void *host_arg;
	struct thread *host_caller;
	void (*body)(void *);
	void *body_arg;

	/* Campaign settings and schedulers' common parameters. */
	uint64_t seed;
	uint64_t max_steps;
	uint32_t typical_events; /* of an execution, for PCT */
	unsigned int depth;
	int preemptions;
	bool explore_timeouts;
	bool check_leaks;
	bool fail_alloc; /* whether an allocation fails is a decision */
	bool from_ready; /* there is a prologue, which is no decision */
	bool ready;
	uint32_t nr_prepared; /* threads with a stack and a donor */
	struct object *objects;
	struct thread threads[EX_MAX_THREADS];
};

extern EXPLORE_OWN struct explore eng;

/**
 * engine_init() - prepare the explorer; the first call of all
 *
 * Context: host.
 * Return: 0, or -errno.
 */
int engine_init(void);

/**
 * engine_forked() - make the explorer usable in a forked child
 *
 * Return: 0, or -errno.
 */
int engine_forked(void);

/**
 * engine_run() - run the program under test once
 * @body: the program
 *
 * The world is as world_snapshot() saw it at the start.  eng.sched decides,
 * after the decisions in eng.replay are used up.
 *
 * Context: host.
 * Return: the verdict; details are in eng.
 */
enum verdict engine_run(void (*body)(void *), void *arg);

/** engine_next() - Return: who goes on now that @t published something. */
struct thread *engine_next(struct thread *t);

/** note_step() - @t was chosen and performs its published operation. */
void note_step(struct thread *t);

/** stuck_over_budget() - @t took the last step allowed.  In stuck.c. */
void stuck_over_budget(struct thread *t);

/** engine_out_of_room() - end the execution: it takes too many decisions. */
_Noreturn void engine_out_of_room(void);

/** engine_finish() - end the execution with @v and eng.message. */
_Noreturn void engine_finish(enum verdict v);

/** engine_fail() - end the execution with @v and a formatted message. */
_Noreturn void engine_fail(enum verdict v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * engine_choose() - take a decision that is not about threads
 * @n: number of alternatives, at least 1
 *
 * Return: 0 to @n - 1.
 */
unsigned int engine_choose(unsigned int n);

/** engine_on_host() - call @fn(@arg) on the host's stack and TLS. */
void engine_on_host(void (*fn)(void *), void *arg);

/** threads_init() - make room, and prepare a few.  Return: 0, or -errno. */
int threads_init(void);

/** threads_forked() - prepare as many in a child.  Return: 0, or -errno. */
int threads_forked(void);

/**
 * thread_create() - start another thread of the program under test
 * @parent: the creator, NULL for the first thread
 *
 * Return: the thread; an execution that needs too many ends.
 */
struct thread *thread_create(struct thread *parent, void *(*entry)(void *),
			     void *arg);

/** thread_exit() - the end of @t, after its last visible operation. */
_Noreturn void thread_exit(struct thread *t, void *result);

/**
 * engine_step() - let the scheduler decide before @t's published operation
 * @t: the running thread
 *
 * Returns when @t was chosen, which may be never.  Inline, like all between
 * it and the program's call: each frame that is left after a switch costs a
 * mispredicted return.
 *
 * Context: program under test.
 */
static __always_inline void engine_step(struct thread *t)
{
	struct thread *next = engine_next(t);

	if (next != t) {
		eng.cur = next;
		fiber_switch(&t->fiber, &next->fiber);
	}
	note_step(t);
}

/** engine_record() - remember a decision that was taken. */
static inline void engine_record(unsigned int decision)
{
	if (unlikely(eng.nr_decisions == EX_MAX_DECISIONS))
		engine_out_of_room();
	eng.decisions[eng.nr_decisions++] = decision;
}

/*
 * engine_count() - @t performs an operation, a decision or not
 *
 * The same for both: replays compare the digest.
 */
static inline void engine_count(struct thread *t, enum op_kind kind,
				uintptr_t pc)
{
	uint64_t what = t->id | kind << 8 |
			(uint64_t)(pc ? pc - eng.text_base : 0) << 16;

	t->idle++;
	eng.digest = (eng.digest ^ what) * DIGEST_PRIME;
	eng.digest ^= eng.digest >> 31;
	eng.steps++;
}

static inline bool engine_over_budget(void)
{
	return eng.steps >= eng.step_limit;
}

/** engine_quiet_step() - @t performs an operation that is no decision. */
static inline void engine_quiet_step(struct thread *t, enum op_kind kind,
				     uintptr_t pc)
{
	if (eng.runnable & (eng.runnable - 1))
		engine_record(t->id);
	engine_count(t, kind, pc);
	if (unlikely(engine_over_budget()))
		stuck_over_budget(t);
}

/** engine_wrote() - @t changed something others may be spinning for. */
static inline void engine_wrote(struct thread *t)
{
	eng.write_seq++;
	t->writes++;
	t->idle = 0;
	if (unlikely(eng.yielded)) {
		eng.runnable |= eng.yielded & ~t->bit;
		eng.yielded &= t->bit;
	}
	eng.fair_rounds = 0;
}

/** thread_others() - Return: visible writes by other threads than @t. */
static inline uint64_t thread_others(const struct thread *t)
{
	return eng.write_seq - t->writes;
}

/** thread_block() - @t cannot go on until somebody makes it runnable. */
static inline void thread_block(struct thread *t)
{
	eng.runnable &= ~t->bit;
}

/** thread_epoch() - @t published its past: start a new epoch. */
static inline void thread_epoch(struct thread *t)
{
	t->hb.c[t->id]++;
	t->epoch += 1ull << 32;
}

/** op_publish() - say what @t is about to do; engine_step() must follow. */
static __always_inline void op_publish(struct thread *t, enum op_kind kind,
				       struct object *obj, uintptr_t pc)
{
	t->op.kind = kind;
	t->op.failed = false;
	t->op.passive = false;
	t->op.conditional = false;
	t->op.obj = obj;
	t->op.obj2 = NULL;
	t->op.pc = pc;
}

/** op_begin() - publish an operation and wait to be chosen for it. */
static __always_inline void op_begin(struct thread *t, enum op_kind kind,
				     struct object *obj, uintptr_t pc)
{
	op_publish(t, kind, obj, pc);
	engine_step(t);
}

/** rng_next() - xorshift64*.  Return: 64 random bits of @state. */
static inline uint64_t rng_next(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1dull;
}

/** rng_below() - Return: a random number below @n. */
static inline uint32_t rng_below(uint64_t *state, uint32_t n)
{
	return (uint32_t)(((rng_next(state) >> 32) * n) >> 32);
}

static inline uint64_t rng_mix(uint64_t z)
{
	z = (z + 0x9e3779b97f4a7c15ull) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/** rng_seed() - Return: a generator state for execution @n of @seed. */
static inline uint64_t rng_seed(uint64_t seed, uint64_t n)
{
	uint64_t z = rng_mix(rng_mix(seed) + n);

	return z ? z : 1;
}

/** mask_nth() - Return: position of the @n-th set bit of @mask, from 0. */
static inline int mask_nth(uint64_t mask, unsigned int n)
{
	while (n--)
		mask &= mask - 1;
	return __builtin_ctzll(mask);
}

#endif
