// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RCU, flavour memb of liburcu, as hostile as RCU allows: a grace period
 * waits for exactly the readers that were inside when it began, and ends as
 * soon as the scheduler likes; callbacks run in a thread of their own, each
 * after a grace period, in order.
 *
 *   rcu_read_unlock()   happens before   the end of synchronize_rcu(), for
 *                                        sections that began before it did
 *   synchronize_rcu()   happens before   sections that begin after it did
 *
 * The host has one thread: no grace period takes any time there.
 *
 * Hash tables are liburcu's own: nothing in there is a decision, so each
 * call is one indivisible operation.
 */
#include <pthread.h>
#include <stddef.h>
#include <urcu/urcu-memb.h>

#include "explore/prologue.h"
#include "explore/sync.h"

struct callback {
	struct rcu_head *head;
	void (*func)(struct rcu_head *head);
};

#define MAX_CALLBACKS 65536

static struct {
	char address; /* what the object of all this is called by */
	uint32_t exec; /* the rest is valid in this execution */
	bool kept; /* the rest is valid when a prologue is over */
	uint32_t nest[EX_MAX_THREADS]; /* depth of read sections */
	uint64_t readers; /* threads inside one */
	uint64_t waits_for[EX_MAX_THREADS]; /* of a grace period */
	struct vclock left[EX_MAX_THREADS]; /* at the end of a section */
	struct vclock begun; /* before the youngest grace period */
	struct thread *worker; /* runs callbacks, or NULL */
	uint32_t head; /* next callback to run */
	uint32_t done; /* the same, when the worker last looked for work */
	uint32_t tail;
	uint64_t in_barrier; /* threads that wait for callbacks */
	uint32_t barrier[EX_MAX_THREADS]; /* until so many are done */
	struct vclock ran; /* what the callbacks did that are done */
	struct callback queue[MAX_CALLBACKS];
} rcu EXPLORE_STATE;

static unsigned int host_nest EXPLORE_STATE;

static struct object *rcu_object(void)
{
	if (rcu.exec != eng.exec) {
		rcu.exec = eng.exec;
		rcu.readers = 0;
		vclock_clear(&rcu.begun);
		rcu.worker = NULL;
		rcu.head = rcu.done = rcu.tail = 0;
		rcu.in_barrier = 0;
		vclock_clear(&rcu.ran);
		for (unsigned int i = 0; i < EX_MAX_THREADS; i++) {
			rcu.nest[i] = 0;
			rcu.waits_for[i] = 0;
			vclock_clear(&rcu.left[i]);
		}
	}
	return object_get((uintptr_t)&rcu.address, OBJECT_RCU, 0);
}

void sync_rcu_keep(void)
{
	rcu.kept = rcu.exec == eng.exec;
	if (!rcu.kept)
		return;
	prologue_keep(&rcu, offsetof(typeof(rcu), queue) +
		      rcu.tail * sizeof(rcu.queue[0]));
}

void sync_rcu_resume(void)
{
	if (rcu.kept)
		rcu.exec = eng.exec;
}

void urcu_memb_register_thread(void)
{
}

void urcu_memb_unregister_thread(void)
{
}

int urcu_memb_read_ongoing(void)
{
	if (!eng.cur)
		return host_nest != 0;
	rcu_object();
	return rcu.nest[eng.cur->id] != 0;
}

void urcu_memb_read_lock(void)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t) {
		host_nest++;
		return;
	}
	o = rcu_object();
	if (rcu.nest[t->id]++)
		return;
	op_begin(t, OP_RCU_LOCK, o, CALLER);
	rcu.readers |= t->bit;
	vclock_join(&t->hb, &rcu.begun);
	t->idle = 0;
}

/* The last reader a grace period waited for lets it end. */
static void let_go(struct thread *reader)
{
	for (uint32_t i = 0; i < eng.nr_threads; i++) {
		struct thread *w = &eng.threads[i];

		if (!(rcu.waits_for[i] & reader->bit))
			continue;
		rcu.waits_for[i] &= ~reader->bit;
		vclock_join(&w->hb, &reader->hb);
		if (rcu.waits_for[i])
			continue;
		w->op.passive = true;
		w->enabled_by = eng.events;
		eng.runnable |= w->bit;
	}
}

void urcu_memb_read_unlock(void)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t) {
		host_nest--;
		return;
	}
	o = rcu_object();
	if (!rcu.nest[t->id])
		engine_fail(VERDICT_ASSERTION, "thread %u leaves an RCU read"
			    " section it is not in", t->id);
	if (--rcu.nest[t->id])
		return;
	sync_drain(t);
	op_begin(t, OP_RCU_UNLOCK, o, CALLER);
	rcu.readers &= ~t->bit;
	vclock_copy(&rcu.left[t->id], &t->hb);
	let_go(t);
	thread_epoch(t);
	engine_wrote(t);
}

