/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is counted during a run: events, and how often each interleaving of
 * the specification's Appendix B happened.  One table gives both the numbers
 * and their names.
 */
#ifndef STRESS_COUNTERS_H
#define STRESS_COUNTERS_H

#include <stdint.h>

/* Events: constant, name in JSON. */
#define STRESS_EVENTS(X)						\
	X(EV_FORK, "forks")						\
	X(EV_VFORK, "vforks")						\
	X(EV_CLONE_THREAD, "thread_clones")				\
	X(EV_CLONE_VM, "vm_clones")					\
	X(EV_CREATE_FAILED, "failed_creations")				\
	X(EV_EXEC, "execs")						\
	X(EV_EXEC_FAILED, "failed_execs")				\
	X(EV_EXIT, "exits")						\
	X(EV_REAP, "reaped")						\
	X(EV_DUMP, "dumps")						\
	X(EV_KILL, "kills_sent")					\
	X(EV_GROUP_EXIT, "group_exits")					\
	X(EV_FAULT, "faults")						\
	X(EV_READ, "checked_reads")					\
	X(EV_WRITE, "writes")						\
	X(EV_MMAP, "mmaps")						\
	X(EV_MUNMAP, "munmaps")						\
	X(EV_MPROTECT, "mprotects")					\
	X(EV_MREMAP, "mremaps")						\
	X(EV_BRK, "brks")						\
	X(EV_MBIND, "mbinds")						\
	X(EV_GET_POLICY, "policies_asked")				\
	X(EV_MINCORE, "mincores")					\
	X(EV_MLOCK, "mlocks")						\
	X(EV_STACK, "stack_growths")					\
	X(EV_LDT, "ldt_writes")						\
	X(EV_FUTEX, "futex_waits")					\
	X(EV_PROC, "proc_reads")					\
	X(EV_ACCESS_VM, "remote_accesses")				\
	X(EV_REQUEUE, "futex_requeues")					\
	X(EV_ATTACH, "ptrace_attaches")					\
	X(EV_STOP, "stops_reported")					\
	X(EV_AIO, "aio_requests")					\
	X(EV_AIO_RING, "aio_ring_events")				\
	X(EV_PIN_LOST, "lost_pins")					\
	X(EV_FREEZE, "censuses")					\
	X(EV_TRUNCATE, "truncations")					\
	X(EV_RECLAIM, "pages_reclaimed")				\
	X(EV_SWAP_OUT, "ptes_swapped_out")				\
	X(EV_SWAP_IN, "ptes_swapped_in")				\
	X(EV_SWAPOFF, "swapoffs")					\
	X(EV_SWAPOFF_FAILED, "failed_swapoffs")				\
	X(EV_SWAPOFF_CUT, "interrupted_swapoffs")			\
	X(EV_OOM_KILL, "oom_kills")					\
	X(EV_SWITCH, "context_switches")				\
	X(EV_IDLE_SWITCH, "idle_switches")				\
	X(EV_LAZY_BORROW, "lazy_borrows")				\
	X(EV_WAKEUP, "wakeups")						\
	X(EV_SAMPLES, "samples")					\
	X(EV_ALIVE_SUM, "alive_sum")					\
	X(EV_RESIDENT_SUM, "resident_pages_sum")			\
	X(EV_SET_SUM, "touched_pages_sum")				\
	X(EV_PRESSED_MS, "sampled_ms")					\
	X(EV_PRESSED_OUT, "sampled_swapped_out")			\
	X(EV_PRESSED_IN, "sampled_swapped_in")

