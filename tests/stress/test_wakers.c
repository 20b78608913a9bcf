// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who has to wake a futex sleeper, and sleepers who wait for each other.  The
 * programs in here really do: they are killed in the end.
 */
#include "locking/waitgraph.h"
#include "mm/carrier.h"
#include "mm/freezer.h"
#include "stress/oracle.h"
#include "stress/wakers.h"
#include "tests/mm/life_util.h"

/* Words that the kernel clears when the thread of that number dies. */
#define TID_WORD(nr) (DATA + 64 * (nr))
#define LOCK_WORD (DATA + PAGE_SIZE)

static char finding[4096];

static void keep_finding(const struct finding *f)
{
	snprintf(finding, sizeof(finding), "%s: %s",
		 finding_kind_name(f->kind), f->text);
}

static void boot(void)
{
	life_boot();
	set_finding_sink(keep_finding);
}

TestSuite(wakers, .timeout = 30, .init = boot, .fini = life_stop);

static pid_t threads[3]; /* pids, by number */

static void sleep_on(uaddr_t word, uint32_t value)
{
	SYSCALL(sys_futex(word, FUTEX_WAIT, value, 0, 0, 0));
}

/* Until that thread is over. */
static void join(unsigned int nr)
{
	uint32_t tid;

	while (!get_user32(&tid, TID_WORD(nr)) && tid)
		sleep_on(TID_WORD(nr), tid);
}

static pid_t start(unsigned int nr, void (*fn)(void *), void *arg)
{
	struct kernel_clone_args args = {
		.flags = THREAD_FLAGS | CLONE_CHILD_CLEARTID |
			 CLONE_PARENT_SETTID,
		.entry = fn, .arg = arg,
		.child_tid = TID_WORD(nr), .parent_tid = TID_WORD(nr),
	};

	threads[nr] = SYSCALL(sys_clone(&args));
	user_assert(threads[nr] > 0);
	return threads[nr];
}

/* What is said of the only sleeper, and who is to wake it. */
static struct lthread *only_note(char *note)
{
	struct wait_edges known;
	struct lthread *waker;

	cr_assert_eq(wakers_find(&known), 0);
	cr_assert_eq(known.nr, 1);
	strcpy(note, known.edge[0].note);
	cr_expect_str_eq(wakers_note(&known, known.edge[0].waiter,
				     known.edge[0].seq), note);
	cr_expect_null(wakers_note(&known, known.edge[0].waiter,
				   known.edge[0].seq + 2));
	waker = known.edge[0].waker;
	wakers_free(&known);
	return waker;
}

static struct lthread *lthread_of(pid_t pid)
{
	struct task_struct *p = get_task(pid);
	struct lthread *t = p->carrier->lthread;

	put_task_struct(p);
	return t;
}

/* ---- whom a sleeper waits for ----------------------------------------------- */

static void joins_a_pause(void *arg)
{
	(void)arg;
	start(1, pause_forever, NULL);
	join(1);
	user_exit(0);
}

/* EXIT-10 */
Test(wakers, joiner_waits_for_the_thread_of_the_word)
{
	pid_t pid = spawn(joins_a_pause, NULL);
	char note[WAIT_NOTE_LEN], want[WAIT_NOTE_LEN];
	struct lthread *waker;

	sched_wait_quiet();
	waker = only_note(note);
	cr_expect_eq(waker, lthread_of(threads[1]));
	snprintf(want, sizeof(want), " until pid %d exits (EXIT-10)",
		 threads[1]);
	cr_expect(strstr(note, want), "%s", note);
	kill_proc(pid, SIGKILL);
	status_of(pid);
}

LATCH(locked);

static void locks_and_pauses(void *arg)
{
	user_assert(!SYSCALL(put_user32((uint32_t)current->pid, LOCK_WORD)));
	reach(locked);
	pause_forever(arg);
}

static void wants_the_lock(void *arg)
{
	(void)arg;
	threads[1] = new_thread(locks_and_pauses, NULL);
	await(locked);
	sleep_on(LOCK_WORD, (uint32_t)threads[1]);
	user_exit(0);
}

Test(wakers, word_that_holds_a_pid_is_that_threads)
{
	pid_t pid = spawn(wants_the_lock, NULL);
	char note[WAIT_NOTE_LEN], want[WAIT_NOTE_LEN];
	struct lthread *waker;

	sched_wait_quiet();
	waker = only_note(note);
	cr_expect_eq(waker, lthread_of(threads[1]));
	snprintf(want, sizeof(want), ", which held pid %d", threads[1]);
	cr_expect(strstr(note, want), "%s", note);
	kill_proc(pid, SIGKILL);
	status_of(pid);
}

