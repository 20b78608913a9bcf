/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What says nothing in the story of an interleaving. */
#ifndef STRESS_MACHINERY_H
#define STRESS_MACHINERY_H

#include <stdbool.h>

/**
 * is_machinery() - does every turn of a thread go through @function?
 * @function: name
 *
 * Locks, sleeps, how a CPU changes hands, and how a program is started.
 *
 * Context: any.
 */
bool is_machinery(const char *function);

#endif
