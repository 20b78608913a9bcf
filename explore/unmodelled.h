/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls the explorer has no model of: named, never run unmodelled. */
#ifndef EXPLORE_UNMODELLED_H
#define EXPLORE_UNMODELLED_H

/** unmodelled() - end the execution: @what is not modelled. */
_Noreturn void unmodelled(const char *what);

#endif
