// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cow_storm: parent and children break COW of the same pages at once, while
 * access_process_vm() holds references on them (FLT-45 to 48).
 */
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/sched.h"
#include "mm/sys.h"
#include "stress/actions.h"
#include "stress/oracle_data.h"
#include "stress/overlap.h"

/* ---- Parent and child at one page ----------------------------------------- */

#define GATES 256
#define PATIENCE 100 /* turns to wait for the other one */
#define MEETING_PAGES 4

enum { PARENT = 1, CHILD };

/* Where the two wait for each other after a fork; a later pair takes it. */
static struct {
	uint64_t meeting; /* (a) whose it is */
	int arrived; /* (a) */
} gates[GATES];

/* The parent, before the fork; the child gets a copy of ->scratch. */
static void arrange_meeting(struct stress_user *u)
{
	uint64_t meeting = overlap_begin();

	u->scratch = (uintptr_t)meeting;
	__atomic_store_n(&gates[meeting % GATES].arrived, 0, __ATOMIC_RELAXED);
	smp_store_release(&gates[meeting % GATES].meeting, meeting);
	for (unsigned int i = 0; i < MEETING_PAGES; i++)
		data_write(u, u->image->data[i].addr, &u->data[i]);
}

static void wait_at_gate(uint64_t meeting)
{
	int *arrived = &gates[meeting % GATES].arrived;

	__atomic_fetch_add(arrived, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < PATIENCE; i++) {
		if (__atomic_load_n(arrived, __ATOMIC_RELAXED) > 1 ||
		    smp_load_acquire(&gates[meeting % GATES].meeting) !=
		    meeting || world_stopping())
			return;
		SYSCALL((yield(), 0));
	}
}

/* Both write the pages they share, in the same order. */
static void meet(struct stress_user *u, unsigned int who)
{
	uint64_t meeting = u->scratch;

	wait_at_gate(meeting);
	for (unsigned int i = 0; i < MEETING_PAGES; i++) {
		unsigned long faults = current->min_flt;
		uint64_t begun = overlap_begin();

		data_write(u, u->image->data[i].addr, &u->data[i]);
		if (current->min_flt != faults &&
		    overlap_end((meeting << 8) + (1ull << 63) + i, who,
				begun) & OVERLAP_OTHER)
			stress_count(COVER_B8_COW_BOTH);
	}
}

/* ---- Families -------------------------------------------------------------- */

static void write_all(struct stress_user *u)
{
	act_touch(u, 6);
	for (unsigned int i = 0; i < 4; i++)
		prog_random_memory(u);
}

static void child(struct stress_user *u)
{
	pid_t parent = SYSCALL(sys_getppid());

	meet(u, CHILD);
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		write_all(u);
		if (parent > 1)
			act_access_remote(u, parent,
					  rng_chance(&u->rng, 1, 2));
	}
	prog_exit(u, 0, true);
}

/* Shares the mm with who forks: their copies of one page meet in FLT-48. */
static void writer(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		act_touch(u, 8);
		SYSCALL((yield(), 0));
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	for (unsigned int i = 0; i < 6; i++)
		prog_map(u, i, LOT_ANON);
	act_start_crew(u, 2, writer, 60);
	for (unsigned int i = 0; i < 6 && !world_stopping(); i++) {
		u->steps = 4;
		write_all(u);
		arrange_meeting(u);
		if (prog_fork(u, child) > 0)
			meet(u, PARENT);
		write_all(u);
		if (u->nr_children)
			act_access_remote(u, u->children[0], true);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops cow_storm_ops = {
	.name = "cow_storm",
	.why = "parent and children break COW while others hold the pages",
	.items = "B-8",
	.family = family,
};
