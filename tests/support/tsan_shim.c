// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lets a Criterion program start under ThreadSanitizer, and makes it fail
 * there.  Linked into test programs of the TSan flavours only.
 */
#include <stdlib.h>

const char *__tsan_default_options(void);

/*
 * BoxFort maps the arena it shares with its children at 0x200000000000 plus
 * rand_r() times 16 MiB, mostly where TSan allows no mapping.  These numbers
 * lead into the range TSan keeps for programs, above any load address.
 */
int rand_r(unsigned int *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return 0x366800 + (int)((*seed >> 16) & 0x3ff);
}

/*
 * Criterion has its verdict before TSan sets the exit code, so a report must
 * end the test at once.  handle_segv=0 leaves SIGSEGV to tests that expect it.
 */
const char *__tsan_default_options(void)
{
	return "halt_on_error=1:second_deadlock_stack=1:history_size=7:"
	       "handle_segv=0";
}
