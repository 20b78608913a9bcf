/* SPDX-License-Identifier: GPL-2.0-or-later */
/* coredump.h - stop everybody who uses an mm and write it out */
#ifndef MM_COREDUMP_H
#define MM_COREDUMP_H

#include "mm/mm_types.h"

/* Where a core file goes; a stream without seeking. */
struct core_sink {
	/* 0, or -errno to give the dump up.  May sleep. */
	int (*write)(struct core_sink *sink, const void *buf, size_t len);
	/* Always called; @ok: the file is complete.  Frees @sink. */
	void (*close)(struct core_sink *sink, bool ok);
};

/* A sink for a dump of @tsk (current), or NULL: then nothing is written. */
typedef struct core_sink *(*core_sink_factory_t)(struct task_struct *tsk,
						 int signr);

/**
 * set_core_sink_factory() - choose where core files go
 * @factory: NULL restores the default, which counts the bytes and drops them
 *
 * Context: any time; dumps in progress keep their sink.
 */
void set_core_sink_factory(core_sink_factory_t factory);

/**
 * core_sink_fd() - a sink that writes to a file of the host
 * @fd: open for writing; closed with the sink
 *
 * Context: may sleep.
 * Return: the sink, or NULL for lack of memory.
 */
struct core_sink *core_sink_fd(int fd);

struct core_stats {
	atomic_long_t dumps; /* complete files */
	atomic_long_t failed; /* begun, but incomplete */
	atomic_long_t refused; /* not begun: DUMP-5 step 2, DEF-10 */
	atomic_long_t bytes; /* of all files */
	atomic_long_t waited_for; /* tasks parked */
};
extern struct core_stats core_stats;

/**
 * do_coredump() - dump the address space of current (DUMP-5)
 * @signr: signal that asks for it
 * @exit_code: wait status of the group
 *
 * Kills and parks every other task that uses the mm.  Returns to the caller
 * in any case, who then ends the group.
 *
 * Context: no lock; sleeps.
 * Return: 0 if a complete file was written, -EAGAIN if the dump was refused,
 *         -errno otherwise.
 */
int do_coredump(int signr, int exit_code);

/**
 * task_uses_mm() - is @mm a task's own, not one that a worker has borrowed?
 * @p: task
 * @mm: address space; only compared
 *
 * use_mm() and unuse_mm() change pointer and flag together under task_lock
 * (TLB-30), so that both have to be looked at under it.
 *
 * Context: R(tasklist_lock), or a reference on @p; takes task_lock.
 * Return: whether it does.
 */
bool task_uses_mm(struct task_struct *p, const struct mm_struct *mm);

/** coredump_init() - nothing is dumped yet. Return: 0. */
int coredump_init(void);

#endif /* MM_COREDUMP_H */
