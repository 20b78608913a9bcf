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
 * pressure_interrupt() - end each swapoff() in progress with -EINTR
 *
 * With thousands of address spaces one takes longer than anybody wants to wait
 * for the world to stand still.
 *
 * Context: init, before freeze_tasks().
 */
void pressure_interrupt(void);

/**
 * pressure_look() - measure what programs have touched, and make memory short
 * @stopping: a census is to begin: nothing is taken, nobody has to reclaim
 *
 * With --ram N% memory gets short once the population is up, or a quarter of
 * the round is over, and is there for all again when the round ends.
 *
 * Context: the watchdog's thread, which needs no emulated CPU for it, a few
 *	times a second; not while the world stands still.
 */
void pressure_look(bool stopping);

/**
 * pressure_release() - reclaim all, then swapoff of all devices (INV-54, 55)
 *
 * Context: init, all user tasks gone.
 */
void pressure_release(void);

/** pressure_stop() - undo pressure_start().  Context: init, alone. */
void pressure_stop(void);

#endif
