// SPDX-License-Identifier: GPL-2.0-or-later
/* What user programs do with their memory. */
#include <errno.h>
#include <sys/mman.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/filemap.h"
#include "mm/madvise.h"
#include "mm/mempolicy.h"
#include "mm/mincore.h"
#include "mm/mlock.h"
#include "mm/mmap.h"
#include "mm/mprotect.h"
#include "mm/mremap.h"
#include "mm/uaccess.h"
#include "stress/oracle_data.h"

#define FIRST_STACK_LOT 8
#define STACK_LOT_STRIDE 48
#define PROT_RW (PROT_READ | PROT_WRITE)

uaddr_t prog_lot_addr(const struct stress_user *u, unsigned int lot)
{
	unsigned int page = lot < FIRST_STACK_LOT ? lot * LOT_PAGES :
			    (lot - FIRST_STACK_LOT) * STACK_LOT_STRIDE +
			    FIRST_STACK_LOT * LOT_PAGES +
			    STACK_LOT_STRIDE - LOT_PAGES;

	return prog_arena(u->slot) + page * PAGE_SIZE;
}

static void set_pages(struct lot *lot, unsigned int first, unsigned int nr,
		      unsigned char prot)
{
	for (unsigned int i = first; i < first + nr; i++)
		lot->prot[i] = prot;
}

/* Whether any page is left; a lot without pages is free again. */
static void forget_if_empty(struct lot *lot)
{
	for (int i = 0; i < LOT_PAGES; i++)
		if (lot->prot[i] != PAGE_UNMAPPED)
			return;
	lot->kind = LOT_FREE;
}

void prog_settle(struct stress_user *u)
{
	uaddr_t at = SYSCALL(sys_mmap(world.common, COMMON_PAGES * PAGE_SIZE,
				      PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS |
				      MAP_FIXED, NULL, 0));

	if (at != world.common)
		prog_exit(u, 1, true); /* no memory: legal */
	user_write64(world.common + COMMON_CONTROL * PAGE_SIZE, u->slot + 1);
}

static void touch_pages(struct stress_user *u, const struct layout_vma *v)
{
	uint64_t nr = v->resident, dirty = v->private_dirty;
	uint8_t byte;

	/* A stack is used from its top. */
	for (uint64_t i = 0; i < nr && v->read; i++) {
		uaddr_t page = v->kind == LAYOUT_STACK ?
			       v->end - (i + 1) * PAGE_SIZE :
			       v->start + i * PAGE_SIZE;

		if (v->write && !v->shared && i < dirty)
			user_write8(page + PAGE_SIZE - 1, 1);
		else
			user_read8(page, &byte);
	}
	prog_count_faults(u);
}

void prog_make_resident(struct stress_user *u)
{
	const struct program_image *img = u->image;
	const struct layout *l = img->residency;

	if (img->heap_end > img->brk)
		SYSCALL(sys_brk(img->heap_end));
	if (img->stack_end)
		current->user_sp = img->stack_end;
	for (unsigned int i = 0; l && i < l->nr; i++)
		touch_pages(u, &l->vmas[i]);
}

static unsigned long kind_flags(enum lot_kind kind)
{
	switch (kind) {
	case LOT_FILE:
		return MAP_PRIVATE;
	case LOT_SHARED_FILE:
		return MAP_SHARED;
	case LOT_SHARED_ANON:
		return MAP_SHARED | MAP_ANONYMOUS;
	case LOT_STACK:
		return MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN;
	default:
		return MAP_PRIVATE | MAP_ANONYMOUS;
	}
}

static struct file *kind_file(struct stress_user *u, struct lot *lot)
{
	lot->file = 0;
	lot->pgoff = 0;
	if (lot->kind == LOT_FILE) {
		lot->file = rng_below(&u->rng, PATTERN_FILES);
		lot->pgoff = rng_below(&u->rng, PATTERN_FILE_PAGES -
				       LOT_PAGES);
		return world.pattern_files[lot->file];
	}
	if (lot->kind != LOT_SHARED_FILE)
		return NULL;
	lot->file = rng_below(&u->rng, SHARED_FILES);
	return world.shared[lot->file].file;
}

