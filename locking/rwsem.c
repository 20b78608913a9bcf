// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reader-writer semaphores with strict FIFO hand-over (PRIM-1..10).
 *
 * count:
 *   bit 0   a writer is active
 *   bit 1   the queue is not empty
 *   2...    number of active readers
 *
 * Nobody gets in by the fast path while bit 1 is set, and it changes only
 * under wait_lock:
 *
 *   to queue     under wait_lock, set bit 1 in the same atomic step that saw
 *                the semaphore busy.  Whoever makes it idle sees the bit.
 *   to leave     one atomic operation.  If it leaves nothing but bit 1, the
 *                semaphore is closed to all, and the leaver alone grants:
 *                takes wait_lock, moves the front of the queue to a list of
 *                its own, counts it in, drops wait_lock, and wakes the list.
 *
 * A waiter's record is on its stack and valid until lthread_wake(); the waker
 * reads what it needs before and touches only the lthread, which stays, from
 * then on (PRIM-6).  The semaphore itself may be freed by a granted waiter, so
 * it is not touched after wait_lock either.
 */
#include "locking/rwsem.h"
#include "locking/tsan_annotate.h"

#define WRITER 1UL
#define QUEUED 2UL
#define READER 4UL

struct rwsem_waiter {
	struct cds_list_head node;
	struct lthread *thread;
	unsigned long ticket;
	bool read;
};

static unsigned int deepest_queue; /* statistics, relaxed */

unsigned int rwsem_deepest_queue(void)
{
	return READ_ONCE(deepest_queue);
}

void init_rwsem(struct rw_semaphore *sem, struct lock_class *class)
{
	WRITE_ONCE(sem->count, 0);
	raw_spin_lock_init(&sem->wait_lock);
	WRITE_ONCE(sem->nr_waiting, 0);
	WRITE_ONCE(sem->max_waiting, 0);
	CDS_INIT_LIST_HEAD(&sem->waiters);
	sem->next_ticket = 0;
	sem->next_grant = 0;
	lock_map_init(&sem->map, class);
	tsan_lock_create(sem);
}

void destroy_rwsem_at(struct rw_semaphore *sem, const struct lock_site *site)
{
	lock_map_destroy(&sem->map, site);
	if (READ_ONCE(sem->count))
		report_finding_at(FINDING_LOCK, site,
				  "rwsem %p destroyed in use, count %#lx, %u wait",
				  (void *)sem, READ_ONCE(sem->count),
				  READ_ONCE(sem->nr_waiting));
	tsan_lock_destroy(sem);
}

/* PRIM-2, PRIM-8: may a newcomer have it at once, the state being @count? */
static inline bool may_enter(unsigned long count, bool read)
{
	return read ? !(count & (WRITER | QUEUED)) : count == 0;
}

/* A second opinion on PRIM-3, for the day may_enter() is changed. */
static void check_entry(struct rw_semaphore *sem, unsigned long count,
			bool read)
{
	if (likely(!(count & (WRITER | QUEUED))) && (read || !count))
		return;
	tsan_pre_divert(sem);
	report_finding(FINDING_LOCK,
		       "rwsem FIFO: %p entered for %s past count %#lx",
		       (void *)sem, read ? "reading" : "writing", count);
	tsan_post_divert(sem);
}

