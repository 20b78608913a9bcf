// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The watchdog, while memory is short: reclaim that goes on for ever is no
 * progress, except on the way to a standstill, and there for a while only.
 * The watchdog's thread is the real one; the test lets jiffies fly.  What it
 * finds is fatal: the process ends, with the test's own exit code.
 */
#include <unistd.h>

#include "locking/rwsem.h"
#include "mm/vmscan.h"
#include "stress/pressure.h"
#include "stress/watchdog.h"
#include "stress/world.h"
#undef THREAD_FLAGS /* the tests have their own */
#include "tests/mm/life_util.h"

#define AS_EXPECTED 42
#define PAGES 2048 /* that come and go */
#define LOOKS 110 /* of the watchdog's heartbeat, 100 between two looks */

static struct stress_shared shared;
static char findings[8192]; /* all texts */
static const char *expected[3]; /* parts of them, then NULL */

static void keep_finding(const struct finding *f)
{
	size_t len = strlen(findings);

	snprintf(findings + len, sizeof(findings) - len, "%s: %s\n",
		 finding_kind_name(f->kind), f->text);
}

static void end(const struct finding *f)
{
	/* Before anything is expected it comes too early. */
	bool ok = !strcmp(f->text, "the round is stuck") && expected[0];

	for (int i = 0; i < 3 && expected[i]; i++)
		ok &= strstr(findings, expected[i]) != NULL;
	if (!ok)
		fprintf(stderr, "%s", findings);
	_exit(ok ? AS_EXPECTED : 1);
}

static void boot(void)
{
	life_boot();
	set_finding_sink(keep_finding);
	set_fatal_handler(end);
	shared.config.ram_share = 25;
	shared.config.swap_mib = 16;
	shared.config.swap_given = true;
	shared.config.tasks = 1;
	world.sh = &shared;
	world.target = 1;
	cr_assert_eq(pressure_start(&shared.config), 0);
	cr_assert_eq(watchdog_start(&shared), 0);
	world.daemons = nr_threads;
}

TestSuite(watchdog, .init = boot, .timeout = 60);

/* ---- programs ----------------------------------------------------------------- */

/* Pages come and go as long as the machine runs; nothing is got done. */
static int take_pages(void)
{
	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	try_to_free_pages(GFP_KERNEL);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
	return 0;
}

static void thrashes(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(0, PAGES * PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0));

	(void)arg;
	for (;;) {
		for (unsigned int i = 0; i < PAGES; i++)
			user_assert(!user_write64(at + i * PAGE_SIZE, i));
		SYSCALL(take_pages());
	}
}

DEFINE_LOCK_CLASS(planted_class, "planted");
static DECLARE_RWSEM(lock, &planted_class);
LATCH(held);
LATCH(never);

static int hold_for_ever(void) __no_lock_analysis
{
	down_write(&lock);
	reach(held);
	await(never);
	return 0;
}

static void holds(void *arg)
{
	(void)arg;
	SYSCALL(hold_for_ever());
}

static int want_lock(void)
{
	down_write(&lock);
	up_write(&lock);
	return 0;
}

static void wants(void *arg)
{
	(void)arg;
	SYSCALL(want_lock());
}

/* One who sleeps with a lock, one who wants it, and one who thrashes. */
static void plant(void)
{
	spawn(thrashes, NULL);
	spawn(holds, NULL);
	await(held);
	spawn(wants, NULL);
}

/* ---- time ----------------------------------------------------------------------- */

/* Until the watchdog has looked for stalls once more, at least. */
static void until_looked(void)
{
	uint64_t seen = READ_ONCE(shared.heartbeat);

	while (READ_ONCE(shared.heartbeat) < seen + LOOKS)
		yield();
}

static unsigned long reclaimed(void)
{
	struct vmscan_stats scan;

	vmscan_get_stats(&scan);
	return scan.reclaimed;
}

/* So long goes by, while pages are reclaimed. */
static void let_pass(unsigned int secs)
{
	unsigned long before = reclaimed();

	while (reclaimed() == before)
		yield();
	for (unsigned int i = 0; i < secs * HZ; i++)
		jiffies_tick();
	until_looked();
}

static void expect_nothing_found(void)
{
	if (findings_count(NR_FINDING_KINDS)) {
		fprintf(stderr, "too early: %s", findings);
		_exit(1);
	}
}

/* ---- tests ------------------------------------------------------------------------ */

/* The thrashing task is runnable all the time: 60 s are allowed, not 10. */
Test(watchdog, holder_is_named_while_memory_is_short, .exit_code = AS_EXPECTED)
{
	plant();
	watchdog_arm();
	until_looked();
	let_pass(30);
	expect_nothing_found();
	expected[0] = "stall: 2 threads wait for too long";
	expected[1] = "rwsem(write) planted";
	expected[2] = "blocked by carrier/";
	let_pass(40);
	cr_assert_fail("not found: %s", findings);
}

/* Tasks get pages on the way to a standstill: that counts, for ten minutes. */
Test(watchdog, standstill_may_take_long_but_not_for_ever,
     .exit_code = AS_EXPECTED)
{
	spawn(thrashes, NULL);
	watchdog_arm();
	watchdog_pause(true);
	until_looked();
	for (int minute = 0; minute < 9; minute++)
		let_pass(60);
	expect_nothing_found();
	expected[0] = "stall: no task has done anything";
	let_pass(120);
	cr_assert_fail("not found: %s", findings);
}

/* Nobody wants a CPU: that is not for long. */
Test(watchdog, sleepers_alone_get_ten_seconds, .exit_code = AS_EXPECTED)
{
	spawn(holds, NULL);
	await(held);
	spawn(wants, NULL);
	watchdog_arm();
	until_looked();
	for (unsigned int i = 0; i < 4 * HZ; i++)
		jiffies_tick();
	until_looked();
	expect_nothing_found();
	expected[0] = "stall: 2 threads wait for too long";
	for (unsigned int i = 0; i < 10 * HZ; i++)
		jiffies_tick();
	until_looked();
	cr_assert_fail("not found: %s", findings);
}

/* Nobody reclaims, nobody stops: a minute. */
Test(watchdog, standstill_without_any_progress, .exit_code = AS_EXPECTED)
{
	spawn(holds, NULL);
	await(held);
	spawn(wants, NULL);
	watchdog_arm();
	watchdog_pause(true);
	until_looked();
	for (unsigned int i = 0; i < 30 * HZ; i++)
		jiffies_tick();
	until_looked();
	expect_nothing_found();
	expected[0] = "stall: 2 threads wait for too long";
	for (unsigned int i = 0; i < 40 * HZ; i++)
		jiffies_tick();
	until_looked();
	cr_assert_fail("not found: %s", findings);
}
