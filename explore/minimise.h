/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fewer preemptions and threads: the same finding by the simplest schedule we
 * can get.
 */
#ifndef EXPLORE_MINIMISE_H
#define EXPLORE_MINIMISE_H

#include "explore/schedule.h"

/**
 * minimise() - simplify the failing schedule @s in place
 * @s: ends with s->verdict
 *
 * Replaces decisions by "go on with the same thread" as long as the finding
 * stays the same: all for one thread after the other, so that those it does
 * without do not run unless they must, then in ever smaller pieces.
 *
 * Context: host.
 */
void minimise(struct schedule *s, void (*body)(void *), void *arg);

#endif