void prog_map(struct stress_user *u, unsigned int nr, enum lot_kind kind)
{
	unsigned int pages = kind == LOT_STACK ? 2 :
			     1 + rng_below(&u->rng, LOT_PAGES);
	unsigned int first = kind == LOT_STACK ? LOT_PAGES - pages : 0;
	struct lot *lot = &u->lots[nr];
	uaddr_t addr = prog_lot_addr(u, nr) + first * PAGE_SIZE, at;
	struct file *file;

	/* Often the whole lot, so that neighbours merge. */
	if (kind != LOT_STACK && rng_chance(&u->rng, 1, 3))
		pages = LOT_PAGES;
	lot->kind = kind;
	file = kind_file(u, lot);
	at = SYSCALL(sys_mmap(addr, pages * PAGE_SIZE, PROT_RW,
			      kind_flags(kind) | MAP_FIXED, file,
			      lot->pgoff * PAGE_SIZE));
	stress_count(EV_MMAP);
	prog_note(u, "mmap", addr, pages * PAGE_SIZE, (long)at);
	set_pages(lot, 0, LOT_PAGES, PAGE_UNMAPPED);
	for (int i = 0; i < LOT_PAGES; i++)
		lot->expect[i] = 0;
	if (at == addr)
		set_pages(lot, first, pages, PROT_RW);
	else
		lot->kind = LOT_FREE;
}

void prog_unmap(struct stress_user *u, unsigned int nr, unsigned int first,
		unsigned int pages)
{
	struct lot *lot = &u->lots[nr];
	int err = SYSCALL(sys_munmap(prog_lot_addr(u, nr) + first * PAGE_SIZE,
				     pages * PAGE_SIZE));

	stress_count(EV_MUNMAP);
	prog_note(u, "munmap", prog_lot_addr(u, nr) + first * PAGE_SIZE,
		  pages * PAGE_SIZE, err);
	if (err)
		return; /* no memory to split: nothing was unmapped */
	set_pages(lot, first, pages, PAGE_UNMAPPED);
	/* A stack may grow over them again. */
	for (unsigned int i = first; i < first + pages; i++)
		lot->expect[i] = 0;
	forget_if_empty(lot);
}

void prog_grow_stack(struct stress_user *u, unsigned int nr)
{
	struct lot *lot = &u->lots[nr];
	uaddr_t top = prog_lot_addr(u, nr);
	unsigned int down = 1 + rng_below(&u->rng, 4), page = LOT_PAGES;

	for (int i = 0; i < LOT_PAGES; i++)
		if (lot->prot[i] != PAGE_UNMAPPED) {
			page = i;
			break;
		}
	if (page == LOT_PAGES || page < down)
		return;
	/* Growth may be refused: then this access kills, and rightly so. */
	u->may_fault = true;
	current->user_sp = top + (page - down) * PAGE_SIZE;
	user_write64(current->user_sp + u->slot * 8, 0);
	u->may_fault = false;
	prog_note(u, "grow", current->user_sp, down * PAGE_SIZE, 0);
	set_pages(lot, page - down, down, PROT_RW);
	stress_count(EV_STACK);
}

void prog_forget_area(struct stress_user *u)
{
	int err = SYSCALL(sys_munmap(prog_arena(u->slot), ARENA_SIZE));

	prog_note(u, "munmap", prog_arena(u->slot), ARENA_SIZE, err);
	for (int i = 0; i < LOTS; i++)
		u->lots[i].kind = LOT_FREE;
}

static unsigned int random_lot(struct stress_user *u, bool used)
{
	unsigned int start = rng_below(&u->rng, LOTS);

	for (unsigned int i = 0; i < LOTS; i++) {
		unsigned int nr = (start + i) % LOTS;

		if ((u->lots[nr].kind != LOT_FREE) == used)
			return nr;
	}
	return LOTS;
}