static void grace_period(struct thread *t, uintptr_t pc)
{
	struct object *o = rcu_object();

	if (rcu.nest[t->id])
		engine_fail(VERDICT_DEADLOCK, "thread %u waits for a grace"
			    " period inside a read section", t->id);
	sync_drain(t);
	op_begin(t, OP_RCU_SYNC, o, pc);
	for (uint32_t i = 0; i < eng.nr_threads; i++)
		if (!(rcu.readers >> i & 1))
			vclock_join(&t->hb, &rcu.left[i]);
	vclock_join(&rcu.begun, &t->hb);
	thread_epoch(t);
	rcu.waits_for[t->id] = rcu.readers;
	if (rcu.readers)
		thread_block(t);
	op_begin(t, OP_RCU_SYNC, o, pc);
	engine_wrote(t);
}

void urcu_memb_synchronize_rcu(void)
{
	if (eng.cur)
		grace_period(eng.cur, CALLER);
}

/* Out of work: nobody waits for this thread, and it does not count. */
static void worker_sleeps(struct thread *t)
{
	t->asleep = true;
	if (!--eng.nr_live) {
		eng.quiet_end = true;
		engine_finish(VERDICT_CLEAN);
	}
	thread_block(t);
	op_begin(t, OP_RCU_SYNC, rcu_object(), 0);
}

/* The worker looks for work: what it took before is done. */
static uint32_t take_callbacks(struct thread *t)
{
	sync_drain(t);
	op_begin(t, OP_RCU_CALL, rcu_object(), 0);
	rcu.done = rcu.head;
	vclock_copy(&rcu.ran, &t->hb);
	thread_epoch(t);
	for (uint64_t m = rcu.in_barrier; m; m &= m - 1) {
		struct thread *w = &eng.threads[__builtin_ctzll(m)];

		if ((int32_t)(rcu.done - rcu.barrier[w->id]) < 0)
			continue;
		rcu.in_barrier &= ~w->bit;
		w->op.passive = true;
		w->enabled_by = eng.events;
		eng.runnable |= w->bit;
	}
	return rcu.tail;
}

static void *run_callbacks(void *arg)
{
	struct thread *t = eng.cur;

	(void)arg;
	for (;;) {
		uint32_t end = take_callbacks(t);

		if (rcu.head == end) {
			worker_sleeps(t);
			continue;
		}
		object_acquire(t, rcu_object());
		grace_period(t, 0);
		while (rcu.head != end) {
			struct callback *c = &rcu.queue[rcu.head++ %
							MAX_CALLBACKS];

			c->func(c->head);
		}
	}
	return NULL;
}

static void wake_worker(struct thread *t)
{
	struct thread *w = rcu.worker;

	if (!w) {
		rcu.worker = thread_create(t, run_callbacks, NULL);
		sync_keys_start(rcu.worker);
		return;
	}
	if (!w->asleep)
		return;
	w->asleep = false;
	w->op.passive = true;
	w->enabled_by = eng.events;
	eng.nr_live++;
	eng.runnable |= w->bit;
}

void urcu_memb_call_rcu(struct rcu_head *head,
			void (*func)(struct rcu_head *head))
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t) {
		func(head);
		return;
	}
	o = rcu_object();
	if (rcu.tail - rcu.head == MAX_CALLBACKS)
		engine_fail(VERDICT_HARNESS, "more than %d RCU callbacks",
			    MAX_CALLBACKS);
	sync_drain(t);
	op_begin(t, OP_RCU_CALL, o, CALLER);
	rcu.queue[rcu.tail++ % MAX_CALLBACKS] = (struct callback){ head,
								   func };
	object_release(t, o);
	wake_worker(t);
	engine_wrote(t);
}

/* Until the callbacks queued so far have run. */
void urcu_memb_barrier(void)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return;
	o = rcu_object();
	if (rcu.nest[t->id])
		engine_fail(VERDICT_DEADLOCK, "thread %u waits for RCU"
			    " callbacks inside a read section", t->id);
	sync_drain(t);
	op_begin(t, OP_RCU_CALL, o, CALLER);
	if (rcu.done != rcu.tail) {
		rcu.barrier[t->id] = rcu.tail;
		rcu.in_barrier |= t->bit;
		thread_block(t);
		op_begin(t, OP_RCU_CALL, o, CALLER);
	}
	vclock_join(&t->hb, &rcu.ran);
	engine_wrote(t);
}

static void nothing(void)
{
}

/* For liburcu's hash tables, which take a flavour. */
const struct rcu_flavor_struct urcu_memb_flavor = {
	.read_lock = urcu_memb_read_lock,
	.read_unlock = urcu_memb_read_unlock,
	.read_ongoing = urcu_memb_read_ongoing,
	.read_quiescent_state = nothing,
	.update_call_rcu = urcu_memb_call_rcu,
	.update_synchronize_rcu = urcu_memb_synchronize_rcu,
	.thread_offline = nothing,
	.thread_online = nothing,
	.register_thread = urcu_memb_register_thread,
	.unregister_thread = urcu_memb_unregister_thread,
};
