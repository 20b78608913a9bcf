// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * truncate: files are cut short and lengthened again, by init and by threads
 * of families that map them, read, fork and fault (FORK-55, FLT-30).
 *
 * One at a time cuts a file.  Before, it writes the number of the round into
 * each page; what comes back with the length is zeroes, or the next number.
 * So who has read the round before and then sees an older number has a page
 * that survived its truncation.
 */
#include <errno.h>
#include <sys/mman.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/madvise.h"
#include "mm/mmap.h"
#include "mm/truncate.h"
#include "mm/uaccess.h"
#include "stress/actions.h"
#include "stress/overlap.h"

#define FILES 2
#define FILE_PAGES 24
#define CUTS 3 /* truncations each time init comes by */
#define CREW_STEPS 60
#define AREA_PAGE 228 /* behind the lots of an area */

/* What meets at a file. */
enum { CUTTING = 1, FORKING };

static struct {
	struct file *file;
	uint64_t round; /* (a) pages with lower numbers are gone */
	uint64_t place; /* for overlap_end() */
	int busy; /* (a) somebody cuts it */
} cut[FILES];

static int setup(void)
{
	for (int i = 0; i < FILES; i++) {
		cut[i].file = world_open("cut", FILE_PAGES,
					 FILE_READ | FILE_WRITE);
		if (!cut[i].file)
			return -ENOMEM;
		cut[i].place = (1ull << 40) + cut[i].file->f_inode->i_ino;
		cut[i].round = 1;
	}
	return 0;
}

/* ---- Cutting -------------------------------------------------------------- */

/* A failed write leaves zeroes, or an older page that is cut as well. */
static void cut_once(int nr)
{
	struct inode *inode = cut[nr].file->f_inode;
	uint64_t round = READ_ONCE(cut[nr].round), begun;

	for (pgoff_t i = 0; i < FILE_PAGES; i++)
		file_write(cut[nr].file, (loff_t)i << PAGE_SHIFT, &round,
			   sizeof(round));
	begun = overlap_begin();
	do_truncate(inode, 0);
	smp_store_release(&cut[nr].round, round + 1);
	do_truncate(inode, FILE_PAGES * PAGE_SIZE);
	if (overlap_end(cut[nr].place, CUTTING, begun) & OVERLAP_OTHER)
		stress_count(COVER_B7_FORK);
	stress_count(EV_TRUNCATE);
}

static void try_to_cut(int nr)
{
	if (__atomic_exchange_n(&cut[nr].busy, 1, __ATOMIC_ACQUIRE))
		return;
	cut_once(nr);
	__atomic_store_n(&cut[nr].busy, 0, __ATOMIC_RELEASE);
}

static void cut_files(void)
{
	for (int n = 0; n < CUTS && !world_pausing(); n++)
		for (int i = 0; i < FILES; i++)
			try_to_cut(i);
}

/* ---- families --------------------------------------------------------------- */

static uaddr_t area_of(const struct stress_user *u)
{
	/* The child of a fork keeps the place of its parent. */
	return prog_arena((unsigned int)u->scratch >> 8) +
	       AREA_PAGE * PAGE_SIZE;
}

static int file_of(const struct stress_user *u)
{
	return (int)(u->scratch & 0xff);
}

/*
 * The round is read first: what the page has must not be older.  Initial
 * contents have their high bits set, as no number of a round has.
 */
static void read_page(struct stress_user *u, unsigned int page)
{
	uint64_t round = smp_load_acquire(&cut[file_of(u)].round), seen;
	uaddr_t addr = area_of(u) + page * PAGE_SIZE;

	/* Beyond the end: the system call fails, nobody is killed. */
	if (SYSCALL(get_user64(&seen, addr)))
		return;
	stress_count(EV_READ);
	if (seen && seen < round)
		report_finding(FINDING_DATA, "page %u of a truncated file at"
			       " %#lx, mm %lu: expected 0 or at least %llu, saw"
			       " %llu, written before the truncation", page,
			       addr, current->mm->mm_id,
			       (unsigned long long)round,
			       (unsigned long long)seen);
}

static void read_some(struct stress_user *u, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		read_page(u, rng_below(&u->rng, FILE_PAGES));
	prog_count_faults(u);
}

static void child(struct stress_user *u)
{
	read_some(u, 2 * FILE_PAGES);
	prog_exit(u, 0, true);
}

static void fork_beside(struct stress_user *u)
{
	uint64_t begun = overlap_begin();

	prog_fork(u, child);
	overlap_end(cut[file_of(u)].place, FORKING, begun);
}

/* Faults in page after page, so that a truncation finds one under way. */
static void faulter(struct stress_user *u)
{
	while (u->steps-- && !world_stopping()) {
		SYSCALL(sys_madvise(area_of(u), FILE_PAGES * PAGE_SIZE,
				    MADV_DONTNEED));
		for (unsigned int i = 0; i < FILE_PAGES; i++)
			read_page(u, i);
	}
	prog_count_faults(u);
	prog_exit(u, 0, false);
}

/* All in one system call: nobody dies with the file taken. */
static void cutter(struct stress_user *u)
{
	while (u->steps-- && !world_stopping())
		SYSCALL((try_to_cut(file_of(u)), 0));
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	int nr = (int)rng_below(&u->rng, FILES);
	uaddr_t at;

	u->scratch = u->slot << 8 | (unsigned int)nr;
	at = SYSCALL(sys_mmap(area_of(u), FILE_PAGES * PAGE_SIZE, PROT_READ,
			      (rng_chance(&u->rng, 1, 3) ? MAP_PRIVATE :
			       MAP_SHARED) | MAP_FIXED, cut[nr].file, 0));
	if (at == area_of(u)) {
		act_start_crew(u, 2, faulter, CREW_STEPS);
		act_start_crew(u, 1, cutter, CREW_STEPS);
	}
	for (int i = 0; at == area_of(u) && i < 10 && !world_stopping(); i++) {
		read_some(u, FILE_PAGES);
		fork_beside(u);
		read_some(u, FILE_PAGES / 2);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	prog_exit(u, 0, true);
}

const struct stress_ops truncate_ops = {
	.name = "truncate",
	.why = "files are cut short while those who map them fork and fault",
	.items = "B-7",
	.setup = setup,
	.family = family,
	.daemon = cut_files,
};
