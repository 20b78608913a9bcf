/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals that end an execution, not the explorer. */
#ifndef EXPLORE_CRASH_H
#define EXPLORE_CRASH_H

/** crash_init() - catch SIGSEGV and the like.  Return: 0, or -errno. */
int crash_init(void);

#endif
