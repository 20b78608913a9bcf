/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line that says what was wrong, on its way to the user. */
#ifndef STRESS_ERRBUF_H
#define STRESS_ERRBUF_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "locking/compiler.h"

struct errbuf {
	char text[1024];
};

/**
 * errbuf_set() - store a message
 * @err: where
 * @fmt: printf format; no newline
 *
 * Context: any.
 */
static inline __printf(2, 3) void errbuf_set(struct errbuf *err,
					     const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
}

/**
 * errbuf_add() - go on with the message; what finds no room is left out
 * @err: where
 * @fmt: printf format; no newline
 *
 * Context: any.
 */
static inline __printf(2, 3) void errbuf_add(struct errbuf *err,
					     const char *fmt, ...)
{
	size_t len = strlen(err->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->text + len, sizeof(err->text) - len, fmt, args);
	va_end(args);
}

#endif
