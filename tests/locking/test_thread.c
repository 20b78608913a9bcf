// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/irqflags.h"
#include "tests/locking/util.h"

TestSuite(thread, .timeout = 20, .init = capture_findings,
	  .fini = assert_no_leaks);

static struct lthread *record_of;

static void *publish_record(void *name)
{
	struct lthread *self = lthread_register(name);

	cr_assert_eq(self, lthread_self());
	WRITE_ONCE(record_of, self);
	return NULL;
}

Test(thread, records_are_recycled_and_ids_are_not)
{
	struct lthread *first;
	unsigned int id;

	join(run(publish_record, "a name that is longer than the field"));
	first = record_of;
	id = first->id;
	cr_assert_eq(first->in_use, 0);
	cr_assert_eq(strlen(first->name), LTHREAD_NAME_LEN - 1);
	join(run(publish_record, "b"));
	cr_assert_eq(record_of, first, "the record of an ended thread");
	cr_assert_str_eq(first->name, "b");
	cr_assert_neq(first->id, id);
}

Test(thread, waits_nest)
{
	struct lthread *self = lthread_self();
	struct lwait w;
	unsigned int seq, later;

	cr_assert_not(lwait_snapshot(self, &w, &seq));
	lwait_begin(LWAIT_RWSEM_READ, self, NULL, LOCK_SITE());
	lwait_begin(LWAIT_SPINLOCK, &w, NULL, LOCK_SITE());
	cr_assert(lwait_snapshot(self, &w, &seq));
	cr_assert_eq(w.kind, LWAIT_SPINLOCK);
	lwait_end();
	cr_assert(lwait_snapshot(self, &w, &later));
	cr_assert_eq(w.kind, LWAIT_RWSEM_READ);
	cr_assert_eq(w.object, self);
	cr_assert_neq(seq, later);
	lwait_end();
	cr_assert_not(lwait_snapshot(self, &w, &seq));
}

Test(thread, every_wait_has_a_name)
{
	for (int k = 0; k < NR_LWAIT_KINDS; k++)
		cr_assert_not_null(lwait_kind_name((enum lwait_kind)k));
	cr_assert_str_eq(lwait_kind_name(NR_LWAIT_KINDS), "?");
}

static int slept, woke, off, on;

static void count_sleep(void)
{
	slept++;
}

static void count_wake(void)
{
	woke++;
}

static void count_off(void)
{
	off++;
}

static void count_on(void)
{
	on++;
}

static const struct sched_hooks counting = {
	.sleep = count_sleep,
	.wake = count_wake,
	.irq_disable = count_off,
	.irq_enable = count_on,
};

static void *wake_record(void *t)
{
	lthread_wake(t);
	return NULL;
}

Test(thread, sleeping_gives_the_cpu_up)
{
	struct lthread *self = lthread_self();
	int word = 1;
	pthread_t t;

	set_sched_hooks(&counting);
	lthread_prepare_wait(self);
	t = run(wake_record, self);
	lthread_wait(self);
	join(t);
	cr_assert_eq(slept, 1);
	cr_assert_eq(woke, 1);
	lthread_block_on_raw(&word, 0);
	cr_assert_eq(slept, 1, "the raw form keeps the CPU");
}

Test(thread, irqs_do_not_nest_but_are_saved)
{
	unsigned long outer, inner;

	set_sched_hooks(&counting);
	local_irq_save(outer);
	cr_assert(irqs_disabled());
	local_irq_save(inner);
	local_irq_disable();
	cr_assert_eq(off, 1);
	local_irq_restore(inner);
	cr_assert(irqs_disabled());
	local_irq_restore(outer);
	cr_assert_not(irqs_disabled());
	local_irq_enable();
	cr_assert_eq(on, 1);
}

static void *end_with_irqs_off(void *arg)
{
	(void)arg;
	local_irq_disable();
	return NULL;
}

Test(thread, ending_with_irqs_off_is_found)
{
	join(run(end_with_irqs_off, NULL));
	assert_found(FINDING_LOCK, "thread ends");
}
