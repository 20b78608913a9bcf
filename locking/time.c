// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/time.h"

unsigned long jiffies_counter;

void jiffies_tick(void)
{
	__atomic_fetch_add(&jiffies_counter, 1, __ATOMIC_RELAXED);
}
