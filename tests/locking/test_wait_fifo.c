// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/wait_fifo.h"
#include "tests/locking/util.h"

static struct wait_fifo queue = WAIT_FIFO_INIT(queue);

TestSuite(wait_fifo, .timeout = 20, .init = capture_findings,
	  .fini = assert_no_leaks);

static int tokens, entered;

/* Takes a token; keeps its place until there is one. */
static void *take_token(void *order)
{
	struct wait_fifo_entry e;

	raw_spin_lock(&queue.lock);
	wait_fifo_add(&queue, &e);
	WRITE_ONCE(entered, entered + 1);
	while (!tokens)
		wait_fifo_sleep(&queue, &e);
	tokens--;
	cds_list_del(&e.node);
	raw_spin_unlock(&queue.lock);
	WRITE_ONCE(*(int *)order, 1);
	return NULL;
}

static struct lthread *pick(int new_tokens)
{
	struct lthread *t;

	raw_spin_lock(&queue.lock);
	tokens += new_tokens;
	t = wait_fifo_pick(&queue);
	raw_spin_unlock(&queue.lock);
	return t;
}

Test(wait_fifo, wakes_the_first_and_each_once)
{
	int done[2] = { 0, 0 };
	struct lthread *first, *second;
	pthread_t t[2];

	for (int i = 0; i < 2; i++) {
		t[i] = run(take_token, &done[i]);
		wait_until(READ_ONCE(entered) == i + 1);
	}
	first = pick(1);
	second = pick(0);
	cr_assert_not_null(first);
	cr_assert_not_null(second);
	cr_assert_neq(first, second, "the first is on its way already");
	cr_assert_null(pick(0));
	lthread_wake(first);
	join(t[0]);
	cr_assert_eq(READ_ONCE(done[1]), 0);

	/* Woken for nothing, the second goes back to sleep at its place. */
	lthread_wake(second);
	do {
		second = pick(0);
	} while (!second);
	pick(1);
	lthread_wake(second);
	join(t[1]);
	raw_spin_lock(&queue.lock);
	cr_assert(wait_fifo_empty(&queue));
	raw_spin_unlock(&queue.lock);
}
