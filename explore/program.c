// SPDX-License-Identifier: GPL-2.0-or-later
/* What a program under test may ask of the explorer. */
#include <stdarg.h>
#include <stdio.h>

#include "explore/engine.h"
#include "explore/explore.h"

_Noreturn void explore_finding(enum verdict kind, const char *fmt, ...)
{
	va_list ap;

	if (eng.cur)
		eng.cur->op.pc = (uintptr_t)__builtin_return_address(0);
	eng.cur = NULL;
	va_start(ap, fmt);
	vsnprintf(eng.message, sizeof(eng.message), fmt, ap);
	va_end(ap);
	engine_finish(kind);
}

unsigned int explore_choose(unsigned int n)
{
	if (!eng.cur)
		return 0;
	if (!eng.is_ready)
		engine_fail(VERDICT_HARNESS, "the program chooses something"
			    " before it is ready");
	return engine_choose(n);
}
