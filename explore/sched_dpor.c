// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Dynamic partial order reduction with source sets and sleep sets
 * (Abdulla, Aronsson, Jonsson and Sagonas, POPL 2014).
 *
 * Every step is an event.  When an event races with an earlier one of
 * another thread, the earlier one's node must also try a thread that can
 * begin the reversed order; threads whose alternatives were explored sleep
 * until something they depend on happens.  What is left is one execution
 * for each happens-before class, and a few that are cut short.
 *
 * Locks: an unlock and the lock after it cannot be reversed; the pair to
 * reverse is that lock and the one before the unlock.
 */
#include <errno.h>
#include <sys/mman.h>

#include "explore/depend.h"
#include "explore/object.h"
#include "explore/sched.h"
#include "explore/sched_list.h"

#define MAX_EVENTS (1u << 18)
#define MAX_STACK (1u << 19)

struct event {
	uint8_t tid;
	uint8_t kind[2]; /* what it is to each object */
	uint32_t index; /* in its thread, from 1 */
	uint32_t prev[2]; /* event before it on each object, or 0 */
	struct object *obj[2];
	uint32_t node; /* position in the stack of nodes */
	struct vclock clock; /* events of each thread that happen before */
};

struct node {
	uint64_t enabled;
	uint64_t backtrack; /* to be tried, or tried */
	uint64_t done;
	uint64_t sleep;
	uint32_t alternatives; /* not about threads: how many; else 0 */
	uint32_t chosen;
};

static struct {
	struct event *events; /* number i is decision i of the execution */
	struct node *stack;
	uint32_t depth; /* nodes that matter */
	uint32_t at; /* next node of this execution */
	uint32_t last[EX_MAX_THREADS]; /* youngest event of each thread */
	uint64_t sleep; /* sleep set at the current state */
	bool started;
	bool truncated;
} dpor EXPLORE_STATE;

static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int dpor_init(struct explore *ex)
{
	(void)ex;
	if (!dpor.events)
		dpor.events = reserve(MAX_EVENTS * sizeof(struct event));
	if (!dpor.stack)
		dpor.stack = reserve(MAX_STACK * sizeof(struct node));
	dpor.depth = 0;
	dpor.started = false;
	dpor.truncated = false;
	return dpor.events && dpor.stack ? 0 : -ENOMEM;
}

/* Has @n another alternative?  Then choose it. */
static bool advance(struct node *n)
{
	uint64_t todo;

	if (n->alternatives)
		return ++n->chosen < n->alternatives;
	n->done |= 1ull << n->chosen;
	todo = n->backtrack & ~n->done & ~n->sleep;
	if (!todo)
		return false;
	n->chosen = __builtin_ctzll(todo);
	return true;
}

static bool dpor_begin(struct explore *ex)
{
	(void)ex;
	dpor.at = 0;
	dpor.sleep = 0;
	for (unsigned int i = 0; i < EX_MAX_THREADS; i++)
		dpor.last[i] = 0;
	if (!dpor.started) {
		dpor.started = true;
		return true;
	}
	while (dpor.depth && !advance(&dpor.stack[dpor.depth - 1]))
		dpor.depth--;
	return dpor.depth > 0;
}

static struct node *push_node(void)
{
	struct node *n;

	if (dpor.at == MAX_STACK) {
		dpor.truncated = true;
		return NULL;
	}
	n = &dpor.stack[dpor.at++];
	dpor.depth = dpor.at;
	return n;
}

static int dpor_pick(struct explore *ex, uint64_t runnable, int cur)
{
	uint64_t awake = runnable & ~dpor.sleep;
	struct node *n;

	(void)ex;
	if (dpor.at < dpor.depth)
		return (int)dpor.stack[dpor.at++].chosen;
	if (!awake)
		return -1;
	n = push_node();
	if (!n)
		return __builtin_ctzll(awake);
	*n = (struct node){ .enabled = runnable, .sleep = dpor.sleep };
	n->chosen = cur >= 0 && (awake >> cur & 1) ? (unsigned int)cur :
		    (unsigned int)__builtin_ctzll(awake);
	n->backtrack = 1ull << n->chosen;
	return (int)n->chosen;
}

static unsigned int dpor_choose(struct explore *ex, unsigned int n)
{
	struct node *node;

	(void)ex;
	if (dpor.at < dpor.depth)
		return dpor.stack[dpor.at++].chosen;
	node = push_node();
	if (node)
		*node = (struct node){ .alternatives = n };
	return 0;
}

static bool happens_before(const struct event *a, const struct event *b)
{
	return vclock_get(&b->clock, a->tid) >= a->index;
}

/*
 * Threads that can begin the part of the execution after event @i that does
 * not depend on it, followed by event @j.
 */
static uint64_t initials(uint32_t i, uint32_t j)
{
	const struct event *e = &dpor.events[i];
	uint64_t seen = 0, result = 0;

	for (uint32_t k = i + 1; k <= j; k++) {
		const struct event *f = &dpor.events[k];
		bool first = true;

		if (k < j && happens_before(e, f))
			continue;
		if (seen >> f->tid & 1)
			continue;
		seen |= 1ull << f->tid;
		for (uint32_t l = i + 1; l < k && first; l++)
			first = happens_before(e, &dpor.events[l]) ||
				!happens_before(&dpor.events[l], f);
		if (first)
			result |= 1ull << f->tid;
	}
	return result;
}

/* Events @i and @j race: see to it that the other order is tried. */
static void reverse(uint32_t i, uint32_t j)
{
	struct node *n = &dpor.stack[dpor.events[i].node];
	uint64_t begin = initials(i, j);
	uint64_t possible = begin & n->enabled;

	if (n->backtrack & begin)
		return;
	if (!possible)
		n->backtrack |= n->enabled;
	else
		n->backtrack |= possible & -possible;
}