/* Interleavings: constant, item of Appendix B or OOM, what has been seen. */
#define STRESS_COVERAGE(X)						\
	X(B1_SCANNED, "B-1", "sharer of the mm found by a dump's scan")	\
	X(B1_CLONE_EINTR, "B-1", "clone refused by the SIGKILL of a dump") \
	X(B2_THREAD_EAGAIN, "B-2", "thread refused by a group exit")	\
	X(B2_SETTLS_EFAULT, "B-2", "clone undone after a bad TLS")	\
	X(B3_RECLAIM_FORK, "B-3", "reclaim unmapped a page of an mm being forked") \
	X(B4_MISSED, "B-4", "slot still held after swapoff's search")	\
	X(B4_BUILDING, "B-4", "swapoff found a slot in an mm being forked") \
	X(B5_LISTED, "B-5", "reclaim put an mm without users on mmlist") \
	X(B5_PASSED, "B-5", "swapoff passed an mm without users")	\
	X(B6_SWAPOFF_LAST, "B-6", "last mmput by swapoff")		\
	X(B6_OUTSIDER, "B-6", "last mmput by a reader from outside")	\
	X(B6_LAZY, "B-6", "the same with CPUs lazily on the mm")	\
	X(B7_FORK, "B-7", "fork during a truncation of what it maps")	\
	X(B7_FAULT, "B-7", "fault retried because of a truncation")	\
	X(B8_COW_LOST, "B-8", "page changed hands while it was copied")	\
	X(B8_COW_HELD, "B-8", "copy forced by one who held the page")	\
	X(B8_COW_BOTH, "B-8", "parent and child broke COW of one page at once") \
	X(B9_STALE_WRITE, "B-9", "write through a translation fork revoked") \
	X(B10_EXEC, "B-10", "vfork child replaced its image")		\
	X(B10_EXIT, "B-10", "vfork child exited")			\
	X(B10_DUMPER, "B-10", "vfork child dumped core")		\
	X(B10_VICTIM, "B-10", "vfork child died in a dump")		\
	X(B10_EXEC_EINTR, "B-10", "exec failed because of a dump")	\
	X(B11_EXEC_KILLS, "B-11", "exec ended sibling threads")		\
	X(B11_NON_LEADER, "B-11", "exec by a thread that did not lead")	\
	X(B11_VM_SHARER, "B-11", "exec out of an mm that others share")	\
	X(B11_EAGAIN, "B-11", "exec lost against a group exit")		\
	X(B12_REMOTE_IN_DUMP, "B-12", "remote access to a parked task")	\
	X(B12_GROWTH_IN_DUMP, "B-12", "stack of a parked task grown")	\
	X(B12_SWAPOFF, "B-12", "swapoff searched an mm during its dump") \
	X(B13_SECOND, "B-13", "second dump refused")			\
	X(B14_LAZY_LAST, "B-14", "mm outlived by a lazy user")		\
	X(B14_FLUSH_LAZY, "B-14", "flush met a lazy CPU")		\
	X(B14_FLUSH_SWITCH, "B-14", "flush met a CPU that switches")	\
	X(B15_LDT_FORK, "B-15", "LDT grew during a fork")		\
	X(B16_RMAP_WALK, "B-16", "areas of a file split or merged during its rmap walk") \
	X(B17_GROW_SAME, "B-17", "two threads grew one stack")		\
	X(B17_GROW_OTHER, "B-17", "two threads grew two stacks")	\
	X(B18_QUEUE, "B-18", "eight or more waited for one mmap_sem")	\
	X(B19_READERS, "B-19", "tasklist writer waited for a reader")	\
	X(B20_VFORK_STACK, "B-20", "vfork parent's frame reused at once") \
	X(B20_DUMP_STACK, "B-20", "dumper's frame reused at once")	\
	X(B21_EXIT_ACTIVE, "B-21", "exit with requests active")		\
	X(B21_EXIT_WAITED, "B-21", "exit slept for a request's end")	\
	X(B21_RING_DYING, "B-21", "ring unmapped with mm_users 0")	\
	X(B21_DYING, "B-21", "worker ran in an mm without users")	\
	X(B21_DUMPING, "B-21", "worker ran in an mm being dumped")	\
	X(B22_OUTLIVED, "B-22", "futex file outlived the address space") \
	X(B22_LAST, "B-22", "and was the last to hold the structure")	\
	X(B23_CLEAR_SHARED, "B-23", "tid cleared, waiter woken")	\
	X(B23_CLEAR_ALONE, "B-23", "tid kept: no second user")		\
	X(B23_PROC_REF, "B-23", "tid cleared beside a /proc reader")	\
	X(B24_CHARGE_REFUSED, "B-24", "fork refused for lack of memory") \
	X(B24_CHARGES_ALL, "B-24", "refused one by one until it succeeded") \
	X(OOM_SWAP_FULL, "OOM", "no swap was left")			\
	X(OOM_KILLED, "OOM", "somebody was killed for memory")		\
	X(OOM_DUMPING, "OOM", "the same, during its core dump")

#define STRESS_ENUM_EVENT(id, name) id,
#define STRESS_ENUM_COVER(id, item, what) COVER_##id,

enum stress_counter {
	STRESS_EVENTS(STRESS_ENUM_EVENT)
	NR_STRESS_EVENTS,
	COVER_FIRST = NR_STRESS_EVENTS,
	COVER_BEFORE_FIRST = COVER_FIRST - 1,
	STRESS_COVERAGE(STRESS_ENUM_COVER)
	NR_STRESS_COUNTERS,
};

/* Levels, kept as their latest or greatest value. */
enum stress_gauge {
	GAUGE_ALIVE, /* tasks that can still run */
	GAUGE_PEAK, /* most tasks alive */
	GAUGE_CENSUS_MS, /* longest census, with the way to standstill */
	GAUGE_QUEUE, /* deepest queue of any mmap_sem */
	GAUGE_PARK_MS, /* longest stay of a core_waiter */
	GAUGE_USED_FRAMES, /* most frames in use at one time */
	GAUGE_RSS_MIB, /* of the worker process, now */
	GAUGE_OWN_MIB, /* of that, what is not emulated memory */
	NR_STRESS_GAUGES,
};

struct counter_info {
	const char *name; /* events: name in JSON; coverage: what */
	const char *item; /* coverage: "B-1" or "OOM"; events: NULL */
};

/* Indexed by enum stress_counter. */
extern const struct counter_info stress_counter_info[NR_STRESS_COUNTERS];

/* Threads count in different rows, so that they do not meet in the cache. */
#define STRESS_COUNTER_ROWS 16

struct stress_counter_row {
	uint64_t n[NR_STRESS_COUNTERS];
} __attribute__((aligned(128)));

struct stress_counters {
	struct stress_counter_row rows[STRESS_COUNTER_ROWS];
	uint64_t gauges[NR_STRESS_GAUGES];
};

/* All counters at one moment. */
struct stress_totals {
	uint64_t n[NR_STRESS_COUNTERS];
	uint64_t gauges[NR_STRESS_GAUGES];
};

/**
 * counters_sum() - add the rows up
 * @c: counters somebody else may be changing
 * @out: filled in
 *
 * Context: any.
 */
void counters_sum(const struct stress_counters *c, struct stress_totals *out);

/**
 * totals_add() - add the counters of one round to those of the run
 * @sum: the run's; gauges keep the greater value, except GAUGE_ALIVE and
 *	those of memory, which become @round's
 * @round: the round's
 *
 * Context: any.
 */
void totals_add(struct stress_totals *sum, const struct stress_totals *round);

/**
 * totals_ops() - life-cycle operations, what --ops limits
 * @t: counters
 *
 * Context: any.
 * Return: forks, clones, execs and exits together.
 */
uint64_t totals_ops(const struct stress_totals *t);

#endif
