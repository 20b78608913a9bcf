// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * futex: files of futexes whose processes are gone (REF-2), and sleepers
 * that are moved from one word to another.
 */
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/files.h"
#include "mm/futex.h"
#include "mm/sys.h"
#include "mm/uaccess.h"
#include "stress/actions.h"

/* Words of the area of tids that belong to no slot. */
#define WORD_A (MAX_SLOTS + 8)
#define WORD_B (MAX_SLOTS + 9)
#define SLEEPERS 3

static uaddr_t word(unsigned int nr)
{
	return world.common + COMMON_TIDS * PAGE_SIZE + nr * 8;
}

static int open_futex(void)
{
	return SYSCALL(sys_futex(word(WORD_A), FUTEX_FD, 0, 0, 0, 0));
}

/* ---- files that outlive -------------------------------------------------- */

/* Its parent is dying or dead; the descriptors are all that is left of it. */
static void heir(struct stress_user *u)
{
	unsigned int nr = rng_below(&u->rng, 20);

	for (unsigned int i = 0; i < nr && !world_stopping(); i++) {
		act_touch(u, 1);
		SYSCALL(futex_poll(0, false));
	}
	if (rng_chance(&u->rng, 1, 2))
		SYSCALL(sys_close(0));
	prog_exit(u, 0, true);
}

static void testator(struct stress_user *u)
{
	open_futex();
	open_futex();
	prog_fork(u, heir);
	if (rng_chance(&u->rng, 1, 3))
		prog_exec(u, &world.small_image, prog_brief);
	prog_exit(u, 0, true);
}

/* ---- sleepers that are moved --------------------------------------------- */

static void sleeper(struct stress_user *u)
{
	uint32_t value;

	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		if (user_read32(word(WORD_A), &value))
			break;
		stress_count(EV_FUTEX);
		SYSCALL(sys_futex(word(WORD_A), FUTEX_WAIT, value, 0, 0, 0));
	}
	prog_exit(u, 0, false);
}

/* As a condition variable does: one wakes up, the others queue elsewhere. */
static void move_sleepers(struct stress_user *u)
{
	uint32_t value = (uint32_t)rng_next(&u->rng);
	int moved;

	user_write32(word(WORD_A), value);
	moved = SYSCALL(sys_futex(word(WORD_A), FUTEX_CMP_REQUEUE, 1,
				  word(WORD_B), SLEEPERS, value));
	if (moved > 1)
		stress_count(EV_REQUEUE);
	SYSCALL(sys_futex(word(WORD_B), FUTEX_WAKE, SLEEPERS, 0, 0, 0));
}

static void family(struct stress_user *u)
{
	act_start_crew(u, SLEEPERS, sleeper, 20);
	for (int i = 0; i < 8 && !world_stopping(); i++) {
		prog_fork(u, testator);
		for (int j = 0; j < 6; j++)
			move_sleepers(u);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops futex_ops = {
	.name = "futex",
	.why = "futex files that outlive their process, sleepers requeued",
	.items = "B-22",
	.family = family,
};
