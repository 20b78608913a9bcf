/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ctrl-C: a campaign ends with the verdict it has. */
#ifndef EXPLORE_INTERRUPT_H
#define EXPLORE_INTERRUPT_H

#include <stdbool.h>

/**
 * interrupt_catch() - let SIGINT and SIGTERM end the campaign, not the process
 *
 * Processes forked later share what is seen: a signal for one ends the
 * campaign in all.
 *
 * Context: host, before a campaign.
 * Return: 0, or -ENOMEM.
 */
int interrupt_catch(void);

/** interrupt_seen() - Return: whether the campaign is to end. */
bool interrupt_seen(void);

#endif
