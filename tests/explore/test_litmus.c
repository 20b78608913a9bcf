// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each litmus test exhausted under each memory model: the outcomes are
 * exactly those the model allows.  Where C11 allows more than mm_c11.c
 * produces, the row says so: LB 11, 2+2W 11 and S 12 need a load of a value
 * not yet written, or a store overtaken in modification order.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#include "tests/explore/litmus.h"

TestSuite(litmus, .timeout = 120);

#define IRIW_SC                                                       \
	"0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1011 1100" \
	" 1101 1110 1111"
#define IRIW_ALL                                                 \
	"0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010" \
	" 1011 1100 1101 1110 1111"

static const struct {
	char name[16];
	char sc[96];
	char tso[96];
	char c11[96];
} expected[] = {
	{ "SB+rlx", "01 10 11", "00 01 10 11", "00 01 10 11" },
	{ "SB+ra", "01 10 11", "00 01 10 11", "00 01 10 11" },
	{ "SB+sc", "01 10 11", "01 10 11", "01 10 11" },
	{ "SB+fences", "01 10 11", "01 10 11", "01 10 11" },
	{ "SB+one-fence", "01 10 11", "00 01 10 11", "00 01 10 11" },
	{ "MP+rlx", "00 01 11", "00 01 11", "00 01 10 11" },
	{ "MP+ra", "00 01 11", "00 01 11", "00 01 11" },
	{ "MP+rel+rlx", "00 01 11", "00 01 11", "00 01 10 11" },
	{ "MP+fences", "00 01 11", "00 01 11", "00 01 11" },
	{ "MP+rs-rmw", "00 01 10 11 21", "00 01 10 11 21", "00 01 10 11 21" },
	{ "MP+rs-store", "00 01 11 20 21", "00 01 11 20 21", "00 01 11 20 21" },
	{ "LB", "00 01 10", "00 01 10", "00 01 10" /* C11: 11 as well */ },
	{ "IRIW+acq", IRIW_SC, IRIW_SC, IRIW_ALL },
	{ "IRIW+sc", IRIW_SC, IRIW_SC, IRIW_SC },
	{ "IRIW+fences", IRIW_SC, IRIW_SC, IRIW_SC },
	{ "CoRR", "00 01 11", "00 01 11", "00 01 11" },
	{ "CoWW", "00 01 02 11 12 22", "00 01 02 11 12 22",
	  "00 01 02 11 12 22" },
	{ "CoWR", "11 12 22", "11 12 22", "11 12 22" },
	{ "CoRW", "01 02 21", "01 02 21", "01 02 21" },
	{ "WRC+rlx", "000 001 010 011 100 101 111",
	  "000 001 010 011 100 101 111", "000 001 010 011 100 101 110 111" },
	{ "WRC+ra", "000 001 010 011 100 101 111",
	  "000 001 010 011 100 101 111", "000 001 010 011 100 101 111" },
	{ "ISA2", "000 001 010 011 100 101 111", "000 001 010 011 100 101 111",
	  "000 001 010 011 100 101 111" },
	{ "2+2W", "12 21 22", "12 21 22", "12 21 22" /* C11: 11 as well */ },
	{ "R", "01 11 12", "01 02 11 12", "01 02 11 12" },
	{ "S", "01 02 11", "01 02 11", "01 02 11" /* C11: 12 as well */ },
	{ "RMW+add", "012 021 102 120 201 210", "012 021 102 120 201 210",
	  "012 021 102 120 201 210" },
	{ "RMW+cas", "012 101", "012 101", "012 101" },
};

#define NR_TESTS (sizeof(expected) / sizeof(expected[0]))

static void check(const char *name, const char *model, const char *strategy,
		  const char *want)
{
	const struct litmus *t = litmus_find(name);
	struct outcomes o;
	char got[512];

	cr_assert(t, "%s is no test", name);
	o = litmus_run(t, model, strategy);
	litmus_print(t, &o, got, sizeof(got));
	cr_expect(o.complete, "%s %s %s: not exhausted", name, model, strategy);
	cr_expect_str_eq(got, want, "%s %s %s: %s, not %s", name, model,
			 strategy, got, want);
}

#define ROWS(test)                                                \
	ParameterizedTestParameters(litmus, test)                 \
	{                                                         \
		static int index[NR_TESTS];                       \
                                                                  \
		for (unsigned int i = 0; i < NR_TESTS; i++)       \
			index[i] = (int)i;                        \
		return cr_make_param_array(int, index, NR_TESTS); \
	}

ROWS(reduced)
ParameterizedTest(int *i, litmus, reduced)
{
	check(expected[*i].name, "sc", "dpor", expected[*i].sc);
	check(expected[*i].name, "tso", "dpor", expected[*i].tso);
	check(expected[*i].name, "c11", "dpor", expected[*i].c11);
}

/* The same without reduction, where that ends soon. */
ROWS(brute_force)
ParameterizedTest(int *i, litmus, brute_force)
{
	const char *name = expected[*i].name;

	if (litmus_find(name)->thread[2])
		return;
	check(name, "sc", "dfs", expected[*i].sc);
	check(name, "tso", "dfs", expected[*i].tso);
	check(name, "c11", "dfs", expected[*i].c11);
}

/* Every test of the suite has its row. */
Test(litmus, all_expected)
{
	unsigned int n = 0;

	for (const struct litmus *t = litmus_tests; t->name; t++)
		n++;
	cr_expect_eq(n, NR_TESTS);
}
