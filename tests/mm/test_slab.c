// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/rcu.h"
#include "tests/mm/machine_util.h"

TestSuite(slab, .timeout = 20);

struct thing {
	unsigned long a, b, c;
};

static struct kmem_cache *things(unsigned int flags)
{
	struct kmem_cache *c = kmem_cache_create("thing", sizeof(struct thing),
						 0, flags, NULL, NULL);

	cr_assert_not_null(c);
	return c;
}

MACHINE_TEST(slab, objects_are_distinct_and_counted)
{
	struct kmem_cache *c = things(0);
	struct thing *t[500];

	for (unsigned long i = 0; i < 500; i++) {
		t[i] = kmem_cache_alloc(c, GFP_KERNEL | __GFP_ZERO);
		cr_assert_not_null(t[i]);
		cr_expect_eq(t[i]->b, 0);
		t[i]->a = i;
		cr_expect_eq(kmem_cache_of(t[i]), c);
	}
	cr_expect_eq(kmem_cache_live(c), 500);
	for (unsigned long i = 0; i < 500; i++) {
		cr_expect_eq(t[i]->a, i);
		cr_expect(slab_object_live(c, t[i]));
		kmem_cache_free(c, t[i]);
		cr_expect_not(slab_object_live(c, t[i]));
	}
	cr_expect_eq(kmem_cache_live(c), 0);
	slab_shrink(c);
	cr_expect_eq(kmem_cache_pages(c), 0);
	kmem_cache_destroy(c);
}

MACHINE_TEST(slab, alignment)
{
	struct kmem_cache *c = kmem_cache_create("aligned", 72, 64, 0, NULL,
						 NULL);
	void *p[20];

	for (int i = 0; i < 20; i++) {
		p[i] = kmem_cache_alloc(c, GFP_KERNEL);
		cr_expect_eq((uintptr_t)p[i] % 64, 0);
	}
	for (int i = 0; i < 20; i++)
		kmem_cache_free(c, p[i]);
	kmem_cache_destroy(c);
}

MACHINE_TEST(slab, freed_object_rests)
{
	struct kmem_cache *c = things(0);
	struct thing *t = kmem_cache_alloc(c, GFP_KERNEL);

	kmem_cache_free(c, t);
	for (int i = 0; i < 4; i++) {
		struct thing *u = kmem_cache_alloc(c, GFP_KERNEL);

		cr_expect_neq(u, t);
		kmem_cache_free(c, u);
	}
	kmem_cache_destroy(c);
}

MACHINE_TEST(slab, double_free)
{
	struct kmem_cache *c = things(0);
	struct thing *t = kmem_cache_alloc(c, GFP_KERNEL);

	kmem_cache_free(c, t);
	kmem_cache_free(c, t);
	expect_finding(FINDING_MEMORY, "double free");
	cr_expect_eq(kmem_cache_live(c), 0);
	kmem_cache_destroy(c);
}

MACHINE_TEST(slab, overrun)
{
	struct kmem_cache *c = things(0);
	struct thing *t = kmem_cache_alloc(c, GFP_KERNEL);

	/* One past the end: inside the slab, so that ASan is not needed. */
	((volatile unsigned long *)t)[3] = 1;
	kmem_cache_free(c, t);
	expect_finding(FINDING_MEMORY, "overran");
	kmem_cache_destroy(c);
}

MACHINE_TEST(slab, wrong_cache)
{
	struct kmem_cache *c = things(0), *d = things(0);
	struct thing *t = kmem_cache_alloc(c, GFP_KERNEL);

	kmem_cache_free(d, t);
	expect_finding(FINDING_MEMORY, "no object of it");
	kmem_cache_free(c, t);
	kmem_cache_destroy(c);
	kmem_cache_destroy(d);
}

#if !__has_feature(address_sanitizer)
/* ASan stops at the write itself. */
MACHINE_TEST(slab, write_after_free)
{
	struct kmem_cache *c = things(0);
	struct thing *t = kmem_cache_alloc(c, GFP_KERNEL), *u[64];

	kmem_cache_free(c, t);
	*(volatile unsigned long *)&t->b = 7;
	for (int i = 0; i < 64; i++)
		u[i] = kmem_cache_alloc(c, GFP_KERNEL);
	expect_finding(FINDING_USE_AFTER_FREE, "offset 8");
	for (int i = 0; i < 64; i++)
		kmem_cache_free(c, u[i]);
	kmem_cache_destroy(c);
}
#endif

static int constructed, destroyed;

static void construct(void *object)
{
	((struct thing *)object)->a = 42;
	constructed++;
}

static void destroy(void *object)
{
	cr_expect_eq(((struct thing *)object)->a, 42);
	destroyed++;
}

/* A constructor's work lasts: objects come back as they were freed. */
MACHINE_TEST(slab, constructor)
{
	struct kmem_cache *c = kmem_cache_create("ctor", sizeof(struct thing),
						 0, 0, construct, destroy);
	struct thing *t = kmem_cache_alloc(c, GFP_KERNEL);

	cr_expect_eq(t->a, 42);
	cr_expect_gt(constructed, 0);
	kmem_cache_free(c, t);
	kmem_cache_destroy(c);
	cr_expect_eq(constructed, destroyed);
}

/* The memory of a freed object keeps its type for readers. */
MACHINE_TEST(slab, destroy_by_rcu)
{
	struct kmem_cache *c = kmem_cache_create("rcu", sizeof(struct thing),
						 0, SLAB_DESTROY_BY_RCU,
						 construct, NULL);
	struct thing *t = kmem_cache_alloc(c, GFP_KERNEL);

	rcu_read_lock();
	kmem_cache_free(c, t);
	slab_shrink(c);
	cr_expect(PageSlab(virt_to_page(t)));
	cr_expect_eq(t->a, 42);
	rcu_read_unlock();
	rcu_barrier();
	cr_expect_not(PageSlab(virt_to_page(t)));
	kmem_cache_destroy(c);
}

MACHINE_TEST(slab, leak_is_a_finding)
{
	struct kmem_cache *c = things(0);
	struct thing *t = kmem_cache_alloc(c, GFP_KERNEL);

	cr_assert_not_null(t);
	kmem_cache_destroy(c);
	expect_finding(FINDING_LEAK, "thing: 1 objects");
	kmem_cache_free(c, t);
	slab_shrink(c);
}

MACHINE_TEST(slab, fails_when_told_to)
{
	struct kmem_cache *c = things(0);

	fault_inject_arm(1);
	cr_expect_null(kmem_cache_alloc(c, GFP_KERNEL));
	fault_inject_disarm();
	kmem_cache_destroy(c);
}

static void *outside(void *arg)
{
	struct kmem_cache *c = arg;
	struct thing *t = kmem_cache_alloc(c, GFP_ATOMIC);

	cr_expect_not_null(t);
	kmem_cache_free(c, t);
	return NULL;
}

/* Host threads without a CPU, like those of RCU callbacks. */
MACHINE_TEST(slab, without_a_cpu)
{
	struct kmem_cache *c = things(0);
	pthread_t thread;

	cr_assert_eq(pthread_create(&thread, NULL, outside, c), 0);
	cr_assert_eq(pthread_join(thread, NULL), 0);
	cr_expect_eq(kmem_cache_live(c), 0);
	kmem_cache_destroy(c);
}
