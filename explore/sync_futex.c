// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Futexes: the system call and the waiting seam of locking/.  Sleepers on a
 * word belong to the atomic location's own object, so that a search sees
 * that a wait depends on stores to the word.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/sync.h"
#include "explore/unmodelled.h"
#include "locking/seam.h"

int sync_futex_wait(struct thread *t, const void *word, uint32_t val,
		    uintptr_t pc)
{
	struct object *o;

	sync_touch(word, pc);
	o = object_get((uintptr_t)word, OBJECT_ATOMIC, 4);
	sync_drain(t);
	op_publish(t, OP_FUTEX_WAIT, o, pc);
	t->op.conditional = true;
	t->op.value = val;
	t->op.size = 4;
	engine_step(t);
	race_access((uintptr_t)word, 4, RACE_ATOMIC, pc);
	if ((uint32_t)atomic_peek((uintptr_t)word, 4) != val) {
		t->op.failed = true;
		sync_unblock(t);
		return EAGAIN;
	}
	t->ticket = ++o->queue;
	t->woken = false;
	o->waiters |= t->bit;
	sync_block(t);
	op_begin(t, OP_FUTEX_WAIT, o, pc);
	o->waiters &= ~t->bit;
	if (!t->woken)
		sync_timed_out(t);
	sync_unblock(t);
	return t->woken ? 0 : ETIMEDOUT;
}

int sync_futex_wake(struct thread *t, const void *word, int nr, uintptr_t pc)
{
	struct object *o = object_get((uintptr_t)word, OBJECT_ATOMIC, 4);
	int woken = 0;

	sync_drain(t);
	op_begin(t, OP_FUTEX_WAKE, o, pc);
	sync_note_wake(t, o, pc);
	while (o->waiters && woken < nr) {
		struct thread *w = sync_first_waiter(o);

		o->waiters &= ~w->bit;
		w->woken = true;
		w->op.passive = true;
		w->enabled_by = eng.events;
		sync_unblock(w);
		eng.runnable |= w->bit;
		woken++;
	}
	if (woken)
		engine_wrote(t);
	return woken;
}

static long futex_call(long word, int op, uint32_t val, long timeout,
		       uintptr_t pc)
{
	const struct timespec *ts = (const struct timespec *)timeout;
	struct thread *t = eng.cur;
	int cmd = op & FUTEX_CMD_MASK;
	int err;

	if (cmd == FUTEX_WAKE || cmd == FUTEX_WAKE_BITSET)
		return sync_futex_wake(t, (void *)word, (int)val, pc);
	if (cmd != FUTEX_WAIT && cmd != FUTEX_WAIT_BITSET)
		unmodelled("a futex operation other than wait and wake");
	if (ts && cmd == FUTEX_WAIT)
		t->deadline = eng.now_ns + ts->tv_sec * 1000000000ll +
			      ts->tv_nsec;
	else if (ts)
		sync_deadline(t, op & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME :
			      CLOCK_MONOTONIC, ts);
	err = sync_futex_wait(t, (void *)word, val, pc);
	if (!err)
		return 0;
	errno = err;
	return -1;
}

long syscall(long nr, ...)
{
	long a[6];
	long ret;
	va_list ap;

	va_start(ap, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (eng.cur && nr == SYS_futex)
		return futex_call(a[0], (int)a[1], (uint32_t)a[2], a[3],
				  CALLER);
	if (eng.cur && nr == SYS_gettid)
		return eng.cur->id + 1;
	if (eng.cur && nr == SYS_sched_yield) {
		sync_yield(eng.cur, false, CALLER);
		return 0;
	}
	if (eng.cur && nr != SYS_getpid && nr != SYS_write &&
	    nr != SYS_membarrier) {
		static char what[32] EXPLORE_STATE;

		__builtin_sprintf(what, "system call %ld", nr);
		unmodelled(what);
	}
	host_init();
	ret = host.syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (ret >= 0 || ret < -4095)
		return ret;
	errno = (int)-ret;
	return -1;
}
