// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios: areas of a file that move, split and merge while it is
 * being cut. */
#include <errno.h>
#include <signal.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/fremap.h"
#include "mm/mmap.h"
#include "mm/mprotect.h"
#include "mm/mremap.h"
#include "mm/ptrace.h"
#include "mm/sched.h"
#include "mm/uaccess.h"
#include "stress/bounded/cut_file.h"

#define SECOND CUT_FILE_PAGE(1)

/* ---- mremap --------------------------------------------------------------- */

/* Return: where the mapping is then. */
static uaddr_t move_mapping(unsigned long pages)
{
	uaddr_t at = SYSCALL(sys_mremap(CUT_FILE_AT, 2 * PAGE_SIZE,
					pages * PAGE_SIZE,
					MREMAP_MAYMOVE | MREMAP_FIXED,
					CUT_FILE_MOVED));

	return IS_ERR_VALUE(at) ? CUT_FILE_AT : CUT_FILE_MOVED;
}

static void truncate_move_main(void *arg)
{
	uaddr_t at;

	(void)arg;
	cut_file_map_any();
	cut_file_touch(SECOND);
	cut_file_mapped();
	at = move_mapping(2);
	cut_file_wait_expect(at + PAGE_SIZE);
	bounded_exit();
}

static void truncate_move(void)
{
	cut_file_under(truncate_move_main, 2);
}

const struct bounded_ops bounded_truncate_move = {
	.name = "truncate-move",
	.why = "mremap moves a mapping whose file is being truncated",
	.items = "B-7 MAP-34",
	.cpus = 2,
	.body = truncate_move,
};

/* As it is, or with a page more that nothing is behind. */
static void moves(void *arg)
{
	uaddr_t at;

	(void)arg;
	bounded_arrive();
	at = move_mapping(2 + bounded_pick(2));
	cut_file_wait_expect(at + PAGE_SIZE);
	bounded_validate();
	bounded_exit();
}

/* A child has what its parent has touched. */
static void forks_mover(void *arg)
{
	cut_file_map(PROT_RW, MAP_SHARED);
	(void)SYSCALL(put_user64(1, SECOND));
	bounded_clone(SIGCHLD, moves, NULL);
	moves(arg);
}

static void truncate_movers(void)
{
	cut_file_open(2);
	bounded_spawn(forks_mover, NULL);
	bounded_arrive();
	cut_file_cut();
	cut_file_close();
}

const struct bounded_ops bounded_truncate_movers = {
	.name = "truncate-movers",
	.why = "parent and child move their mappings of a file that is cut",
	.items = "B-7 FLT-30 MAP-34",
	.cpus = 3,
	.arrivals = 3,
	.own_start = true,
	.body = truncate_movers,
};

/* ---- mprotect ------------------------------------------------------------- */

static void split_and_merge(uaddr_t at)
{
	(void)SYSCALL(sys_mprotect(at, PAGE_SIZE, PROT_READ));
	(void)SYSCALL(sys_mprotect(at, PAGE_SIZE, PROT_RW));
}

static void truncate_split_main(void *arg)
{
	(void)arg;
	cut_file_map_any();
	cut_file_touch(SECOND);
	cut_file_mapped();
	split_and_merge(CUT_FILE_AT);
	cut_file_wait_expect(SECOND);
	bounded_exit();
}

static void truncate_split(void)
{
	cut_file_under(truncate_split_main, 2);
}

const struct bounded_ops bounded_truncate_split = {
	.name = "truncate-split",
	.why = "areas split and merge while their file is truncated",
	.items = "B-13 MAP-5 LOCK-1",
	.cpus = 2,
	.body = truncate_split,
};

#define PIECES 4 /* pages; all but the first are cut off */

/* Pieces begin in the middle of what is cut off. */
static void splits(void *arg)
{
	(void)arg;
	bounded_arrive();
	split_and_merge(CUT_FILE_PAGE(1 + bounded_pick(PIECES - 1)));
	cut_file_wait();
	for (unsigned int page = 1; page < PIECES; page++)
		cut_file_expect(CUT_FILE_PAGE(page));
	bounded_validate();
	bounded_exit();
}

static void forks_splitter(void *arg)
{
	cut_file_map(PROT_RW, MAP_SHARED);
	for (unsigned int page = 0; page < PIECES; page++)
		(void)SYSCALL(put_user64(1, CUT_FILE_PAGE(page)));
	bounded_clone(SIGCHLD, splits, NULL);
	splits(arg);
}

static void truncate_pieces(void)
{
	cut_file_open(PIECES);
	bounded_spawn(forks_splitter, NULL);
	bounded_arrive();
	cut_file_cut();
	cut_file_close();
}

const struct bounded_ops bounded_truncate_pieces = {
	.name = "truncate-pieces",
	.why = "parent and child split and merge areas that are being cut",
	.items = "B-13 FLT-30 MAP-6",
	.cpus = 3,
	.arrivals = 3,
	.own_start = true,
	.body = truncate_pieces,
};

/* ---- remap_file_pages ----------------------------------------------------- */

static void truncate_remap_main(void *arg)
{
	(void)arg;
	cut_file_map(PROT_RW, MAP_SHARED);
	if (bounded_pick(2))
		cut_file_touch(CUT_FILE_AT);
	cut_file_mapped();
	/* The page that is cut off, in the place of the first one. */
	(void)SYSCALL(sys_remap_file_pages(CUT_FILE_AT, PAGE_SIZE, 1));
	cut_file_wait_expect(SECOND);
	bounded_exit();
}

static void truncate_remap(void)
{
	cut_file_under(truncate_remap_main, 2);
}

const struct bounded_ops bounded_truncate_remap = {
	.name = "truncate-remap",
	.why = "remap_file_pages of a page that is being cut off",
	.items = "B-7 FLT-55",
	.cpus = 2,
	.body = truncate_remap,
};

static void remap_poked_main(void *arg)
{
	uint64_t value = 7;

	(void)arg;
	cut_file_map(PROT_READ, MAP_SHARED);
	(void)SYSCALL(get_user64(&value, CUT_FILE_AT));
	cut_file_mapped();
	/* As a debugger does: its breakpoint is in a page of the process. */
	(void)SYSCALL(access_process_vm(current, CUT_FILE_AT, &value,
					sizeof(value), true));
	(void)SYSCALL(sys_remap_file_pages(CUT_FILE_AT, PAGE_SIZE,
					   bounded_pick(2)));
	bounded_validate();
	bounded_exit();
}

static void remap_poked(void)
{
	cut_file_under(remap_poked_main, 2);
}

const struct bounded_ops bounded_remap_poked = {
	.name = "remap-poked",
	.why = "remap_file_pages over a page that was written by force",
	.items = "FLT-49 FLT-55 INV-12",
	.cpus = 2,
	.body = remap_poked,
};
