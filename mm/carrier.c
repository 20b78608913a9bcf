// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carrier.c - a pool of host threads
 *
 * carrier_grant()			carrier_wait()
 *   cpu = ...				  sleep while granted == 0
 *   granted = 1 (release)		  (acquire) granted = 0
 *   wake					  use cpu, task
 *
 * Only one grant is under way at a time: a task is granted a CPU when it has
 * none, and takes it before it can lose it again.  Carriers are never freed
 * while the machine runs, so a late wake-up finds the word still there.
 */
#include <setjmp.h>
#include <stdlib.h>

#include "locking/thread.h"
#include "locking/tsan_annotate.h"
#include "mm/carrier.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fault_inject.h"

/* What fits the deepest call chain; sanitizers' frames are larger. */
#if BUILT_WITH_TSAN || __has_feature(address_sanitizer)
#define STACK_SIZE (512UL * 1024)
#else
#define STACK_SIZE (64UL * 1024)
#endif

static DEFINE_RAW_SPINLOCK(pool_lock);
static struct carrier *pool_free, *pool_all; /* pool_lock; LIFO */
static struct carrier_stats stats; /* pool_lock */

static __thread struct carrier *self;
static __thread jmp_buf base; /* where a task's end leads */

/* ---- hand-over -------------------------------------------------------- */

void carrier_grant(struct carrier *c, struct cpu *cpu)
{
	c->cpu = cpu;
	smp_store_release(&c->granted, 1);
	seam_futex_wake(&c->granted, 1);
}

struct cpu *carrier_wait(struct carrier *c)
{
	lthread_block_on_raw(&c->granted, 0);
	WRITE_ONCE(c->granted, 0);
	return c->cpu;
}

/* ---- the pool --------------------------------------------------------- */

static void pool_put(struct carrier *c)
{
	raw_spin_lock(&pool_lock);
	c->task = NULL;
	c->next_free = pool_free;
	pool_free = c;
	stats.in_use--;
	raw_spin_unlock(&pool_lock);
}

static struct carrier *pool_get(void)
{
	struct carrier *c;

	raw_spin_lock(&pool_lock);
	c = pool_free;
	if (c) {
		pool_free = c->next_free;
		stats.in_use++;
		stats.peak = max(stats.peak, stats.in_use);
	}
	raw_spin_unlock(&pool_lock);
	return c;
}

/* A task's whole life on this thread, then the next one's. */
static void *carrier_main(void *arg)
{
	struct carrier *c = arg;

	self = c;
	smp_store_release(&c->lthread, lthread_register("carrier"));
	if (_setjmp(base))
		pool_put(c);
	current_cpu = carrier_wait(c);
	if (!current_cpu) {
		lthread_unregister();
		return NULL;
	}
	current_task = c->task;
	lthread_set_cookie(c->task);
	ret_from_fork();
}

void carrier_finish(void)
{
	lwait_end();
	lthread_set_cookie(NULL);
	fault_inject_disarm();
	longjmp(base, 1);
}

static bool start_thread(struct carrier *c)
{
	pthread_attr_t attr;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	err = pthread_create(&c->thread, &attr, carrier_main, c);
	pthread_attr_destroy(&attr);
	return !err;
}

/* Made in use; the caller puts it into the pool if it wants it there. */
static struct carrier *carrier_new(void)
{
	struct carrier *c = calloc(1, sizeof(*c));
	bool ok = c && start_thread(c);

	raw_spin_lock(&pool_lock);
	if (ok) {
		c->next_all = pool_all;
		pool_all = c;
		stats.created++;
		stats.in_use++;
		stats.peak = max(stats.peak, stats.in_use);
	} else {
		stats.failures++;
	}
	raw_spin_unlock(&pool_lock);
	if (ok)
		return c;
	free(c);
	return NULL;
}

struct carrier *carrier_reserve(void)
{
	struct carrier *c;

	if (should_fail_alloc())
		return NULL;
	c = pool_get();
	return c ? c : carrier_new();
}

void carrier_release(struct carrier *c)
{
	if (c)
		pool_put(c);
}

void carrier_start(struct carrier *c, struct task_struct *task)
{
	c->task = task;
}

unsigned int carrier_prefill(unsigned int nr)
{
	struct carrier_stats now;

	for (;;) {
		struct carrier *c;

		carrier_get_stats(&now);
		if (now.created >= nr)
			return now.created;
		c = carrier_new();
		if (!c)
			return now.created;
		pool_put(c);
	}
}

struct carrier *carrier_adopt(struct task_struct *task)
{
	struct carrier *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->adopted = true;
	c->task = task;
	c->lthread = lthread_register("init");
	lthread_set_cookie(task);
	self = c;
	return c;
}

void carrier_disown(struct carrier *c)
{
	lthread_set_cookie(NULL);
	self = NULL;
	free(c);
}

void carrier_pool_exit(void)
{
	struct carrier_stats now;
	struct carrier *c, *next;

	/* The last tasks are gone, their threads are on the way back. */
	for (carrier_get_stats(&now); now.in_use; carrier_get_stats(&now))
		seam_yield();
	raw_spin_lock(&pool_lock);
	c = pool_all;
	pool_all = NULL;
	pool_free = NULL;
	stats = (struct carrier_stats){ 0 };
	raw_spin_unlock(&pool_lock);
	for (; c; c = next) {
		next = c->next_all;
		carrier_grant(c, NULL);
		pthread_join(c->thread, NULL);
		free(c);
	}
}

void carrier_get_stats(struct carrier_stats *out)
{
	raw_spin_lock(&pool_lock);
	*out = stats;
	raw_spin_unlock(&pool_lock);
	out->stack_size = STACK_SIZE;
}
