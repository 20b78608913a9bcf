/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A user program's own memory of what it is and what it has written where:
 * host memory, out of reach of the emulated kernel's mistakes.  A task's
 * record is task->program; only the task itself uses it.
 *
 * A task that is killed cannot give its record back: prog_collect() finds
 * records no task has any more.
 */
#ifndef STRESS_USER_H
#define STRESS_USER_H

#include "mm/fork.h"
#include "mm/mm_types.h"
#include "stress/rng.h"
#include "stress/world.h"

#define LOT_PAGES 16
#define LOTS 10 /* 8 side by side, 2 with room to grow downwards */
#define MAX_CHILDREN 12
#define PAGE_UNMAPPED 0xff

enum lot_kind {
	LOT_FREE, LOT_ANON, LOT_FILE, LOT_SHARED_FILE, LOT_SHARED_ANON,
	LOT_STACK,
};

/* Some pages of a thread's area that were mapped in one go. */
struct lot {
	enum lot_kind kind;
	unsigned char file; /* index in world.pattern_files or shared */
	unsigned char pgoff; /* first page of the file */
	unsigned char prot[LOT_PAGES]; /* PROT_*, or PAGE_UNMAPPED */
	uint64_t expect[LOT_PAGES]; /* own word; 0: as mapped */
};

/* A system call that changed the memory: shown in findings. */
struct user_note {
	const char *what;
	uaddr_t addr;
	unsigned long len;
	long ret;
};

#define USER_NOTES 16

struct stress_user {
	struct stress_user *next; /* pool lock: list of all */
	struct stress_user *next_free; /* pool lock */
	struct stress_user *in_clone; /* (a) child not published yet */
	bool in_use; /* pool lock */
	bool marked; /* prog_collect() */

	struct stress_rng rng;
	uint32_t serial; /* in the values it writes */
	uint32_t generation; /* of the next value */
	unsigned int slot; /* own word of each data page */
	unsigned int depth; /* generations since the ancestor */
	unsigned int steps; /* left to do */
	bool shares_mm; /* did not come from fork() or exec() */
	bool may_fault; /* the next access may be out of bounds */
	bool forked; /* has not looked what slots its parent had given out */
	unsigned int foreign_slots; /* up to this: threads of the parent */
	bool vforked; /* the parent waits until we exec or exit */
	unsigned int exec_beside; /* EXEC_BESIDE_* of the exec in progress */
	unsigned long faults_seen; /* min_flt counted so far */
	const struct program_image *image;
	const struct program_image *next_image; /* being executed */
	struct exec_image exec; /* argument of sys_execve() */
	void (*entry)(struct stress_user *u);
	uintptr_t scratch; /* the scenario's own; children get a copy */
	uint64_t data[MAX_DATA_PAGES]; /* own words; 0: as mapped */
	struct lot lots[LOTS];
	struct user_note notes[USER_NOTES]; /* a ring */
	unsigned int nr_notes;
	pid_t children[MAX_CHILDREN]; /* to be reaped by this task */
	unsigned int nr_children;
};

/* What there was when an exec began. */
enum {
	EXEC_BESIDE_SIBLINGS = 1, EXEC_BESIDE_LEADER = 2,
	EXEC_BESIDE_SHARER = 4,
};

typedef void (*prog_entry_t)(struct stress_user *u);

/* ---- user.c: records, creation and end ---------------------------------- */

/**
 * prog_spawn_ancestor() - start a process with the layout's address space
 * @seed: of its random numbers
 * @entry: what it does
 *
 * Context: init.
 * Return: pid or -Exxx.
 */
pid_t prog_spawn_ancestor(uint64_t seed, prog_entry_t entry);

/**
 * prog_fork() - fork: the child knows what the parent has written
 * @u: caller
 * @entry: child's program
 *
 * Context: user program.
 * Return: pid or -Exxx.
 */
pid_t prog_fork(struct stress_user *u, prog_entry_t entry);

