// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounded scenarios of locking/: two or three host threads, no machine.
 * The protected data are plain, so a lock that lets two in is a race.
 */
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

#include "locking/completion.h"
#include "locking/rcu.h"
#include "locking/report.h"
#include "locking/rwlock.h"
#include "locking/rwsem.h"
#include "locking/semaphore.h"
#include "locking/spinlock.h"
#include "stress/bounded/bounded.h"

static DEFINE_LOCK_CLASS(spin_class, "bounded spinlock");
static DEFINE_LOCK_CLASS(rwlock_class, "bounded rwlock");
static DEFINE_LOCK_CLASS(rwsem_class, "bounded rwsem");
static DEFINE_LOCK_CLASS(sema_class, "bounded semaphore");

static int protected; /* under the scenario's lock */

static void expect_count(int nr)
{
	if (protected != nr)
		report_finding(FINDING_LOCK, "%d sections made %d increments",
			       nr, protected);
}

/* ---- threads -------------------------------------------------------------------- */

/*
 * They enter the registry of locking/ one by one, and leave it so: what they
 * do between is to have orders worth trying, not that.
 */
struct host_thread {
	pthread_t thread;
	void *(*fn)(void *);
	sem_t present, start, done, leave;
};

static struct host_thread host_threads[4];

static void *host_thread_main(void *arg)
{
	struct host_thread *t = arg;

	lthread_self();
	sem_post(&t->present);
	sem_wait(&t->start);
	t->fn((void *)(t - host_threads));
	sem_post(&t->done);
	sem_wait(&t->leave);
	return NULL;
}

static void start_host_thread(struct host_thread *t, void *(*fn)(void *))
{
	t->fn = fn;
	sem_init(&t->present, 0, 0);
	sem_init(&t->start, 0, 0);
	sem_init(&t->done, 0, 0);
	sem_init(&t->leave, 0, 0);
	BUG_ON(pthread_create(&t->thread, NULL, host_thread_main, t));
	sem_wait(&t->present);
}

/* Thread i runs @fn((void *)i). */
static void run_threads(int nr, void *(*fn)(void *))
{
	BUG_ON(nr > (int)ARRAY_SIZE(host_threads));
	for (int i = 0; i < nr; i++)
		start_host_thread(&host_threads[i], fn);
	for (int i = 0; i < nr; i++)
		sem_post(&host_threads[i].start);
	for (int i = 0; i < nr; i++)
		sem_wait(&host_threads[i].done);
	for (int i = 0; i < nr; i++) {
		sem_post(&host_threads[i].leave);
		pthread_join(host_threads[i].thread, NULL);
	}
}

/* ---- spinlock ------------------------------------------------------------------- */

static spinlock_t spin;

static void *spinner(void *arg)
{
	(void)arg;
	spin_lock(&spin);
	protected++;
	spin_unlock(&spin);
	return NULL;
}

static void spinlock(void)
{
	spin_lock_init(&spin, &spin_class);
	run_threads(3, spinner);
	expect_count(3);
}

const struct bounded_ops bounded_spinlock = {
	.name = "spinlock",
	.why = "three threads take one spinlock",
	.items = "PRIM-18",
	.body = spinlock,
};

/* ---- rwlock -------------------------------------------------------------------- */

static rwlock_t rwlock;

static void *rwlock_user(void *arg)
{
	int seen;

	if (arg) {
		write_lock(&rwlock);
		protected++;
		write_unlock(&rwlock);
		return NULL;
	}
	read_lock(&rwlock);
	seen = protected;
	read_unlock(&rwlock);
	if (seen > 2)
		report_finding(FINDING_LOCK, "a reader sees %d", seen);
	return NULL;
}

static void rwlock_body(void)
{
	rwlock_init(&rwlock, &rwlock_class);
	run_threads(3, rwlock_user);
	expect_count(2);
}

const struct bounded_ops bounded_rwlock = {
	.name = "rwlock",
	.why = "a reader and two writers of one rwlock",
	.items = "PRIM-20",
	.body = rwlock_body,
};

/* ---- rwsem ------------------------------------------------------------------------- */

static struct rw_semaphore rwsem;

static void *rwsem_user(void *arg)
{
	if (arg) {
		down_write(&rwsem);
		protected++;
		up_write(&rwsem);
		return NULL;
	}
	down_read(&rwsem);
	if (protected > 2)
		report_finding(FINDING_LOCK, "a reader sees %d", protected);
	up_read(&rwsem);
	return NULL;
}

static void rwsem_body(void)
{
	init_rwsem(&rwsem, &rwsem_class);
	run_threads(3, rwsem_user);
	expect_count(2);
}

const struct bounded_ops bounded_rwsem = {
	.name = "rwsem",
	.why = "a reader and two writers of one rwsem",
	.items = "PRIM-1 PRIM-3",
	.body = rwsem_body,
};

static void *rwsem_reader(void *arg)
{
	if (!arg) {
		down_write(&rwsem);
		protected++;
		downgrade_write(&rwsem);
		up_read(&rwsem);
		return NULL;
	}
	down_read(&rwsem);
	if (protected > 1)
		report_finding(FINDING_LOCK, "a reader sees %d", protected);
	up_read(&rwsem);
	return NULL;
}