/* One access to page @i of a lot, checked against what is known of it. */
static void access_lot(struct stress_user *u, unsigned int nr, unsigned int i)
{
	struct lot *lot = &u->lots[nr];
	uaddr_t page = prog_lot_addr(u, nr) + i * PAGE_SIZE;
	bool write = rng_chance(&u->rng, 1, 2) && lot->prot[i] == PROT_RW;
	unsigned long ino;

	if (lot->prot[i] == PAGE_UNMAPPED || !(lot->prot[i] & PROT_READ))
		return;
	switch (lot->kind) {
	case LOT_SHARED_FILE:
		if (write)
			data_count_shared(u, page, lot->file, lot->pgoff + i);
		else
			data_check_shared(u, page, lot->file, lot->pgoff + i);
		break;
	case LOT_SHARED_ANON:
		if (write)
			data_count_anon(u, page, &lot->expect[i]);
		break;
	case LOT_FILE:
		ino = world.pattern_files[lot->file]->f_inode->i_ino;
		data_check(u, page, lot->expect[i],
			   file_pattern(ino, lot->pgoff + i, u->slot));
		if (write)
			data_write(u, page, &lot->expect[i]);
		break;
	default:
		data_check(u, page, lot->expect[i], 0);
		if (write)
			data_write(u, page, &lot->expect[i]);
	}
}

/* One access to the data pages every thread of the process shares. */
static void access_data(struct stress_user *u)
{
	unsigned int i = rng_below(&u->rng, u->image->nr_data);
	const struct data_page *d = &u->image->data[i];
	uint64_t initial = d->ino ? file_pattern(d->ino, d->index, u->slot) :
			   0;

	data_check(u, d->addr, u->data[i], initial);
	if (rng_chance(&u->rng, 1, 2))
		data_write(u, d->addr, &u->data[i]);
	else if (!d->ino)
		data_check_foreign(u, d->addr, 1 + rng_below(&u->rng, 16));
}

static void access_pattern(struct stress_user *u)
{
	const struct pattern_range *p;
	unsigned long page;

	if (!u->image->nr_patterns)
		return;
	p = &u->image->patterns[rng_below(&u->rng, u->image->nr_patterns)];
	page = rng_below(&u->rng, p->pages);
	data_check_pattern(u, p->start + page * PAGE_SIZE, p->ino,
			   p->index + page);
}

static void access_burst(struct stress_user *u)
{
	unsigned int nr = 4 + rng_below(&u->rng, 12);
	unsigned int lot = random_lot(u, true);

	for (unsigned int i = 0; i < nr; i++) {
		unsigned int what = rng_below(&u->rng, 8);

		if (what < 3 || lot == LOTS)
			access_data(u);
		else if (what == 3)
			access_pattern(u);
		else
			access_lot(u, lot, rng_below(&u->rng, LOT_PAGES));
	}
	prog_count_faults(u);
}

static void random_map(struct stress_user *u)
{
	static const enum lot_kind kinds[] = {
		LOT_ANON, LOT_ANON, LOT_ANON, LOT_FILE, LOT_FILE,
		LOT_SHARED_FILE, LOT_SHARED_ANON,
	};
	unsigned int nr = random_lot(u, false);

	if (nr == LOTS)
		return;
	prog_map(u, nr, nr >= FIRST_STACK_LOT ? LOT_STACK :
		 kinds[rng_below(&u->rng, ARRAY_SIZE(kinds))]);
}

static void random_range(struct stress_user *u, unsigned int *first,
			 unsigned int *nr)
{
	*first = rng_below(&u->rng, LOT_PAGES);
	*nr = 1 + rng_below(&u->rng, LOT_PAGES - *first);
	if (rng_chance(&u->rng, 1, 2)) {
		*first = 0;
		*nr = LOT_PAGES;
	}
}

