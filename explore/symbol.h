/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses in words: function, file, line; variable. */
#ifndef EXPLORE_SYMBOL_H
#define EXPLORE_SYMBOL_H

#include <stddef.h>
#include <stdint.h>

struct symbol {
	const char *function; /* "?" when unknown */
	const char *file; /* without folders, "?" when unknown */
	int line;
};

/**
 * symbol_code() - where in the source @pc is
 * @pc: a return address
 *
 * Context: host.
 */
struct symbol symbol_code(uintptr_t pc);

/** symbol_line() - the same without the function, which takes longest. */
struct symbol symbol_line(uintptr_t pc);

/**
 * symbol_data() - write the variable at @addr as "name" or "name+8"
 *
 * Heap and stack addresses are named by block and thread.
 *
 * Context: host, before the next execution starts.
 */
void symbol_data(uintptr_t addr, char *buf, size_t size);

#endif