/* The pid of somebody with another mm, as a copy of the word may hold. */
static void sleeps_on_a_number(void *arg)
{
	pid_t value = *(pid_t *)arg;

	user_assert(!SYSCALL(put_user32((uint32_t)value, LOCK_WORD)));
	sleep_on(LOCK_WORD, (uint32_t)value);
	user_exit(0);
}

Test(wakers, pid_of_another_process_says_nothing)
{
	pid_t other = spawn(pause_forever, NULL);
	pid_t pid = spawn(sleeps_on_a_number, &other);
	char note[WAIT_NOTE_LEN];

	sched_wait_quiet();
	cr_expect_null(only_note(note));
	cr_expect(strstr(note, ", no known waker"), "%s", note);
	kill_proc(pid, SIGKILL);
	kill_proc(other, SIGKILL);
	status_of(pid);
	status_of(other);
}

/* The report is made when somebody may hold the lock for ever. */
Test(wakers, nobody_waits_for_the_task_list)
{
	struct wait_edges known;

	write_lock_irq(&tasklist_lock);
	cr_expect_eq(wakers_find(&known), -EBUSY);
	write_unlock_irq(&tasklist_lock);
	cr_expect_eq(known.nr, 0);
	wakers_free(&known);
}

/* ---- who waits for each other ------------------------------------------------- */

LATCH(second_is_there);

static void joins_first(void *arg)
{
	(void)arg;
	await(second_is_there);
	join(1);
	user_exit(0);
}

static void joins_second(void *arg)
{
	(void)arg;
	await(second_is_there);
	join(2);
	user_exit(0);
}

static void crosswise(void *arg)
{
	start(1, joins_second, NULL);
	start(2, joins_first, NULL);
	complete_all(&second_is_there);
	pause_forever(arg);
}

static bool names(pid_t pid)
{
	char word[24];

	snprintf(word, sizeof(word), "pid %d sleeps", pid);
	return strstr(finding, word);
}

static void look_frozen(void)
{
	freeze_tasks();
	census_deadlocks();
	thaw_tasks();
}

static void expect_deadlock(const char *what)
{
	cr_expect_eq(findings_count(NR_FINDING_KINDS), 1, "%s", finding);
	cr_expect_eq(findings_count(FINDING_DEADLOCK), 1);
	cr_expect(strstr(finding, what), "%s", finding);
	cr_expect(names(threads[1]) && names(threads[2]), "%s", finding);
}

Test(wakers, threads_that_join_each_other_are_a_deadlock)
{
	pid_t pid = spawn(crosswise, NULL);
	char want[32];

	sched_wait_quiet();
	look_frozen();
	expect_deadlock("2 threads wait for each other");
	snprintf(want, sizeof(want), "until pid %d exits", threads[1]);
	cr_expect(strstr(finding, want), "%s", finding);
	/* It is told once. */
	look_frozen();
	cr_expect_eq(findings_count(FINDING_DEADLOCK), 1);
	findings_reset();
	kill_proc(pid, SIGKILL);
	cr_expect_eq(status_of(pid), SIGKILL);
}

/* An edge of the kernel's own in it (FORK-20). */
static void waits_for_vfork_child(void *arg)
{
	(void)arg;
	await(second_is_there);
	threads[0] = user_clone(CLONE_VM | CLONE_VFORK | SIGCHLD, joins_first,
				NULL);
	user_exit(0);
}

static void joins_the_parent(void *arg)
{
	start(1, waits_for_vfork_child, NULL);
	complete_all(&second_is_there);
	pause_forever(arg);
}

Test(wakers, vfork_child_that_joins_its_parent_is_a_deadlock)
{
	pid_t pid = spawn(joins_the_parent, NULL);
	char want[32];

	sched_wait_quiet();
	look_frozen();
	cr_expect_eq(findings_count(NR_FINDING_KINDS), 1, "%s", finding);
	cr_expect_eq(findings_count(FINDING_DEADLOCK), 1);
	snprintf(want, sizeof(want), "until pid %d exits", threads[1]);
	cr_expect(strstr(finding, want) && strstr(finding, "completion"), "%s",
		  finding);
	findings_reset();
	/* Nothing but a kill of the child ends it, or a dump. */
	kill_proc(pid, SIGKILL);
	read_lock(&tasklist_lock);
	for (pid_t nr = threads[1] + 1; nr < threads[1] + 3; nr++) {
		struct task_struct *p = find_task_by_pid(nr);

		if (p)
			group_send_sig_info(SIGKILL, p);
	}
	read_unlock(&tasklist_lock);
	cr_expect_eq(status_of(pid), SIGKILL);
}

/* Waiting for one who waits for nobody in particular is none. */
Test(wakers, chain_is_no_deadlock)
{
	pid_t pid = spawn(joins_a_pause, NULL);

	sched_wait_quiet();
	look_frozen();
	cr_expect_eq(findings_count(NR_FINDING_KINDS), 0, "%s", finding);
	kill_proc(pid, SIGKILL);
	status_of(pid);
}
