// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/pressure.h"

#include <stdio.h>

#include "mm/mm_types.h"
#include "mm/swapfile.h"
#include "mm/vmscan.h"

#define SWAP_DEVICES 2

static bool kswapd_runs;

/* Devices of one priority take turns. */
static int add_swap(const struct stress_config *cfg)
{
	unsigned long pages = ((unsigned long)cfg->swap_mib <<
			       (20 - PAGE_SHIFT)) / SWAP_DEVICES;
	char path[PATH_MAX + 16];
	int type;

	for (int i = 0; i < SWAP_DEVICES; i++) {
		snprintf(path, sizeof(path), "%s.%d", cfg->swap_file, i);
		type = sys_swapon_file(*cfg->swap_file ? path : NULL, pages,
				       0);
		if (type < 0)
			return type;
	}
	return 0;
}

int pressure_start(const struct stress_config *cfg)
{
	int err = cfg->swap_mib ? add_swap(cfg) : 0;

	if (!err)
		err = kswapd_run();
	kswapd_runs = !err;
	return err;
}

void pressure_stop(void)
{
	if (kswapd_runs)
		kswapd_stop();
	kswapd_runs = false;
}
