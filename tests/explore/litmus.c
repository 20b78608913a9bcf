// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/explore/litmus.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "explore/engine.h"
#include "explore/explore.h"

#define RLX memory_order_relaxed
#define ACQ memory_order_acquire
#define REL memory_order_release
#define SC memory_order_seq_cst

static atomic_int x, y, z;
static int r[LITMUS_REGISTERS];

/* Survives executions. */
static struct outcomes seen EXPLORE_STATE;
static const struct litmus *current EXPLORE_STATE;

#define THREAD(name, body)     \
	static void name(void) \
	{                      \
		body           \
	}
#define LD(v, mo) atomic_load_explicit(&v, mo)
#define ST(v, n, mo) atomic_store_explicit(&v, n, mo)
#define FENCE(mo) atomic_thread_fence(mo)

/* Store buffering. */
THREAD(sb0_rlx, ST(x, 1, RLX); r[0] = LD(y, RLX);)
THREAD(sb1_rlx, ST(y, 1, RLX); r[1] = LD(x, RLX);)
THREAD(sb0_ra, ST(x, 1, REL); r[0] = LD(y, ACQ);)
THREAD(sb1_ra, ST(y, 1, REL); r[1] = LD(x, ACQ);)
THREAD(sb0_sc, ST(x, 1, SC); r[0] = LD(y, SC);)
THREAD(sb1_sc, ST(y, 1, SC); r[1] = LD(x, SC);)
THREAD(sb0_fence, ST(x, 1, RLX); FENCE(SC); r[0] = LD(y, RLX);)
THREAD(sb1_fence, ST(y, 1, RLX); FENCE(SC); r[1] = LD(x, RLX);)
/* Message passing. */
THREAD(mp0_rlx, ST(x, 1, RLX); ST(y, 1, RLX);)
THREAD(mp1_rlx, r[0] = LD(y, RLX); r[1] = LD(x, RLX);)
THREAD(mp0_rel, ST(x, 1, RLX); ST(y, 1, REL);)
THREAD(mp1_acq, r[0] = LD(y, ACQ); r[1] = LD(x, RLX);)
THREAD(mp0_fence, ST(x, 1, RLX); FENCE(REL); ST(y, 1, RLX);)
THREAD(mp1_fence, r[0] = LD(y, RLX); FENCE(ACQ); r[1] = LD(x, RLX);)
/* Release sequence: another thread's RMW continues it, its store does not. */
THREAD(rs_rmw, atomic_fetch_add_explicit(&y, 1, RLX);)
THREAD(rs_store, ST(y, 2, RLX);)
/* Load buffering. */
THREAD(lb0, r[0] = LD(x, RLX); ST(y, 1, RLX);)
THREAD(lb1, r[1] = LD(y, RLX); ST(x, 1, RLX);)
/* Independent reads of independent writes. */
THREAD(iriw0_rlx, ST(x, 1, RLX);)
THREAD(iriw1_rlx, ST(y, 1, RLX);)
THREAD(iriw2_acq, r[0] = LD(x, ACQ); r[1] = LD(y, ACQ);)
THREAD(iriw3_acq, r[2] = LD(y, ACQ); r[3] = LD(x, ACQ);)
THREAD(iriw0_sc, ST(x, 1, SC);)
THREAD(iriw1_sc, ST(y, 1, SC);)
THREAD(iriw2_sc, r[0] = LD(x, SC); r[1] = LD(y, SC);)
THREAD(iriw3_sc, r[2] = LD(y, SC); r[3] = LD(x, SC);)
THREAD(iriw2_fence, r[0] = LD(x, RLX); FENCE(SC); r[1] = LD(y, RLX);)
THREAD(iriw3_fence, r[2] = LD(y, RLX); FENCE(SC); r[3] = LD(x, RLX);)
/* Coherence. */
THREAD(co_w1, ST(x, 1, RLX);)
THREAD(co_w2, ST(x, 2, RLX);)
THREAD(co_ww, ST(x, 1, RLX); ST(x, 2, RLX);)
THREAD(corr, r[0] = LD(x, RLX); r[1] = LD(x, RLX);)
THREAD(cowr, ST(x, 1, RLX); r[0] = LD(x, RLX);)
THREAD(corw, r[0] = LD(x, RLX); ST(x, 1, RLX);)
/* Write to read causality. */
THREAD(wrc1_rlx, r[0] = LD(x, RLX); ST(y, 1, RLX);)
THREAD(wrc1_ra, r[0] = LD(x, ACQ); ST(y, 1, REL);)
THREAD(wrc2_rlx, r[1] = LD(y, RLX); r[2] = LD(x, RLX);)
THREAD(wrc2_acq, r[1] = LD(y, ACQ); r[2] = LD(x, RLX);)
THREAD(wrc0_rel, ST(x, 1, REL);)
/* ISA2: message passing through a third thread. */
THREAD(isa0, ST(x, 1, RLX); ST(y, 1, REL);)
THREAD(isa1, r[0] = LD(y, ACQ); ST(z, 1, REL);)
THREAD(isa2, r[1] = LD(z, ACQ); r[2] = LD(x, RLX);)
/* 2+2W, R and S. */
THREAD(w22_0, ST(x, 1, RLX); ST(y, 2, RLX);)
THREAD(w22_1, ST(y, 1, RLX); ST(x, 2, RLX);)
THREAD(r0, ST(x, 1, RLX); ST(y, 1, RLX);)
THREAD(r1, ST(y, 2, RLX); r[0] = LD(x, RLX);)
THREAD(s0, ST(x, 2, RLX); ST(y, 1, RLX);)
THREAD(s1, r[0] = LD(y, RLX); ST(x, 1, RLX);)
/* Atomicity of read-modify-writes. */
THREAD(rmw_add0, r[0] = atomic_fetch_add_explicit(&x, 1, RLX);)
THREAD(rmw_add1, r[1] = atomic_fetch_add_explicit(&x, 1, RLX);)
THREAD(rmw_add2, r[2] = atomic_fetch_add_explicit(&x, 1, RLX);)

