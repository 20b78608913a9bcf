/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shadow of the reference counts: who holds what.  Nothing is recorded
 * while tasks run.  It is read off the machine when the world is frozen: a
 * reference that outlives a system call is held by something one can visit.
 */
#ifndef STRESS_SHADOW_H
#define STRESS_SHADOW_H

#include "mm/mm_types.h"
#include "stress/ptrmap.h"

struct census;

/* The counts that are shadowed. */
enum ref_kind {
	REF_MM_USERS, REF_MM_COUNT, REF_FILES, REF_FILE, REF_INODE,
	REF_WRITER, /* inode->i_writecount, may be negative */
	REF_SIGNAL, REF_SIGHAND,
	REF_POLICY, /* REF-13: one holder each */
	REF_PIN, /* page->_count, beside PTEs and caches */
	NR_REF_KINDS,
};

/* What can hold a reference, and what its number is. */
enum holder_kind {
	HOLDER_TASK, /* pid */
	HOLDER_EXEC, /* pid of a task whose exec is not over */
	HOLDER_USERS, /* mm_users together: their number */
	HOLDER_LAZY_TASK, /* pid */
	HOLDER_IDLE_CPU, /* CPU */
	HOLDER_AIO, /* context, as its process calls it */
	HOLDER_FUTEX, /* pid of the waiter, 0: a futex file */
	HOLDER_TABLE, /* descriptor in some table */
	HOLDER_FUTEXFS, /* nothing */
	HOLDER_AREA, /* mm; at its start address */
	HOLDER_WRITE_FILE, HOLDER_READ_FILE, /* inode */
	HOLDER_HARNESS, /* nothing */
	NR_HOLDER_KINDS,
};

struct holder {
	enum ref_kind ref;
	enum holder_kind kind;
	const void *object; /* what is held */
	int change; /* what it adds to the count: 1, or -1 */
	unsigned long number;
	uaddr_t addr; /* 0: none */
};

/* What all counts should be. */
struct shadow {
	const struct census *c;
	struct ptrmap counts[NR_REF_KINDS]; /* a: by object */
};

/**
 * shadow_make() - visit all holders
 * @s: filled in
 * @c: all address spaces
 *
 * Context: world frozen; takes R(tasklist_lock), futex bucket locks.
 * Return: false for lack of memory.
 */
bool shadow_make(struct shadow *s, const struct census *c);

/** shadow_free() - give the memory back.  Context: any. */
void shadow_free(struct shadow *s);

/**
 * shadow_count() - what a count should be
 * @s: shadow
 * @ref: which count
 * @object: whose
 *
 * Context: any.
 * Return: number of holders, the negative ones subtracted.
 */
long shadow_count(const struct shadow *s, enum ref_kind ref, const void *object);

/**
 * shadow_holders() - all holders of one count, by name
 * @s: shadow
 * @ref: which count
 * @object: whose
 * @buf: receives "task pid 12, exec by pid 13" or "nobody", cut to fit
 * @size: bytes of @buf
 *
 * Context: world frozen, as shadow_make().
 * Return: @buf.
 */
const char *shadow_holders(const struct shadow *s, enum ref_kind ref,
			   const void *object, char *buf, size_t size);

#define HOLDERS_TEXT_MAX 1600

#endif
