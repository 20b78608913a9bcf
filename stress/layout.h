/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address space the ancestor starts with: the VMAs of a real process, as
 * /proc/PID/maps or smaps prints them.
 */
#ifndef STRESS_LAYOUT_H
#define STRESS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stress/errbuf.h"

#define LAYOUT_MAX_VMAS 4096
#define LAYOUT_NAME_MAX 48

enum layout_kind {
	LAYOUT_ANON,
	LAYOUT_FILE,
	LAYOUT_HEAP, /* grows by brk */
	LAYOUT_STACK, /* grows down */
};

struct layout_vma {
	uint64_t start, end; /* page aligned, end exclusive */
	uint64_t offset; /* bytes into the file */
	uint64_t resident; /* pages; all when smaps does not tell */
	uint64_t private_dirty; /* pages written by the process; smaps only */
	enum layout_kind kind;
	bool read, write, exec, shared;
	unsigned int file_id; /* same number: same file; 0: none */
	char name[LAYOUT_NAME_MAX]; /* last part of the path, or [heap] */
};

struct layout {
	unsigned int nr;
	unsigned int nr_files;
	bool has_residency; /* smaps told it */
	struct layout_vma vmas[LAYOUT_MAX_VMAS];
};

/* A captured real process that is part of the program. */
struct builtin_layout {
	const char *name;
	const char *why;
	const char *text;
	const char *text_end;
};

extern const struct builtin_layout builtin_layouts[]; /* name NULL ends it */

/**
 * layout_parse() - read the text of a maps or smaps file
 * @out: filled in
 * @text: the file's contents
 * @len: its bytes
 * @source: name for messages
 * @limit: first address no VMA may reach; lines of the kernel's own area
 *	above every process ([vsyscall]) are skipped
 * @err: on failure "SOURCE:LINE: what is wrong"
 *
 * Context: any; allocates nothing.
 * Return: 0 or -EINVAL.
 */
int layout_parse(struct layout *out, const char *text, size_t len,
		 const char *source, uint64_t limit, struct errbuf *err);

/**
 * layout_load() - read what --layout names
 * @out: filled in
 * @what: name of a built-in layout, a process id, or a file
 * @limit: as in layout_parse()
 * @err: on failure one line
 *
 * Context: reads files.
 * Return: 0, or -Exxx.
 */
int layout_load(struct layout *out, const char *what, uint64_t limit,
		struct errbuf *err);

/**
 * layout_pages() - pages mapped, and those resident at the start
 * @layout: a parsed layout
 * @resident: pages to be touched; may be NULL
 *
 * Context: any.
 * Return: pages mapped.
 */
uint64_t layout_pages(const struct layout *layout, uint64_t *resident);

#endif