/*
 * Compare event @j with the earlier ones on its object number @side.  @known
 * is what happens before @j anyway; the event's own clock becomes complete.
 */
static void scan(uint32_t j, int side, struct vclock *known, uint32_t *races,
		 unsigned int *nr)
{
	struct event *e = &dpor.events[j];
	const struct event *f;

	for (uint32_t k = e->prev[side]; k;) {
		int s;
		enum dependence d;

		f = &dpor.events[k];
		s = f->obj[0] == e->obj[side] ? 0 : 1;
		d = op_dependence(f->kind[s], e->kind[side]);
		if (f->tid != e->tid && d != INDEPENDENT) {
			if (d == RACING && vclock_get(known, f->tid) <
			    f->index && *nr < EX_MAX_THREADS)
				races[(*nr)++] = k;
			vclock_join(&e->clock, &f->clock);
			if (d == RACING)
				vclock_join(known, &f->clock);
		}
		if (d == RACING && op_is_total(f->kind[s]) &&
		    !op_is_futex(e->kind[side]))
			break;
		k = f->prev[s];
	}
}

static void put_on_object(uint32_t j, int side, struct object *o,
			  enum op_kind kind)
{
	struct event *e = &dpor.events[j];

	e->obj[side] = o;
	e->kind[side] = kind;
	e->prev[side] = 0;
	if (!o)
		return;
	e->prev[side] = o->last_event;
	o->last_event = j;
}

static void wake_sleepers(const struct thread *t)
{
	const struct node *n = dpor.at ? &dpor.stack[dpor.at - 1] : NULL;
	uint64_t asleep = n ? n->sleep | n->done : 0;

	asleep &= ~t->bit;
	for (uint64_t m = asleep; m; m &= m - 1) {
		int tid = __builtin_ctzll(m);

		if (ops_conflict_now(&t->op, &eng.threads[tid].op))
			asleep &= ~(1ull << tid);
	}
	dpor.sleep = asleep;
}

static void new_event(struct thread *t, uint32_t j, enum op_kind kind)
{
	struct event *e = &dpor.events[j];
	const struct op *op = &t->op;
	bool on = !op->passive;

	e->tid = t->id;
	e->index = dpor.events[dpor.last[t->id]].index + 1;
	e->node = dpor.at - 1;
	vclock_clear(&e->clock);
	if (dpor.last[t->id])
		vclock_copy(&e->clock, &dpor.events[dpor.last[t->id]].clock);
	if (t->enabled_by)
		vclock_join(&e->clock, &dpor.events[t->enabled_by].clock);
	vclock_grow(&e->clock, t->id + 1u);
	put_on_object(j, 0, on ? op->obj : NULL, kind);
	put_on_object(j, 1, on ? op->obj2 : NULL,
		      op->kind == OP_COND_WAIT ? OP_UNLOCK :
		      op->kind == OP_FENCE ? OP_STORE : OP_LOAD);
	dpor.last[t->id] = j;
}

/* @t's operation, a @kind, is event @j: reverse what it races with. */
static void add_event(struct thread *t, uint32_t j, enum op_kind kind)
{
	uint32_t races[EX_MAX_THREADS];
	unsigned int nr = 0;
	struct vclock known;
	struct event *e = &dpor.events[j];

	new_event(t, j, kind);
	vclock_copy(&known, &e->clock);
	for (int side = 0; side < 2; side++)
		if (e->obj[side])
			scan(j, side, &known, races, &nr);
	e->clock.c[e->tid] = e->index;
	for (unsigned int i = 0; i < nr; i++)
		reverse(races[i], j);
}

static void dpor_step(struct thread *t)
{
	uint32_t j = eng.events;

	wake_sleepers(t);
	if (j + 1 < MAX_EVENTS && !eng.fair)
		add_event(t, j, op_effect(&t->op));
	else
		dpor.truncated = true;
}

/* An operation that never got its turn races, too: it may be first. */
static void dpor_end(struct explore *ex, enum verdict found)
{
	uint32_t j = ex->events + 1;

	if (found == VERDICT_CLEAN || found == VERDICT_BLOCKED ||
	    j >= MAX_EVENTS)
		return;
	for (uint32_t i = 0; i < ex->nr_threads; i++) {
		struct thread *t = &ex->threads[i];
		struct object *o = t->op.obj;

		if (t->state != THREAD_LIVE || !o || t->op.obj2)
			continue;
		add_event(t, j, t->op.kind);
		o->last_event = dpor.events[j].prev[0];
		dpor.last[i] = 0;
	}
}

static bool dpor_complete(void)
{
	return !dpor.truncated;
}

/* As for dfs; alternatives that were not found yet are missing. */
static double dpor_searched(void)
{
	double weight = 1, sum = 0;

	for (uint32_t i = 0; i < dpor.depth; i++) {
		const struct node *n = &dpor.stack[i];
		uint64_t tried = n->done | 1ull << (n->chosen & 63);
		int total = __builtin_popcountll(tried |
						 (n->backtrack & ~n->sleep));
		int done = __builtin_popcountll(n->done);

		if (n->alternatives) {
			total = (int)n->alternatives;
			done = (int)n->chosen;
		}
		weight /= total;
		sum += weight * done;
	}
	return dpor.started ? sum + weight : 0;
}

const struct sched_ops sched_dpor = {
	.name = "dpor",
	.help = "one schedule for each happens-before class",
	.complete = dpor_complete,
	.searched = dpor_searched,
	.init = dpor_init,
	.begin = dpor_begin,
	.pick = dpor_pick,
	.choose = dpor_choose,
	.step = dpor_step,
	.end = dpor_end,
	.always_pick = true,
	.history = true,
};
