// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Deadlocks are made for real: the threads in them are left behind when the
 * test ends.  Time is ticked by hand.
 */
#include "locking/completion.h"
#include "locking/rwsem.h"
#include "locking/waitgraph.h"
#include "tests/locking/util.h"

DEFINE_LOCK_CLASS(left_class, "left");
DEFINE_LOCK_CLASS(right_class, "right");

static DECLARE_RWSEM(left, &left_class);
static DECLARE_RWSEM(right, &right_class);
static DECLARE_COMPLETION(event);
static atomic_t holding;

/* No leak check: threads that hang own memory. */
TestSuite(waitgraph, .timeout = 20, .init = capture_findings);

static void tick(int n)
{
	while (n--)
		jiffies_tick();
}

static void run_and_forget(void *(*fn)(void *), void *arg)
{
	pthread_detach(run(fn, arg));
}

static void *left_then_right(void *arg) __no_lock_analysis
{
	lthread_register("lefty");
	down_write(&left);
	atomic_inc(&holding);
	wait_until(atomic_read(&holding) == 2);
	down_read(&right);
	return arg;
}

static void *right_then_left(void *arg) __no_lock_analysis
{
	lthread_register("righty");
	down_read(&right);
	atomic_inc(&holding);
	wait_until(atomic_read(&holding) == 2);
	down_write(&left);
	return arg;
}

static void *write_right_then_left(void *arg) __no_lock_analysis
{
	lthread_register("righty");
	down_write(&right);
	atomic_inc(&holding);
	wait_until(atomic_read(&holding) == 2);
	down_write(&left);
	return arg;
}

static void ignore(const struct finding *f)
{
	(void)f;
}

Test(waitgraph, two_rwsems_crosswise)
{
	/* The order is found when it is made; here the cycle matters. */
	set_finding_sink(ignore);
	run_and_forget(left_then_right, NULL);
	run_and_forget(write_right_then_left, NULL);
	wait_until(nr_waiting(LWAIT_RWSEM_READ) == 1 &&
		   nr_waiting(LWAIT_RWSEM_WRITE) == 1);
	cr_assert_eq(waitgraph_check(5, NULL), 0, "too young");
	tick(6);
	capture_findings();
	cr_assert_eq(waitgraph_check(5, NULL), 1);
	assert_found(FINDING_DEADLOCK, "2 threads wait for each other");
	cr_assert(strstr(captured[0].text, "lefty"));
	cr_assert(strstr(captured[0].text, "righty"));
	cr_assert(strstr(captured[0].text, "rwsem(write) left"));
	tick(6);
	cr_assert_eq(waitgraph_check(5, NULL), 0, "reported once");
}

/* A reader holds what a writer queues for: no cycle, both go through. */
Test(waitgraph, readers_do_not_block_each_other)
{
	run_and_forget(left_then_right, NULL);
	run_and_forget(right_then_left, NULL);
	wait_until(nr_waiting(LWAIT_RWSEM_WRITE) == 1);
	tick(6);
	wait_until(nr_waiting(LWAIT_RWSEM_READ) == 0);
	waitgraph_check(5, NULL);
	cr_assert_eq(findings_count(FINDING_DEADLOCK), 0);
}

/*
 * PRIM-4: a reader that reads again behind a queued writer waits for itself.
 */
static void *read_right_twice(void *arg) __no_lock_analysis
{
	lthread_register("twice");
	down_read(&right);
	atomic_inc(&holding);
	wait_until(rwsem_queue_len(&right) == 1);
	down_read(&right);
	return arg;
}

static void *write_right(void *arg) __no_lock_analysis
{
	wait_until(atomic_read(&holding) == 1);
	down_write(&right);
	return arg;
}

Test(waitgraph, recursive_reader_waits_for_itself)
{
	run_and_forget(read_right_twice, NULL);
	run_and_forget(write_right, NULL);
	wait_until(rwsem_queue_len(&right) == 2 &&
		   nr_waiting(LWAIT_RWSEM_READ) == 1 &&
		   nr_waiting(LWAIT_RWSEM_WRITE) == 1);
	tick(6);
	waitgraph_check(5, NULL);
	cr_assert_eq(findings_count(FINDING_DEADLOCK), 1);
	cr_assert_eq(findings_count(FINDING_STALL), 1, "the writer");
}

static struct lthread *completer;

static struct lthread *blame_completer(const struct lwait *w)
{
	return READ_ONCE(*(struct lthread **)w->blocker_arg);
}

static void *wait_with_left_held(void *arg) __no_lock_analysis
{
	down_write(&left);
	atomic_inc(&holding);
	wait_for_completion_on(&event, blame_completer, &completer);
	return arg;
}