static inline bool try_enter(struct rw_semaphore *sem, bool read)
{
	unsigned long count = READ_ONCE(sem->count);

	do {
		if (!may_enter(count, read))
			return false;
	} while (!__atomic_compare_exchange_n(&sem->count, &count,
					      count + (read ? READER : WRITER),
					      false, __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	if (LOCK_VALIDATOR)
		check_entry(sem, count, read);
	return true;
}

/* Enter, or make sure that whoever leaves will look at the queue. */
static bool enter_or_close(struct rw_semaphore *sem, bool read)
	__must_hold(&sem->wait_lock)
{
	unsigned long count = READ_ONCE(sem->count);

	for (;;) {
		bool enter = may_enter(count, read);
		unsigned long new = count | QUEUED;

		if (enter)
			new = count + (read ? READER : WRITER);
		else if (count & QUEUED)
			return false;
		if (__atomic_compare_exchange_n(&sem->count, &count, new,
						false, __ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED))
			return enter;
	}
}

static void note_depth(struct rw_semaphore *sem)
	__must_hold(&sem->wait_lock)
{
	unsigned int nr = sem->nr_waiting;
	unsigned int old = READ_ONCE(deepest_queue);

	if (nr > sem->max_waiting)
		WRITE_ONCE(sem->max_waiting, nr);
	while (nr > old &&
	       !__atomic_compare_exchange_n(&deepest_queue, &old, nr, false,
					    __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED))
		;
}

static void enqueue(struct rw_semaphore *sem, struct rwsem_waiter *w)
	__must_hold(&sem->wait_lock)
{
	w->ticket = sem->next_ticket++;
	cds_list_add_tail(&w->node, &sem->waiters);
	WRITE_ONCE(sem->nr_waiting, sem->nr_waiting + 1);
	note_depth(sem);
}

/* The semaphore was busy: look again under wait_lock, then queue. */
static void down_slow(struct rw_semaphore *sem, bool read,
		      const struct lock_site *site)
{
	struct rwsem_waiter w = { .thread = lthread_self(), .read = read };

	raw_spin_lock(&sem->wait_lock);
	if (enter_or_close(sem, read)) {
		raw_spin_unlock(&sem->wait_lock);
		return;
	}
	lthread_prepare_wait(w.thread);
	enqueue(sem, &w);
	raw_spin_unlock(&sem->wait_lock);

	lwait_begin(read ? LWAIT_RWSEM_READ : LWAIT_RWSEM_WRITE, &sem->map,
		    lock_map_class(&sem->map), site);
	tsan_pre_divert(sem);
	lthread_wait(w.thread);
	tsan_post_divert(sem);
	lwait_end();
}

/* Move the front waiter to @granted.  Return: whether it was its turn. */
static bool grant_front(struct rw_semaphore *sem, struct cds_list_head *granted)
	__must_hold(&sem->wait_lock)
{
	struct rwsem_waiter *w = cds_list_first_entry(&sem->waiters,
						      struct rwsem_waiter,
						      node);
	bool in_turn = w->ticket == sem->next_grant;

	cds_list_del(&w->node);
	cds_list_add_tail(&w->node, granted);
	WRITE_ONCE(sem->nr_waiting, sem->nr_waiting - 1);
	sem->next_grant = w->ticket + 1;
	return in_turn;
}

static bool front_reads(struct rw_semaphore *sem)
	__must_hold(&sem->wait_lock)
{
	return !cds_list_empty(&sem->waiters) &&
	       cds_list_first_entry(&sem->waiters, struct rwsem_waiter,
				    node)->read;
}

/*
 * PRIM-5: the front writer alone, or all readers at the front.  PRIM-7: for a
 * downgrade, readers only.  Adds to @count what they are worth.
 * Return: whether tickets came in order.
 */
static bool grant_batch(struct rw_semaphore *sem, bool may_write,
			struct cds_list_head *granted, unsigned long *count)
	__must_hold(&sem->wait_lock)
{
	bool in_turn = true;

	if (may_write && !front_reads(sem)) {
		*count += WRITER;
		return grant_front(sem, granted);
	}
	while (front_reads(sem)) {
		*count += READER;
		in_turn &= grant_front(sem, granted);
	}
	return in_turn;
}

/* PRIM-6: mark and wake; a record is gone after its lthread_wake(). */
static void wake_granted(struct cds_list_head *granted)
{
	struct rwsem_waiter *w, *next;

	cds_list_for_each_entry_safe(w, next, granted, node)
		lthread_wake(w->thread);
}

/* Grant the front of a queue that is not empty, and that nobody else can. */
static void grant(struct rw_semaphore *sem, bool may_write,
		  const struct lock_site *site)
{
	CDS_LIST_HEAD(granted);
	unsigned long add = 0;
	bool in_turn;

	raw_spin_lock(&sem->wait_lock);
	in_turn = grant_batch(sem, may_write, &granted, &add);
	if (cds_list_empty(&sem->waiters))
		add -= QUEUED;
	__atomic_fetch_add(&sem->count, add, __ATOMIC_SEQ_CST);
	raw_spin_unlock(&sem->wait_lock);

	wake_granted(&granted);
	if (unlikely(!in_turn)) {
		tsan_pre_divert(sem);
		report_finding_at(FINDING_LOCK, site,
				  "rwsem FIFO: %p granted out of turn",
				  (void *)sem);
		tsan_post_divert(sem);
	}
}

void __no_lock_analysis down_read_at(struct rw_semaphore *sem, int sub,
				     const struct lock_site *site)
{
	unsigned int how = LOCK_HOW_READ | LOCK_HOW_NESTED(sub);

	might_sleep_at(site);
	lock_acquire(&sem->map, how, site);
	tsan_pre_read_lock(sem);
	if (unlikely(!try_enter(sem, true)))
		down_slow(sem, true, site);
	tsan_post_read_lock(sem);
	lock_acquired(&sem->map, how, site);
}

void __no_lock_analysis down_write_at(struct rw_semaphore *sem, int sub,
				      const struct lock_site *site)
{
	unsigned int how = LOCK_HOW_NESTED(sub);

	might_sleep_at(site);
	lock_acquire(&sem->map, how, site);
	tsan_pre_lock(sem);
	if (unlikely(!try_enter(sem, false)))
		down_slow(sem, false, site);
	tsan_post_lock(sem);
	lock_acquired(&sem->map, how, site);
}

bool __no_lock_analysis down_read_trylock_at(struct rw_semaphore *sem,
					     const struct lock_site *site)
{
	bool ok;

	tsan_pre_read_trylock(sem);
	ok = try_enter(sem, true);
	tsan_post_read_trylock(sem, ok);
	if (ok)
		lock_acquired(&sem->map, LOCK_HOW_READ | LOCK_HOW_TRY, site);
	return ok;
}

bool __no_lock_analysis down_write_trylock_at(struct rw_semaphore *sem,
					      const struct lock_site *site)
{
	bool ok;

	tsan_pre_trylock(sem);
	ok = try_enter(sem, false);
	tsan_post_trylock(sem, ok);
	if (ok)
		lock_acquired(&sem->map, LOCK_HOW_TRY, site);
	return ok;
}

void __no_lock_analysis up_read_at(struct rw_semaphore *sem,
				   const struct lock_site *site)
{
	lock_release(&sem->map, LOCK_HOW_READ, site);
	tsan_pre_read_unlock(sem);
	if (__atomic_sub_fetch(&sem->count, READER, __ATOMIC_SEQ_CST) ==
	    QUEUED)
		grant(sem, true, site);
	tsan_post_read_unlock(sem);
}

void __no_lock_analysis up_write_at(struct rw_semaphore *sem,
				    const struct lock_site *site)
{
	lock_release(&sem->map, 0, site);
	tsan_pre_unlock(sem);
	if (__atomic_sub_fetch(&sem->count, WRITER, __ATOMIC_SEQ_CST) ==
	    QUEUED)
		grant(sem, true, site);
	tsan_post_unlock(sem);
}

/*
 * PRIM-7.  We stay active, so nobody else grants while we look at the queue.
 * TSan has no downgrade: to it the write lock ends and a read lock begins.
 */
void __no_lock_analysis downgrade_write_at(struct rw_semaphore *sem,
					   const struct lock_site *site)
{
	unsigned long count;

	lock_downgrade(&sem->map, site);
	tsan_pre_unlock(sem);
	count = __atomic_add_fetch(&sem->count, READER - WRITER,
				   __ATOMIC_SEQ_CST);
	if (count & QUEUED)
		grant(sem, false, site);
	tsan_post_unlock(sem);
	tsan_pre_read_trylock(sem);
	tsan_post_read_trylock(sem, true);
}