static void rwsem_readers(void)
{
	init_rwsem(&rwsem, &rwsem_class);
	run_threads(3, rwsem_reader);
	expect_count(1);
}

const struct bounded_ops bounded_rwsem_readers = {
	.name = "rwsem-readers",
	.why = "two readers and a writer that becomes one",
	.items = "PRIM-3 PRIM-5",
	.body = rwsem_readers,
};

/* One downgrades, two read, one writes beside them. */
static void *rwsem_crowd(void *arg)
{
	switch ((long)arg) {
	case 0:
		down_write(&rwsem);
		protected++;
		downgrade_write(&rwsem);
		if (protected < 1)
			report_finding(FINDING_LOCK, "a downgrade lost a write");
		up_read(&rwsem);
		break;
	case 1:
		down_write(&rwsem);
		protected++;
		up_write(&rwsem);
		break;
	default:
		down_read(&rwsem);
		if (protected > 2)
			report_finding(FINDING_LOCK, "a reader sees %d",
				       protected);
		up_read(&rwsem);
	}
	return NULL;
}

static void rwsem_downgrade(void)
{
	init_rwsem(&rwsem, &rwsem_class);
	run_threads(4, rwsem_crowd);
	expect_count(2);
}

const struct bounded_ops bounded_rwsem_downgrade = {
	.name = "rwsem-downgrade",
	.why = "a writer becomes a reader beside readers and a writer",
	.items = "PRIM-3 PRIM-5",
	.body = rwsem_downgrade,
};

/* ---- semaphore ------------------------------------------------------------------------ */

static struct semaphore sem;

static void *sem_user(void *arg)
{
	(void)arg;
	down(&sem);
	protected++;
	up(&sem);
	return NULL;
}

static void semaphore_body(void)
{
	init_MUTEX(&sem, &sema_class);
	run_threads(3, sem_user);
	expect_count(3);
}

const struct bounded_ops bounded_semaphore = {
	.name = "semaphore",
	.why = "three threads exclude each other by a semaphore",
	.items = "PRIM-10",
	.body = semaphore_body,
};

/* ---- completions -------------------------------------------------------------------------- */

static struct completion *on_stack;
static struct completion published = COMPLETION_INITIALIZER(published);

static void *completer(void *arg)
{
	wait_for_completion(&published);
	(void)arg;
	protected = 1;
	complete(on_stack);
	return NULL;
}

/* The frame of the completion dies as soon as its waiter may go on. */
static __noinline void wait_on_stack(void)
{
	struct completion done;

	init_completion(&done);
	on_stack = &done;
	complete(&published);
	wait_for_completion(&done);
	expect_count(1);
}

static __noinline void bury_stack(void)
{
	volatile char frame[512];

	memset((char *)frame, 0xa5, sizeof(frame));
}

static void *waiter_or_completer(void *arg)
{
	if (arg)
		return completer(NULL);
	wait_on_stack();
	bury_stack();
	return NULL;
}

static void stack_completion(void)
{
	run_threads(2, waiter_or_completer);
}

const struct bounded_ops bounded_stack_completion = {
	.name = "stack-completion",
	.why = "a completion whose stack frame dies with the wait",
	.items = "PRIM-14",
	.body = stack_completion,
};

static void *all_user(void *arg)
{
	if (!arg) {
		protected = 1;
		complete_all(&published);
		return NULL;
	}
	wait_for_completion(&published);
	expect_count(1);
	return NULL;
}

static void complete_all_body(void)
{
	run_threads(3, all_user);
}

const struct bounded_ops bounded_complete_all = {
	.name = "complete-all",
	.why = "two waiters and one complete_all()",
	.items = "PRIM-13",
	.body = complete_all_body,
};

/* ---- RCU ------------------------------------------------------------------------------------- */

struct box {
	int value;
	struct rcu_head rcu;
};

static struct box boxes[2] = { { .value = 1 }, { .value = 1 } };
static struct box *shown = &boxes[0];

static void empty_box(struct rcu_head *head)
{
	container_of(head, struct box, rcu)->value = 0;
}

static void *rcu_user(void *arg)
{
	struct box *b;

	if (arg) {
		rcu_assign_pointer(shown, &boxes[1]);
		call_rcu(&boxes[0].rcu, empty_box);
		return NULL;
	}
	rcu_read_lock();
	b = rcu_dereference(shown);
	if (b->value != 1)
		report_finding(FINDING_LOCK, "freed under a reader");
	rcu_read_unlock();
	return NULL;
}

static void rcu_body(void)
{
	run_threads(2, rcu_user);
	rcu_barrier();
	if (boxes[0].value)
		report_finding(FINDING_LOCK, "rcu_barrier() did not wait");
}

const struct bounded_ops bounded_rcu = {
	.name = "rcu",
	.why = "a reader against call_rcu() and rcu_barrier()",
	.items = "",
	.body = rcu_body,
};
