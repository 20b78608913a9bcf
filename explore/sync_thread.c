// SPDX-License-Identifier: GPL-2.0-or-later
/* pthread_create() and the rest of a thread's life; names; exit(). */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/sync.h"

/* Our pthread_t: 1 for the first thread, and so on. */
static pthread_t to_pthread(const struct thread *t)
{
	return t->id + 1;
}

static struct thread *from_pthread(pthread_t id)
{
	if (id - 1 >= eng.nr_threads)
		engine_fail(VERDICT_ASSERTION, "%#lx is not a thread", id);
	return &eng.threads[id - 1];
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
		   void *(*start)(void *), void *arg)
{
	struct thread *t = eng.cur;
	struct thread *new;
	int state = PTHREAD_CREATE_JOINABLE;

	if (!t)
		return HOST_CALL(pthread_create, thread, attr, start, arg);
	sync_drain(t);
	op_begin(t, OP_CREATE, NULL, CALLER);
	new = thread_create(t, start, arg);
	sync_keys_start(new);
	if (attr)
		pthread_attr_getdetachstate(attr, &state);
	new->detached = state == PTHREAD_CREATE_DETACHED;
	*thread = to_pthread(new);
	race_access((uintptr_t)thread, sizeof(*thread), RACE_WRITE, CALLER);
	engine_wrote(t);
	return 0;
}

int pthread_join(pthread_t id, void **result)
{
	struct thread *t = eng.cur;
	struct thread *other;
	struct object *o;

	if (!t)
		return HOST_CALL(pthread_join, id, result);
	other = from_pthread(id);
	o = other->self_obj;
	if (other->joined || other->detached)
		engine_fail(VERDICT_ASSERTION, "thread %u joins thread %u, %s",
			    t->id, other->id, other->joined ?
			    "joined before" : "which is detached");
	if (other == t)
		return EDEADLK;
	sync_drain(t);
	other->joined = true;
	o->pending |= t->bit;
	if (other->state != THREAD_DONE)
		thread_block(t);
	op_begin(t, OP_JOIN, o, CALLER);
	o->pending &= ~t->bit;
	object_acquire(t, o);
	t->idle = 0;
	if (result)
		*result = other->result;
	return 0;
}

int pthread_detach(pthread_t id)
{
	if (!eng.cur)
		return HOST_CALL(pthread_detach, id);
	from_pthread(id)->detached = true;
	return 0;
}

pthread_t pthread_self(void)
{
	static pthread_t (*real)(void) EXPLORE_STATE;

	if (eng.cur)
		return to_pthread(eng.cur);
	if (!real)
		real = (pthread_t (*)(void))host_symbol("pthread_self");
	return real();
}

/* Without libc's printf(), which takes as long as ten steps. */
static size_t append(char *to, size_t room, const char *from)
{
	size_t n = strnlen(from, room - 1);

	memcpy(to, from, n);
	to[n] = 0;
	return n;
}

/* A thread of a pool has a name for each of its tasks. */
static void add_name(struct thread *t, const char *name)
{
	size_t n = strlen(t->names);

	if (!strcmp(t->name, name))
		return;
	if (n)
		n += append(t->names + n, sizeof(t->names) - n, ", ");
	append(t->names + n, sizeof(t->names) - n, name);
}

int pthread_setname_np(pthread_t id, const char *name)
{
	struct thread *t;

	if (!eng.cur)
		return HOST_CALL(pthread_setname_np, id, name);
	if (strlen(name) >= sizeof(t->name))
		return ERANGE;
	t = from_pthread(id);
	add_name(t, name);
	strcpy(t->name, name);
	return 0;
}

int pthread_getname_np(pthread_t id, char *name, size_t size)
{
	const struct thread *t;

	if (!eng.cur)
		return HOST_CALL(pthread_getname_np, id, name, size);
	t = from_pthread(id);
	if (size <= strlen(t->name))
		return ERANGE;
	race_access((uintptr_t)name, strlen(t->name) + 1, RACE_WRITE, CALLER);
	strcpy(name, t->name);
	return 0;
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

void pthread_exit(void *result)
{
	struct thread *t = eng.cur;

	if (!t)
		((void (*)(void *))host_symbol("pthread_exit"))(result);
	thread_exit(t, result);
}

/* The program ends as a whole, whatever its other threads do. */
static _Noreturn void end_program(int status)
{
	op_begin(eng.cur, OP_EXIT, NULL, 0);
	eng.exit_status = status;
	if (status)
		engine_fail(VERDICT_ASSERTION, "exit status %d", status);
	engine_finish(VERDICT_CLEAN);
}

void exit(int status)
{
	if (eng.cur)
		end_program(status);
	((void (*)(int))host_symbol("exit"))(status);
	__builtin_unreachable();
}

void _exit(int status)
{
	if (eng.cur)
		end_program(status);
	host_init();
	for (;;)
		host.syscall(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

void abort(void)
{
	if (eng.cur)
		engine_fail(VERDICT_CRASH, "thread %u: abort()", eng.cur->id);
	((void (*)(void))host_symbol("abort"))();
	__builtin_unreachable();
}

void __assert_fail(const char *expr, const char *file, unsigned int line,
		   const char *function)
{
	if (eng.cur) {
		eng.cur->op.pc = CALLER;
		engine_fail(VERDICT_ASSERTION, "%s:%u: %s: %s", file, line,
			    function, expr);
	}
	fprintf(stderr, "%s:%u: %s: %s\n", file, line, function, expr);
	abort();
}
