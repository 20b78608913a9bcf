// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reclaim: whatever --ram is, init takes pages away from families that fork,
 * break COW, and map, split, merge and rearrange parts of one file.
 */
#include <sys/mman.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/filemap.h"
#include "mm/fremap.h"
#include "mm/madvise.h"
#include "mm/mmap.h"
#include "mm/mprotect.h"
#include "mm/msync.h"
#include "mm/munmap.h"
#include "mm/rmap_unmap.h"
#include "mm/sys.h"
#include "mm/uaccess.h"
#include "mm/vmscan.h"
#include "stress/actions.h"
#include "stress/oracle_data.h"
#include "stress/overlap.h"

#define AREA_PAGE 228 /* behind the lots of an area */
#define AREA_PAGES 16
#define PROT_RW (PROT_READ | PROT_WRITE)

/* What meets at a file. */
enum { WALKING = 1, CUTTING };

static uint64_t place_of(unsigned int file)
{
	return (3ull << 40) + file;
}

static void count_walk(unsigned int file, unsigned int what, uint64_t begun)
{
	if (overlap_end(place_of(file), what, begun) & OVERLAP_OTHER)
		stress_count(COVER_B16_RMAP_WALK);
}

/* One page of the file out of all page tables, as shrink_list() does it. */
static void walk_file(unsigned int file, pgoff_t index)
{
	struct page *page = find_lock_page(world.shared[file].file->f_mapping,
					   index);
	uint64_t begun;

	if (!page)
		return;
	begun = overlap_begin();
	if (page_mapped(page)) {
		try_to_unmap(page);
		count_walk(file, WALKING, begun);
	}
	unlock_page(page);
	put_page(page);
}

static void take_pages(void)
{
	for (unsigned int file = 0; file < SHARED_FILES; file++)
		for (pgoff_t i = 0; i < AREA_PAGES && !world_pausing(); i++)
			walk_file(file, i);
	if (world_pausing())
		return;
	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	try_to_free_pages(GFP_KERNEL);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
}

/* ---- COW and fork (B-3, B-8) ------------------------------------------------ */

static void child(struct stress_user *u)
{
	pid_t parent = SYSCALL(sys_getppid());

	for (unsigned int i = 0; i < 4 && !world_stopping(); i++) {
		act_touch(u, 4);
		prog_random_memory(u);
		if (parent > 1)
			act_access_remote(u, parent,
					  rng_chance(&u->rng, 1, 2));
	}
	prog_exit(u, 0, true);
}

static void fork_and_write(struct stress_user *u)
{
	act_touch(u, 4);
	prog_fork(u, child);
	act_touch(u, 4);
	prog_random_memory(u);
	if (u->nr_children)
		act_access_remote(u, u->children[0], true);
	prog_reap(u, false);
}

/* ---- A file in pieces (B-16) ------------------------------------------------ */

struct piece {
	uaddr_t at;
	unsigned int file; /* in world.shared */
	pgoff_t index[AREA_PAGES]; /* of the file, in each page */
	bool mapped[AREA_PAGES];
};

static void map_file(struct piece *p)
{
	uaddr_t at = SYSCALL(sys_mmap(p->at, AREA_PAGES * PAGE_SIZE, PROT_RW,
				      MAP_SHARED | MAP_FIXED,
				      world.shared[p->file].file, 0));

	for (unsigned int i = 0; i < AREA_PAGES; i++) {
		p->mapped[i] = at == p->at;
		p->index[i] = i;
	}
}

/* A page elsewhere in the file: the area is nonlinear from now on. */
static void rearrange(struct stress_user *u, struct piece *p)
{
	unsigned int page = rng_below(&u->rng, AREA_PAGES);
	pgoff_t index = rng_below(&u->rng, SHARED_FILE_PAGES);

	if (p->mapped[page] &&
	    !SYSCALL(sys_remap_file_pages(p->at + page * PAGE_SIZE, PAGE_SIZE,
					  index)))
		p->index[page] = index;
}

static void unmap_part(struct stress_user *u, struct piece *p)
{
	unsigned int first = rng_below(&u->rng, AREA_PAGES);
	unsigned int nr = 1 + rng_below(&u->rng, AREA_PAGES - first);
	uint64_t begun = overlap_begin();

	if (SYSCALL(sys_munmap(p->at + first * PAGE_SIZE, nr * PAGE_SIZE)))
		return;
	count_walk(p->file, CUTTING, begun);
	for (unsigned int i = first; i < first + nr; i++)
		p->mapped[i] = false;
}

/* Split, and merged again: rights are what they were afterwards. */
static void split_and_merge(struct stress_user *u, struct piece *p)
{
	uaddr_t at = p->at + rng_below(&u->rng, AREA_PAGES) * PAGE_SIZE;
	uint64_t begun = overlap_begin();

	if (!SYSCALL(sys_mprotect(at, PAGE_SIZE, PROT_READ)) &&
	    !SYSCALL(sys_mprotect(at, PAGE_SIZE, PROT_RW)))
		count_walk(p->file, CUTTING, begun);
}

static void use_file(struct stress_user *u, struct piece *p)
{
	for (unsigned int i = 0; i < AREA_PAGES; i++) {
		uaddr_t addr = p->at + i * PAGE_SIZE;
		bool write = rng_chance(&u->rng, 1, 2);

		if (!p->mapped[i])
			continue;
		u->may_fault = write; /* a failed merge may have left it R */
		if (write)
			data_count_shared(u, addr, p->file, p->index[i]);
		u->may_fault = false;
		if (!write)
			data_check_shared(u, addr, p->file, p->index[i]);
	}
	prog_count_faults(u);
}

static void file_storm(struct stress_user *u)
{
	struct piece p = {
		.file = rng_below(&u->rng, SHARED_FILES),
		.at = prog_arena(u->slot) + AREA_PAGE * PAGE_SIZE,
	};

	for (int i = 0; i < 12 && !world_stopping(); i++) {
		if (i % 4 == 0)
			map_file(&p);
		if (rng_chance(&u->rng, 1, 2))
			rearrange(u, &p);
		use_file(u, &p);
		split_and_merge(u, &p);
		if (rng_chance(&u->rng, 1, 3))
			SYSCALL(sys_msync(p.at, AREA_PAGES * PAGE_SIZE,
					  MS_SYNC_FLAG));
		use_file(u, &p);
		unmap_part(u, &p);
	}
	SYSCALL(sys_munmap(p.at, AREA_PAGES * PAGE_SIZE));
}

static void storm_child(struct stress_user *u)
{
	file_storm(u);
	prog_exit(u, 0, true);
}

static void family(struct stress_user *u)
{
	for (unsigned int i = 0; i < 4; i++)
		prog_map(u, i, i & 1 ? LOT_FILE : LOT_ANON);
	for (unsigned int i = 0; i < 5 && !world_stopping(); i++) {
		fork_and_write(u);
		prog_fork(u, storm_child);
		file_storm(u);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops reclaim_ops = {
	.name = "reclaim",
	.why = "pages go away under forks, COW and rearranged files",
	.items = "B-3 B-8 B-16",
	.family = family,
	.daemon = take_pages,
};