static bool all_mapped(const struct lot *lot, unsigned int first,
		       unsigned int nr)
{
	for (unsigned int i = first; i < first + nr; i++)
		if (lot->prot[i] == PAGE_UNMAPPED)
			return false;
	return true;
}

static void random_mprotect(struct stress_user *u)
{
	static const unsigned char prots[] = {
		PROT_RW, PROT_RW, PROT_READ, PROT_NONE,
	};
	unsigned char prot = prots[rng_below(&u->rng, ARRAY_SIZE(prots))];
	unsigned int nr = random_lot(u, true), first, pages;
	uaddr_t addr;
	int err;

	if (nr == LOTS)
		return;
	random_range(u, &first, &pages);
	if (!all_mapped(&u->lots[nr], first, pages))
		return;
	addr = prog_lot_addr(u, nr) + first * PAGE_SIZE;
	err = SYSCALL(sys_mprotect(addr, pages * PAGE_SIZE, prot));
	stress_count(EV_MPROTECT);
	prog_note(u, "mprotect", addr, pages * PAGE_SIZE, err);
	if (err)
		prog_unmap(u, nr, first, pages); /* changed in part */
	else
		set_pages(&u->lots[nr], first, pages, prot);
}

/* Move a lot that is mapped as a whole to a free one. */
static void random_mremap(struct stress_user *u)
{
	unsigned int from = random_lot(u, true), to = random_lot(u, false);
	uaddr_t at, target;

	if (from >= FIRST_STACK_LOT || to >= FIRST_STACK_LOT ||
	    !all_mapped(&u->lots[from], 0, LOT_PAGES))
		return;
	for (int i = 1; i < LOT_PAGES; i++)
		if (u->lots[from].prot[i] != u->lots[from].prot[0])
			return; /* several areas cannot be moved at once */
	target = prog_lot_addr(u, to);
	stress_count(EV_MREMAP);
	at = SYSCALL(sys_mremap(prog_lot_addr(u, from),
				LOT_PAGES * PAGE_SIZE, LOT_PAGES * PAGE_SIZE,
				MREMAP_MAYMOVE | MREMAP_FIXED, target));
	prog_note(u, "mremap to", target, LOT_PAGES * PAGE_SIZE, (long)at);
	if (at != target)
		return;
	u->lots[to] = u->lots[from];
	u->lots[from].kind = LOT_FREE;
}

static void random_unmap(struct stress_user *u)
{
	unsigned int nr = random_lot(u, true), first, pages;

	if (nr == LOTS)
		return;
	random_range(u, &first, &pages);
	prog_unmap(u, nr, first, pages);
}

/* Private pages read as when they were mapped after MADV_DONTNEED. */
static void random_discard(struct stress_user *u)
{
	unsigned int nr = random_lot(u, true), first, pages;
	struct lot *lot = &u->lots[nr % LOTS];
	uaddr_t addr;
	int err;

	if (nr == LOTS || lot->kind == LOT_SHARED_ANON ||
	    lot->kind == LOT_SHARED_FILE)
		return;
	random_range(u, &first, &pages);
	if (!all_mapped(lot, first, pages))
		return;
	addr = prog_lot_addr(u, nr) + first * PAGE_SIZE;
	err = SYSCALL(sys_madvise(addr, pages * PAGE_SIZE, MADV_DONTNEED));
	prog_note(u, "madvise", addr, pages * PAGE_SIZE, err);
	for (unsigned int i = first; !err && i < first + pages; i++)
		lot->expect[i] = 0;
}

static void random_mlock(struct stress_user *u)
{
	unsigned int nr = random_lot(u, true);

	if (nr == LOTS)
		return;
	stress_count(EV_MLOCK);
	if (rng_chance(&u->rng, 1, 2))
		prog_note(u, "mlock", prog_lot_addr(u, nr), PAGE_SIZE * 4,
			  SYSCALL(sys_mlock(prog_lot_addr(u, nr),
					    PAGE_SIZE * 4)));
	SYSCALL(sys_munlock(prog_lot_addr(u, nr), PAGE_SIZE * LOT_PAGES));
}

