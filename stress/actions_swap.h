/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Swap devices of the scenarios that are about swap; shared by them. */
#ifndef STRESS_ACTIONS_SWAP_H
#define STRESS_ACTIONS_SWAP_H

#include "stress/user.h"

/**
 * swap_world_make() - switch the devices on; again: nothing
 *
 * Context: init, before the first task.
 * Return: 0 or -Exxx of swapon.
 */
int swap_world_make(void);

/** swap_world_unmake() - switch them off.  Context: init, all tasks gone. */
void swap_world_unmake(void);

/** swap_take_pages() - as if memory were short.  Context: may sleep. */
void swap_take_pages(void);

/**
 * act_swap() - swap somebody out, or somebody's device away
 * @u: caller
 *
 * Context: user program.
 */
void act_swap(struct stress_user *u);

#endif