static void *complete_after_left(void *arg) __no_lock_analysis
{
	WRITE_ONCE(completer, lthread_self());
	wait_until(atomic_read(&holding) == 1);
	down_read(&left);
	complete(&event);
	return arg;
}

/* The core dump's classic: waits for those who wait for its lock. */
Test(waitgraph, completion_in_a_cycle)
{
	run_and_forget(wait_with_left_held, NULL);
	run_and_forget(complete_after_left, NULL);
	wait_until(nr_waiting(LWAIT_COMPLETION) == 1 &&
		   nr_waiting(LWAIT_RWSEM_READ) == 1);
	tick(6);
	cr_assert_eq(waitgraph_check(5, NULL), 1);
	assert_found(FINDING_DEADLOCK, "completion");
}

static void *wait_for_event(void *arg)
{
	lthread_register("patient");
	wait_for_completion(&event);
	return arg;
}

Test(waitgraph, stall_is_reported_once)
{
	pthread_t t = run(wait_for_event, NULL);
	char text[512];

	wait_until(nr_waiting(LWAIT_COMPLETION) == 1);
	tick(6);
	cr_assert_eq(waitgraph_text(text, sizeof(text), 0), 1);
	cr_assert(strstr(text, "patient"), "%s", text);
	cr_assert_eq(waitgraph_check(5, NULL), 1);
	assert_found(FINDING_STALL, "patient");
	cr_assert(strstr(captured[0].text, "for 60 ms"));
	cr_assert_eq(waitgraph_check(5, NULL), 0);
	complete(&event);
	join(t);
	cr_assert_eq(waitgraph_check(0, NULL), 0);
}

static void *be_idle(void *word)
{
	lwait_begin(LWAIT_IDLE, word, NULL, LOCK_SITE());
	lthread_block_on(word, 1);
	lwait_end();
	return NULL;
}

Test(waitgraph, idling_is_no_stall)
{
	int word = 1;
	pthread_t t = run(be_idle, &word);

	wait_until(nr_waiting(LWAIT_IDLE) == 1);
	tick(100);
	cr_assert_eq(waitgraph_check(5, NULL), 0);
	smp_store_release(&word, 0);
	seam_futex_wake(&word, 1);
	join(t);
}

/* ---- what the program knows ------------------------------------------------ */

static int words[2] = { 1, 1 };
static struct wait_edge edges[2];
static struct wait_edges known = { edges, 2 };

static struct lthread *sleeper(const void *word)
{
	struct lwait w;
	unsigned int seq;

	for (struct lthread *t = lthread_first(); t; t = t->next_all)
		if (READ_ONCE(t->in_use) && lwait_snapshot(t, &w, &seq) &&
		    w.object == word)
			return t;
	return NULL;
}

/* Two idle ones, and what is to be known of them. */
static void two_idlers(pthread_t *t)
{
	for (int i = 0; i < 2; i++)
		t[i] = run(be_idle, &words[i]);
	wait_until(nr_waiting(LWAIT_IDLE) == 2);
	for (int i = 0; i < 2; i++) {
		struct lwait w;

		edges[i].waiter = sleeper(&words[i]);
		lwait_snapshot(edges[i].waiter, &w, &edges[i].seq);
		snprintf(edges[i].note, sizeof(edges[i].note), "idler %d", i);
	}
	tick(100);
}

static void end_idlers(pthread_t *t)
{
	for (int i = 0; i < 2; i++) {
		smp_store_release(&words[i], 0);
		seam_futex_wake(&words[i], 1);
		join(t[i]);
	}
}

/* Idle, but for one who has to end it: never a stall, but in a cycle. */
Test(waitgraph, known_edges_close_a_cycle)
{
	pthread_t t[2];

	two_idlers(t);
	edges[0].waker = (struct lthread *)edges[1].waiter;
	cr_expect_eq(waitgraph_check(5, &known), 0);
	edges[1].waker = (struct lthread *)edges[0].waiter;
	cr_expect_eq(waitgraph_check(5, NULL), 0);
	cr_expect_eq(waitgraph_cycles(1000, &known), 0, "too young");
	cr_expect_eq(waitgraph_cycles(5, &known), 1);
	assert_found(FINDING_DEADLOCK, "2 threads wait for each other");
	cr_expect(strstr(captured[0].text, "idler 0") &&
		  strstr(captured[0].text, "idler 1"), "%s", captured[0].text);
	end_idlers(t);
}

/* What was known of an earlier wait says nothing of this one. */
Test(waitgraph, edge_of_another_wait_does_not_count)
{
	pthread_t t[2];

	two_idlers(t);
	edges[0].waker = (struct lthread *)edges[1].waiter;
	edges[1].waker = (struct lthread *)edges[0].waiter;
	edges[1].seq += 2;
	cr_expect_eq(waitgraph_check(5, &known), 0);
	end_idlers(t);
}
