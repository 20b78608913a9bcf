/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory pressure: kswapd, swap devices, and their coming and going. */
#ifndef STRESS_PRESSURE_H
#define STRESS_PRESSURE_H

#include "stress/config.h"

/**
 * pressure_start() - swap devices on, kswapd and swapoff's thread running
 * @cfg: swap_mib, swap_file
 *
 * Context: init, after start_kernel().
 * Return: 0 or -Exxx.
 */
int pressure_start(const struct stress_config *cfg);

/**
 * pressure_tick() - now and then take a swap device away and bring it back
 *
 * Context: init, every few milliseconds.
 */
void pressure_tick(void);

/**
 * pressure_release() - reclaim all, then swapoff of all devices (INV-54, 55)
 *
 * Context: init, all user tasks gone.
 */
void pressure_release(void);

/** pressure_stop() - undo pressure_start().  Context: init, alone. */
void pressure_stop(void);

#endif
