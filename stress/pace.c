// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/pace.h"

unsigned int pace_look(struct pace *p, uint64_t now, uint64_t enough)
{
	unsigned int most = p->looks < PACE_LOOKS ? p->looks : PACE_LOOKS;
	unsigned int back = 0;

	while (back < most &&
	       now - p->seen[(p->looks - 1 - back) % PACE_LOOKS] < enough)
		back++;
	p->seen[p->looks++ % PACE_LOOKS] = now;
	return back;
}
