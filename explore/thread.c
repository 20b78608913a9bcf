// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads of the program under test: their stacks, beginning and end. */
#include <errno.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/engine.h"
#include "explore/object.h"
#include "explore/sync.h"

#define PREPARED_AT_START 4

/* On the host: the first *@arg are to have a stack and a donor. */
static void prepare_threads(void *arg)
{
	uint32_t want = *(uint32_t *)arg;

	while (eng.nr_prepared < want &&
	       !fiber_prepare(&eng.threads[eng.nr_prepared].fiber))
		eng.nr_prepared++;
}

static int prepare(uint32_t want)
{
	prepare_threads(&want);
	return eng.nr_prepared == want ? 0 : -EAGAIN;
}

int threads_init(void)
{
	size_t size = sizeof(uintptr_t) * EX_STACK_DEPTH;
	char *frames = mmap(NULL, size * EX_MAX_THREADS, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (frames == MAP_FAILED)
		return -errno;
	for (unsigned int i = 0; i < EX_MAX_THREADS; i++) {
		eng.threads[i].id = i;
		eng.threads[i].bit = 1ull << i;
		eng.threads[i].frames = (uintptr_t *)(frames + i * size);
	}
	return prepare(PREPARED_AT_START);
}

/* The donors are gone; libc may give their memory to new threads. */
int threads_forked(void)
{
	uint32_t want = eng.nr_prepared;

	for (uint32_t i = 0; i < EX_MAX_THREADS; i++)
		eng.threads[i].fiber.fsbase = 0;
	eng.nr_prepared = 0;
	return prepare(want);
}

/* The first function on a coroutine's stack. */
static void thread_main(void)
{
	struct thread *t = eng.cur;

	note_step(t);
	thread_exit(t, t->entry(t->arg));
}

static void thread_reset(struct thread *t, struct thread *parent)
{
	t->state = THREAD_LIVE;
	t->detached = false;
	t->joined = false;
	t->woken = false;
	t->asleep = false;
	t->rel_fenced = false;
	t->nr_held = 0;
	t->frame = t->frames;
	t->idle = 0;
	t->hash = t->id;
	t->deadline = -1;
	t->writes = 0;
	t->timeout_seq = ~0ull;
	t->wants = NULL;
	t->name[0] = 0;
	t->names[0] = 0;
	t->op = (struct op){ .kind = OP_START };
	vclock_clear(&t->acq);
	vclock_clear(&t->rel_fence);
	if (parent) {
		vclock_copy(&t->hb, &parent->hb);
		t->hash += parent->hash;
	} else {
		vclock_clear(&t->hb);
		vclock_grow(&t->hb, eng.nr_threads);
	}
	t->hb.c[t->id] = 1;
	t->epoch = 1ull << 32 | t->id;
}

struct thread *thread_create(struct thread *parent, void *(*entry)(void *),
			     void *arg)
{
	uint32_t id = eng.nr_threads;
	uint32_t limit = eng.model->flush ? EX_FLUSH_BASE : EX_MAX_THREADS;
	uint32_t want = id + 1;
	struct thread *t;

	if (id >= limit)
		engine_fail(VERDICT_HARNESS, "more than %u threads", limit);
	if (unlikely(id >= eng.nr_prepared))
		engine_on_host(prepare_threads, &want);
	if (id >= eng.nr_prepared)
		engine_fail(VERDICT_HARNESS, "no memory for a thread");
	t = &eng.threads[id];
	eng.nr_threads++;
	eng.nr_live++;
	for (uint32_t i = 0; i < eng.nr_threads; i++)
		if (&eng.threads[i] != t)
			vclock_grow(&eng.threads[i].hb, eng.nr_threads);
	thread_reset(t, parent);
	if (parent)
		thread_epoch(parent);
	t->entry = entry;
	t->arg = arg;
	fiber_start(&t->fiber, thread_main);
	t->self_obj = object_get((uintptr_t)t, OBJECT_THREAD, 0);
	eng.runnable |= t->bit;
	t->enabled_by = eng.events;
	atomics_thread_start(t, parent);
	return t;
}

_Noreturn void thread_exit(struct thread *t, void *result)
{
	struct thread *next;

	sync_keys_exit(t);
	sync_drain(t);
	op_begin(t, OP_EXIT, t->self_obj, 0);
	t->result = result;
	t->state = THREAD_DONE;
	object_release(t, t->self_obj);
	eng.runnable |= t->self_obj->pending;
	thread_block(t);
	engine_wrote(t);
	if (!--eng.nr_live) {
		eng.quiet_end = true;
		engine_finish(VERDICT_CLEAN);
	}
	next = engine_next(t);
	eng.cur = next;
	fiber_switch(&t->fiber, &next->fiber);
	__builtin_unreachable();
}
