// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said of a scenario that there is not (stress/scenario_names.c). */
#include <criterion/criterion.h>

#include "stress/scenario_names.h"

TestSuite(scenario_names, .timeout = 10);

static const char *said(enum scenario_list list, const char *name)
{
	static struct errbuf err;

	scenario_unknown(&err, list, name);
	return err.text;
}

Test(scenario_names, nothing_is_like_it)
{
	cr_expect_str_eq(said(SCENARIOS_OF_RUN, "nosuch"),
			 "unknown scenario 'nosuch'; 'mmtorture list' shows"
			 " all");
	cr_expect_str_eq(said(SCENARIOS_OF_RUN, ""),
			 "unknown scenario ''; 'mmtorture list' shows all");
}

Test(scenario_names, the_other_list_has_it)
{
	cr_expect_str_eq(said(SCENARIOS_OF_RUN, "get-mm"),
			 "unknown scenario 'get-mm', one of 'mmtorture"
			 " explore'; like it: dying_mm; 'mmtorture list' shows"
			 " all");
	cr_expect_str_eq(said(SCENARIOS_OF_EXPLORE, "tasklist"),
			 "unknown scenario 'tasklist', one of 'mmtorture run';"
			 " 'mmtorture list' shows all");
}

/* A word in common, or the beginning of a longer one; never one letter. */
Test(scenario_names, what_shares_a_word_is_like_it)
{
	cr_expect(strstr(said(SCENARIOS_OF_RUN, "stack-overflow"),
			 "; like it: stack_growth stack_events;"));
	cr_expect(strstr(said(SCENARIOS_OF_RUN, "swap"),
			 "; like it: swapoff;"));
	cr_expect(strstr(said(SCENARIOS_OF_RUN, "_truncated-"),
			 "; like it: truncate;"));
	cr_expect_null(strstr(said(SCENARIOS_OF_RUN, "s"), "like it"));
	cr_expect_null(strstr(said(SCENARIOS_OF_RUN, "swapping"), "like it"));
}
