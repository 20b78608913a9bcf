// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every bounded scenario, a few executions of each: what a new one gets before
 * anybody thinks of a row of test_bounded.c.  Run from the top of the tree.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/explore/run.h"

TestSuite(bounded_all, .timeout = 300);

/* Nobody waits for a thread or a file that there was no memory for. */
Test(bounded_all, short_of_memory)
{
	static struct run r;
	char dir[] = "/tmp/mmtorture-bounded-XXXXXX", command[256];

	cr_assert(mkdtemp(dir));
	snprintf(command, sizeof(command), "timeout 250 build/explore/mmtorture"
		 " explore all --fail-alloc -n 30 --results %s >%s/said 2>&1;"
		 " code=$?; grep -a '^!!!\\|  token' %s/said; exit $code",
		 dir, dir, dir);
	run_command(&r, command);
	cr_expect_eq(r.code, 0, "exit %d:\n%s", r.code, r.output);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	cr_expect_eq(system(command), 0);
}