static void cas_to(int reg, int value)
{
	int zero = 0;

	r[reg] = atomic_compare_exchange_strong_explicit(&x, &zero, value, RLX,
							 RLX);
}

THREAD(cas0, cas_to(0, 1);)
THREAD(cas1, cas_to(1, 2);)

/* What the variables hold in the end. */
THREAD(final_xy, r[0] = LD(x, RLX); r[1] = LD(y, RLX);)
THREAD(final_x, r[1] = LD(x, RLX);)
THREAD(final_y, r[1] = LD(y, RLX);)
THREAD(final_x2, r[2] = LD(x, RLX);)

const struct litmus litmus_tests[] = {
	{ "SB+rlx", 2, { sb0_rlx, sb1_rlx }, NULL },
	{ "SB+ra", 2, { sb0_ra, sb1_ra }, NULL },
	{ "SB+sc", 2, { sb0_sc, sb1_sc }, NULL },
	{ "SB+fences", 2, { sb0_fence, sb1_fence }, NULL },
	{ "SB+one-fence", 2, { sb0_fence, sb1_rlx }, NULL },
	{ "MP+rlx", 2, { mp0_rlx, mp1_rlx }, NULL },
	{ "MP+ra", 2, { mp0_rel, mp1_acq }, NULL },
	{ "MP+rel+rlx", 2, { mp0_rel, mp1_rlx }, NULL },
	{ "MP+fences", 2, { mp0_fence, mp1_fence }, NULL },
	{ "MP+rs-rmw", 2, { mp0_rel, mp1_acq, rs_rmw }, NULL },
	{ "MP+rs-store", 2, { mp0_rel, mp1_acq, rs_store }, NULL },
	{ "LB", 2, { lb0, lb1 }, NULL },
	{ "IRIW+acq", 4, { iriw0_rlx, iriw1_rlx, iriw2_acq, iriw3_acq }, NULL },
	{ "IRIW+sc", 4, { iriw0_sc, iriw1_sc, iriw2_sc, iriw3_sc }, NULL },
	{ "IRIW+fences",
	  4,
	  { iriw0_rlx, iriw1_rlx, iriw2_fence, iriw3_fence },
	  NULL },
	{ "CoRR", 2, { co_w1, corr }, NULL },
	{ "CoWW", 2, { co_ww, corr }, NULL },
	{ "CoWR", 2, { cowr, co_w2 }, final_x },
	{ "CoRW", 2, { corw, co_w2 }, final_x },
	{ "WRC+rlx", 3, { co_w1, wrc1_rlx, wrc2_rlx }, NULL },
	{ "WRC+ra", 3, { wrc0_rel, wrc1_ra, wrc2_acq }, NULL },
	{ "ISA2", 3, { isa0, isa1, isa2 }, NULL },
	{ "2+2W", 2, { w22_0, w22_1 }, final_xy },
	{ "R", 2, { r0, r1 }, final_y },
	{ "S", 2, { s0, s1 }, final_x },
	{ "RMW+add", 3, { rmw_add0, rmw_add1, rmw_add2 }, NULL },
	{ "RMW+cas", 3, { cas0, cas1 }, final_x2 },
	{ NULL, 0, { NULL }, NULL },
};

const struct litmus *litmus_find(const char *name)
{
	for (const struct litmus *t = litmus_tests; t->name; t++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

static void *run_thread(void *arg)
{
	current->thread[(long)arg]();
	return NULL;
}

static void add_outcome(int value)
{
	unsigned int i = 0;

	while (i < seen.n && seen.value[i] < value)
		i++;
	if (i < seen.n && seen.value[i] == value)
		return;
	memmove(&seen.value[i + 1], &seen.value[i], (seen.n - i) * sizeof(int));
	seen.value[i] = value;
	seen.n++;
}

static void body(void *arg)
{
	pthread_t threads[LITMUS_THREADS];
	int n = 0, value = 0;

	(void)arg;
	while (n < LITMUS_THREADS && current->thread[n]) {
		pthread_create(&threads[n], NULL, run_thread, (void *)(long)n);
		n++;
	}
	while (n--)
		pthread_join(threads[n], NULL);
	if (current->final)
		current->final();
	for (int i = 0; i < current->registers; i++)
		value = value * 10 + r[i];
	add_outcome(value);
}

struct outcomes litmus_run(const struct litmus *t, const char *model,
			   const char *strategy)
{
	struct explore_options opt = explore_defaults();
	struct explore_result res;

	opt.program = t->name;
	opt.memory_model = model;
	opt.strategy = strategy;
	opt.executions = 5000000;
	opt.out = stderr;
	current = t;
	seen.n = 0;
	seen.verdict = explore_campaign(&opt, body, NULL, &res);
	seen.complete = res.complete;
	seen.executions = res.executions;
	return seen;
}

void litmus_print(const struct litmus *t, const struct outcomes *o, char *buf,
		  unsigned long size)
{
	unsigned long used = 0;

	buf[0] = 0;
	for (unsigned int i = 0; i < o->n && used < size; i++)
		used += (unsigned long)snprintf(buf + used, size - used,
						"%s%0*d", i ? " " : "",
						t->registers, o->value[i]);
}
