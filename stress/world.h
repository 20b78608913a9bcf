/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all tasks of a round share: files, programs to execute, and the word
 * that says stop.  Made by init before the first task, then constant, except
 * where a field says otherwise.
 */
#ifndef STRESS_WORLD_H
#define STRESS_WORLD_H

#include "mm/exec.h"
#include "mm/freezer.h"
#include "mm/mm_types.h"
#include "stress/scenario.h"
#include "stress/shared.h"

#define COMMON_PAGES 4 /* of the area every program maps for itself */
#define COMMON_CONTROL 0 /* word 0: next free slot; then: who is joined */
#define COMMON_TIDS 1 /* word of the slot: clear_child_tid */
#define COMMON_DATA 2 /* this one and the following: data */
#define MAX_DATA_PAGES 20 /* common data pages with those of the layout */

#define SHARED_FILES 4
#define SHARED_FILE_PAGES 16
#define PATTERN_FILES 2
#define PATTERN_FILE_PAGES 64

#ifdef GEOMETRY_I386
#define ARENA_DEFAULT 0x40000000UL
#else
#define ARENA_DEFAULT 0x100000000000UL
#endif
#define ARENA_SIZE (256 * PAGE_SIZE) /* of one thread */
#define MAX_SLOTS 480
#define REMOTE_SLOT 500 /* word for access_process_vm() */

/* A private page that each thread of a process owns one word of. */
struct data_page {
	uaddr_t addr;
	unsigned long ino; /* file it is a private mapping of; 0: anonymous */
	pgoff_t index; /* page of that file */
};

/* A run of pages nobody writes: the file's pattern. */
struct pattern_range {
	uaddr_t start;
	unsigned long pages;
	unsigned long ino;
	pgoff_t index;
};

struct program_image {
	const char *name;
	struct exec_segment *segments;
	int nr_segments;
	struct file *file; /* executable */
	uaddr_t brk, heap_end; /* heap as the layout has it */
	uaddr_t stack_top, stack_end; /* stack as the layout has it */
	unsigned int nr_data;
	struct data_page data[MAX_DATA_PAGES];
	unsigned int nr_patterns;
	struct pattern_range patterns[32];
	const struct layout *residency; /* touch these; NULL: nothing */
};

/* A file mapped shared; its pages are counters. */
struct shared_file {
	struct file *file;
	unsigned long ino;
	uint64_t begun[SHARED_FILE_PAGES]; /* (a) before an increment */
	uint64_t made[SHARED_FILE_PAGES]; /* (a) after it */
};

struct world {
	struct stress_shared *sh;
	const struct stress_ops *ops;
	uint64_t seed;
	unsigned int target; /* tasks wanted alive, daemons not counted */
	int daemons; /* init and the kernel threads there are before a round */
	uaddr_t arena; /* thread areas; the common area lies below */
	uaddr_t common;
	struct program_image layout_image, small_image;
	struct file **open; /* all files world_open() has opened */
	unsigned int nr_open;
	struct file **files; /* of the layout, by file_id - 1 */
	struct file *program_file; /* of small_image */
	struct file *pattern_files[PATTERN_FILES];
	struct shared_file shared[SHARED_FILES];
	int stop; /* (a) */
	int draining; /* (a) tasks must not create tasks any more */
};

extern struct world world;

/**
 * world_make() - files and programs from the layout
 *
 * Context: init, after start_kernel(); world.sh, ops, seed are set.
 * Return: 0 or -ENOMEM.
 */
int world_make(void);

/**
 * world_open() - make a file and keep it open until world_unmake()
 * @name: for findings
 * @pages: its size
 * @flags: FILE_READ, FILE_WRITE, FILE_EXEC
 *
 * Context: init; setup() of a scenario, no task yet.
 * Return: the file, or NULL for lack of memory.
 */
struct file *world_open(const char *name, unsigned long pages,
			unsigned int flags);

/**
 * world_unmake() - close the files
 *
 * Context: init, all other tasks gone.
 */
void world_unmake(void);

/* Whether tasks should come to an end. */
static inline bool world_stopping(void)
{
	return READ_ONCE(world.stop);
}

/* The same, or they should stand still: for what takes long and can wait. */
static inline bool world_pausing(void)
{
	return world_stopping() || READ_ONCE(system_freezing);
}

/**
 * world_room() - how many tasks may still be created
 *
 * Context: any; a snapshot of nr_threads.
 * Return: number, negative if there are too many.
 */
int world_room(void);

/**
 * stress_count() - count an event or an interleaving
 * @which: enum stress_counter
 *
 * Context: any thread of a worker.
 */
void stress_count(enum stress_counter which);

/** stress_add() - stress_count() @nr times at once */
void stress_add(enum stress_counter which, uint64_t nr);

#endif