/**
 * prog_clone() - a child that shares the mm
 * @u: caller
 * @entry: child's program
 * @flags: CLONE_* beside CLONE_VM: THREAD, VFORK, SETTLS ...
 * @tls: user address for CLONE_SETTLS
 *
 * Context: user program.
 * Return: pid or -Exxx; -EBUSY if the process has no slot left.
 */
pid_t prog_clone(struct stress_user *u, prog_entry_t entry,
		 unsigned long flags, uaddr_t tls);

#define THREAD_FLAGS (CLONE_THREAD | CLONE_SIGHAND | CLONE_CHILD_CLEARTID | \
		      CLONE_CHILD_SETTID)

/**
 * prog_exec() - replace the address space
 * @u: caller
 * @image: program
 * @entry: what the task does afterwards, its regions forgotten
 *
 * Context: user program.
 * Return: only on failure: -Exxx.
 */
int prog_exec(struct stress_user *u, const struct program_image *image,
	      prog_entry_t entry);

/**
 * prog_exit() - end the calling thread
 * @u: caller; its record is given back
 * @code: exit code
 * @group: end the whole process
 *
 * Context: user program.
 */
void prog_exit(struct stress_user *u, int code, bool group) __noreturn;

/**
 * prog_reap() - wait for own children
 * @u: caller
 * @block: wait for one child if there is any
 *
 * Context: user program.
 * Return: how many were reaped.
 */
int prog_reap(struct stress_user *u, bool block);

/**
 * prog_join() - wait until a thread has cleared its tid word
 * @u: caller
 * @slot: the thread's slot
 *
 * Returns at once for threads of the process that the caller's was forked of,
 * and for those that another thread joins.
 *
 * Context: user program.
 */
void prog_join(struct stress_user *u, unsigned int slot);

/**
 * prog_collect() - take back records no task has any more
 *
 * Context: init; takes R(tasklist_lock).
 * Return: records in use.
 */
unsigned long prog_collect(void);

/** prog_pool_free() - free all records.  Context: no task is left. */
void prog_pool_free(void);

/**
 * prog_count_faults() - add what the task has faulted to the counters
 * @u: caller
 *
 * Context: user program.
 */
void prog_count_faults(struct stress_user *u);

/* Remember what a call did, for findings. */
static inline void prog_note(struct stress_user *u, const char *what,
			     uaddr_t addr, unsigned long len, long ret)
{
	u->notes[u->nr_notes++ % USER_NOTES] = (struct user_note){
		what, addr, len, ret };
}

/* ---- user_memory.c: mapping and touching -------------------------------- */

/** prog_settle() - map the common area, take slot 1.  Context: after exec. */
void prog_settle(struct stress_user *u);

/** prog_make_resident() - touch what the layout says is resident. */
void prog_make_resident(struct stress_user *u);

/** prog_random_memory() - one random memory operation.  Context: user. */
void prog_random_memory(struct stress_user *u);

/** prog_map() - map something into a free lot.  Context: user. */
void prog_map(struct stress_user *u, unsigned int lot, enum lot_kind kind);

/** prog_unmap() - unmap @nr pages of a lot from @first.  Context: user. */
void prog_unmap(struct stress_user *u, unsigned int lot, unsigned int first,
		unsigned int nr);

/** prog_grow_stack() - touch a lot of kind LOT_STACK further down. */
void prog_grow_stack(struct stress_user *u, unsigned int lot);

/** prog_forget_area() - unmap the thread's whole area.  Context: user. */
void prog_forget_area(struct stress_user *u);

static inline uaddr_t prog_arena(unsigned int slot)
{
	return world.arena + slot * ARENA_SIZE;
}

uaddr_t prog_lot_addr(const struct stress_user *u, unsigned int lot);

static inline uaddr_t prog_tid_addr(unsigned int slot)
{
	return world.common + COMMON_TIDS * PAGE_SIZE + slot * 8;
}

#endif
