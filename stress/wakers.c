// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/wakers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "locking/thread.h"
#include "mm/carrier.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "mm/pid.h"

/* A task asleep on a word of private memory, or (@mm NULL) of a file. */
struct sleeper {
	const struct mm_struct *mm;
	unsigned long space; /* number of the mm or the inode */
	uint64_t at;
	uint32_t expected;
	bool moved;
	pid_t pid;
	const struct lthread *thread;
	unsigned int seq;
	/* Found later: */
	pid_t waker_pid; /* 0: not known */
	struct lthread *waker; /* NULL if it has not run yet */
	bool joins;
};

struct sleepers {
	struct sleeper *list;
	unsigned int nr, room;
};

struct lthread *wakers_thread_of(const struct task_struct *p)
{
	struct lthread *t = NULL;

	if (p->carrier && !READ_ONCE(p->exit_state))
		t = smp_load_acquire(&p->carrier->lthread);
	return t && READ_ONCE(t->owner_cookie) == p ? t : NULL;
}

/* While its bucket is locked, one that sleeps with this key goes on doing so. */
static bool is_asleep(const struct futex_waiter *w, struct sleeper *s)
{
	struct lwait wait;

	s->thread = w->task ? wakers_thread_of(w->task) : NULL;
	return s->thread && lwait_snapshot(s->thread, &wait, &s->seq) &&
	       wait.kind == LWAIT_IDLE && wait.object == w->wait;
}

static void collect(const struct futex_waiter *w, void *arg)
{
	struct sleepers *all = arg;
	struct sleeper s;

	if (all->nr == all->room || !is_asleep(w, &s))
		return;
	s = (struct sleeper){
		.mm = w->key->mm, .at = w->key->offset,
		.space = w->key->mm ? w->key->mm->mm_id : w->key->inode->i_ino,
		.expected = w->expected, .moved = w->moved,
		.pid = w->task->pid, .thread = s.thread, .seq = s.seq,
	};
	all->list[all->nr++] = s;
}

static int compare_words(const void *a, const void *b)
{
	const struct sleeper *x = a, *y = b;

	if (x->mm != y->mm)
		return x->mm < y->mm ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* First of those who sleep on that word, or nr. */
static unsigned int first_on(const struct sleepers *all,
			     const struct mm_struct *mm, uint64_t at)
{
	const struct sleeper key = { .mm = mm, .at = at };
	unsigned int lo = 0, hi = all->nr;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (compare_words(&all->list[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void name_waker(struct sleeper *s, const struct task_struct *p,
		       bool joins)
{
	s->waker = wakers_thread_of(p);
	s->waker_pid = p->pid;
	s->joins = joins;
}

/* EXIT-10: @p, when it dies, wakes who sleeps on its word. */
static void name_dying(struct sleepers *all, const struct task_struct *p)
{
	const struct mm_struct *mm = READ_ONCE(p->mm);
	/* It clears the word as soon as it begins to leave the mm. */
	uaddr_t word = data_race(p->clear_child_tid);
	unsigned int i;

	if (!mm || !word)
		return;
	for (i = first_on(all, mm, word); i < all->nr; i++) {
		struct sleeper *s = &all->list[i];

		if (s->mm != mm || s->at != word)
			break;
		name_waker(s, p, true);
	}
}

/* The word held the pid of a thread of this mm: that one is to give it up. */
static void name_holder(struct sleeper *s)
{
	const struct task_struct *p;

	if (s->waker_pid || !s->mm || s->moved || s->expected >= PID_MAX)
		return;
	p = find_task_by_pid((pid_t)s->expected);
	if (p && READ_ONCE(p->mm) == s->mm)
		name_waker(s, p, false);
}

static void name_wakers(struct sleepers *all) __must_hold_shared(&tasklist_lock)
{
	struct task_struct *leader, *p;

	qsort(all->list, all->nr, sizeof(*all->list), compare_words);
	for_each_process_thread(leader, p)
		name_dying(all, p);
	for (unsigned int i = 0; i < all->nr; i++)
		name_holder(&all->list[i]);
}

static void describe(const struct sleeper *s, char *buf, size_t size)
{
	int n = snprintf(buf, size, "pid %d sleeps on the word at %#llx of %s"
			 " %lu", s->pid, (unsigned long long)s->at,
			 s->mm ? "mm" : "inode", s->space);

	if (n < 0 || (size_t)n >= size)
		return;
	if (!s->waker_pid)
		snprintf(buf + n, size - (size_t)n, ", no known waker");
	else if (s->joins)
		snprintf(buf + n, size - (size_t)n, " until pid %d exits"
			 " (EXIT-10)", s->waker_pid);
	else
		snprintf(buf + n, size - (size_t)n, ", which held pid %d",
			 s->waker_pid);
}

static int make_edges(const struct sleepers *all, struct wait_edges *known)
{
	known->edge = calloc(all->nr + 1, sizeof(*known->edge));
	if (!known->edge)
		return -ENOMEM;
	for (unsigned int i = 0; i < all->nr; i++) {
		const struct sleeper *s = &all->list[i];
		struct wait_edge *e = &known->edge[known->nr++];

		e->waiter = s->thread;
		e->seq = s->seq;
		e->waker = s->waker;
		describe(s, e->note, sizeof(e->note));
	}
	return 0;
}

int wakers_find(struct wait_edges *known)
{
	struct sleepers all = { 0 };
	int err;

	*known = (struct wait_edges){ 0 };
	if (!read_trylock(&tasklist_lock))
		return -EBUSY;
	all.room = (unsigned int)READ_ONCE(nr_threads);
	all.list = calloc(all.room, sizeof(*all.list));
	if (all.list) {
		for_each_futex_waiter(collect, &all);
		name_wakers(&all);
	}
	read_unlock(&tasklist_lock);
	err = all.list ? make_edges(&all, known) : -ENOMEM;
	free(all.list);
	return err;
}

void wakers_free(struct wait_edges *known)
{
	free(known->edge);
	*known = (struct wait_edges){ 0 };
}

const char *wakers_note(const struct wait_edges *known,
			const struct lthread *t, unsigned int seq)
{
	for (unsigned int i = 0; i < known->nr; i++)
		if (known->edge[i].waiter == t && known->edge[i].seq == seq)
			return known->edge[i].note;
	return NULL;
}