/* What is mapped from now on is locked; others map meanwhile, too. */
static void random_mlockall(struct stress_user *u)
{
	int flags = rng_chance(&u->rng, 1, 8) ? MCL_CURRENT : MCL_FUTURE;

	stress_count(EV_MLOCK);
	SYSCALL(sys_mlockall(flags));
	random_map(u);
	SYSCALL(sys_munlockall());
}

/* The area is the caller's own: nobody else gives it a policy. */
static void check_policy(uaddr_t addr, int policy, unsigned long nodes)
{
	unsigned long told_nodes = 0;
	int told = -1;

	if (SYSCALL(sys_get_mempolicy(&told, &told_nodes, addr, MPOL_F_ADDR)))
		return;
	stress_count(EV_GET_POLICY);
	if (told != policy || told_nodes != nodes)
		report_finding(FINDING_STRUCTURE, "policy of %#lx, mm %lu:"
			       " expected %d on nodes %#lx, told %d on %#lx",
			       addr, current->mm->mm_id, policy, nodes, told,
			       told_nodes);
}

/* Policies split areas, and keep neighbours from merging. */
static void random_policy(struct stress_user *u)
{
	unsigned int nr = random_lot(u, true), first, pages;
	int policy = (int)rng_below(&u->rng, MPOL_INTERLEAVE + 1);
	unsigned long nodes = policy == MPOL_DEFAULT ? 0 :
			      1 + rng_below(&u->rng, 3);
	uaddr_t addr;
	int err;

	stress_count(EV_MBIND);
	if (rng_chance(&u->rng, 1, 4) || nr == LOTS) {
		SYSCALL(sys_set_mempolicy(policy, nodes));
		return;
	}
	random_range(u, &first, &pages);
	addr = prog_lot_addr(u, nr) + first * PAGE_SIZE;
	err = SYSCALL(sys_mbind(addr, pages * PAGE_SIZE, policy, nodes));
	prog_note(u, "mbind", addr, pages * PAGE_SIZE, err);
	if (!err)
		check_policy(addr, policy, nodes);
}

/* The answer is written where a fault may be needed (FLT-9). */
static void random_mincore(struct stress_user *u)
{
	unsigned int nr = random_lot(u, true);
	uaddr_t vec = world.common + COMMON_TIDS * PAGE_SIZE + PAGE_SIZE - 64;

	if (nr == LOTS)
		return;
	stress_count(EV_MINCORE);
	SYSCALL(sys_mincore(prog_lot_addr(u, nr), LOT_PAGES * PAGE_SIZE, vec));
}

/* The heap above the layout's: threads move its end, nobody uses it. */
static void random_brk(struct stress_user *u)
{
	uaddr_t now = SYSCALL(sys_brk(0));
	uaddr_t want = now + PAGE_SIZE * rng_below(&u->rng, 8);

	if (rng_chance(&u->rng, 1, 2) || now > u->image->heap_end +
	    64 * PAGE_SIZE)
		want = u->image->heap_end;
	stress_count(EV_BRK);
	if (want && u->image->brk)
		SYSCALL(sys_brk(want));
}

static void random_stack(struct stress_user *u)
{
	unsigned int nr = FIRST_STACK_LOT +
			  rng_below(&u->rng, LOTS - FIRST_STACK_LOT);

	if (u->lots[nr].kind != LOT_STACK)
		prog_map(u, nr, LOT_STACK);
	else
		prog_grow_stack(u, nr);
}

void prog_random_memory(struct stress_user *u)
{
	static void (*const acts[])(struct stress_user *u) = {
		access_burst, access_burst, access_burst, access_burst,
		access_burst, access_burst, random_map, random_map,
		random_unmap, random_mprotect, random_mremap, random_discard,
		random_mlock, random_brk, random_stack, random_stack,
		random_policy, random_mincore, random_mlockall,
	};

	acts[rng_below(&u->rng, ARRAY_SIZE(acts))](u);
}
