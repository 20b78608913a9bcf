/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory pressure: kswapd and swap devices of a round. */
#ifndef STRESS_PRESSURE_H
#define STRESS_PRESSURE_H

#include "stress/config.h"

/**
 * pressure_start() - swap devices on, kswapd running
 * @cfg: swap_mib, swap_file
 *
 * Context: init, after start_kernel().
 * Return: 0 or -Exxx.
 */
int pressure_start(const struct stress_config *cfg);

/** pressure_stop() - undo pressure_start().  Context: init, alone. */
void pressure_stop(void);

#endif
