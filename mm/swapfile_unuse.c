// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swapfile_unuse.c - swapoff: finding the holders of every slot (spec 10.3)
 *
 * For each slot with a count: get its page into the swap cache, lock it, and
 * search shmem objects and the page tables of all mms on mmlist for the
 * entry, until only the cache is left.
 *
 * The search is a walk along a list that others change, and misses what moves
 * behind it: a fork that copies the PTE into an mm already searched (SWOFF-6),
 * an mm whose last user is gone (SWOFF-8, SWOFF-9).  That is not an error:
 * the count says so, and the slot's turn comes again.
 *
 *   swapoff                               mmput(), last user
 *     mmlist_lock                           mm_users: 1 -> 0
 *       ++mm_users == 1?  leave it:         exit_mmap()
 *         --mm_users, next                  mmlist_lock: off the list
 *     unlock                                mmdrop()
 */
#include "mm/swapfile_unuse.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/filemap.h"
#include "mm/fork_mm.h"
#include "mm/page.h"
#include "mm/pagewalk.h"
#include "mm/refcount.h"
#include "mm/rmap.h"
#include "mm/sched.h"
#include "mm/shmem.h"
#include "mm/signal.h"
#include "mm/swap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/vma.h"

/* One run of try_to_unuse(), and the slot it is at. */
struct unuse {
	struct swap_info_struct *p;
	unsigned int type;
	swap_count_t *count; /* of the slot; lockless reads */
	swp_entry_t entry;
	struct page *page; /* locked during the search */
	struct mm_struct *start_mm; /* one mm_users */
	bool in_shmem; /* a shmem object had the entry */
};

static struct {
	atomic_long_t entries, found, shmem, dying, blocked, missed, last_user,
		building, dumping;
} stats;

void unuse_get_stats(struct unuse_stats *out)
{
#define COPY(field) \
	(out->field = (unsigned long)atomic_long_read(&stats.field))
	COPY(entries);
	COPY(found);
	COPY(shmem);
	COPY(dying);
	COPY(blocked);
	COPY(missed);
	COPY(last_user);
	COPY(building);
	COPY(dumping);
#undef COPY
}

static int holders(const struct unuse *u)
{
	return READ_ONCE(*u->count);
}

/* ---- One address space -------------------------------------------------- */

/* SWOFF-4, a hit: the PTE becomes present, read-only and clean. */
static void unuse_pte(struct vm_area_struct *vma, uaddr_t addr, pte_t *ptep,
		      struct unuse *u)
{
	struct mm_struct *mm = vma->vm_mm;

	ptl_assert_held(mm);
	if (!PageUptodate(u->page))
		report_finding(FINDING_DATA,
			       "mm %lu: swap entry %#lx at %#lx: no content",
			       mm->mm_id, u->entry.val, addr);
	WRITE_ONCE(mm->rss, mm->rss + 1);
	get_page(u->page);
	set_pte(ptep, pte_mkold(mk_pte(u->page, vma->vm_page_prot)));
	page_add_anon_rmap(u->page, vma, addr);
	swap_free(u->entry);
	/* Or reclaim takes it away again before we are done with it. */
	activate_page(u->page);
	atomic_long_inc(&stats.found);
}

static bool unuse_pte_range(struct vm_area_struct *vma, uaddr_t addr,
			    uaddr_t end, struct unuse *u)
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t wanted = swp_entry_to_pte(u->entry);

	ptl_assert_held(mm);
	while (addr < end) {
		uaddr_t next;
		pmd_t *pmd = walk_pmd(mm, addr, end, &next);

		if (pmd) {
			pte_t *ptep = pte_offset(pmd, addr);

			for (; addr < next; addr += PAGE_SIZE, ptep++) {
				if (!pte_same(ptep_get(ptep), wanted))
					continue;
				unuse_pte(vma, addr, ptep, u);
				return true;
			}
		}
		addr = next;
	}
	return false;
}

/* A page that has been mapped since can be at one address only. */
static bool unuse_vma(struct vm_area_struct *vma, struct unuse *u)
{
	uaddr_t addr = vma->vm_start, end = vma->vm_end;

	if (READ_ONCE(u->page->mapping)) {
		if (!PageAnon(u->page) ||
		    page_anon_vma(u->page) != vma->anon_vma)
			return false;
		addr = page_address_in_vma(u->page, vma);
		if (addr == (uaddr_t)-EFAULT)
			return false;
		end = addr + PAGE_SIZE;
	}
	return unuse_pte_range(vma, addr, end, u);
}

/* For the record: B-4, B-12. */
static void note_state(struct mm_struct *mm, bool found)
	__must_hold_shared(&mm->mmap_sem)
{
	if (mm->core_waiters)
		atomic_long_inc(&stats.dumping);
	if (found && !mm_is_built(mm))
		atomic_long_inc(&stats.building);
}

/*
 * SWOFF-4; the page is locked on return, but may not have been all the time.
 * An mm maps an anonymous page once: the first hit is the only one.
 */
static void unuse_process(struct mm_struct *mm, struct unuse *u)
{
	struct vm_area_struct *vma;
	bool found = false;

	if (!down_read_trylock(&mm->mmap_sem)) {
		/* LOCK-1: mmap_sem is outside the page lock. */
		atomic_long_inc(&stats.blocked);
		activate_page(u->page);
		unlock_page(u->page);
		down_read(&mm->mmap_sem);
		lock_page(u->page);
	}
	spin_lock(&mm->page_table_lock);
	for (vma = mm->mmap; vma && !found; vma = vma->vm_next)
		if (vma->anon_vma)
			found = unuse_vma(vma, u);
	note_state(mm, found);
	spin_unlock(&mm->page_table_lock);
	up_read(&mm->mmap_sem);
}

/* ---- All of them -------------------------------------------------------- */

/* SWOFF-8: a reference that counts, unless the last user is gone. */
static bool get_listed_mm(struct mm_struct *mm) __must_hold(&mmlist_lock)
{
	if (atomic_inc_return(&mm->mm_users) != 1)
		return true;
	atomic_dec(&mm->mm_users); /* never mmput(): somebody is at it */
	atomic_long_inc(&stats.dying);
	return false;
}

/*
 * DEF-31: 2.6.11 calls mmput() with the page locked.  If it is the last one,
 * it may close a shmem file and truncate it, and if the page has just moved
 * into that file, wait for the page lock.  Here that is done unlocked.
 */
static void put_searched_mm(struct mm_struct *mm, struct unuse *u)
{
	if (atomic_add_unless(&mm->mm_users, -1, 1))
		return;
	unlock_page(u->page);
	atomic_long_inc(&stats.last_user);
	mmput(mm);
	lock_page(u->page);
	wait_on_page_writeback(u->page);
}

static void search_mm(struct mm_struct *mm, struct unuse *u)
{
	if (mm != &init_mm) {
		unuse_process(mm, u);
	} else if (shmem_unuse(u->entry, u->page)) {
		u->in_shmem = true;
		atomic_long_inc(&stats.shmem);
	}
}

/*
 * SWOFF-3: once around from start_mm.  The first mm on the way that has the
 * entry is where the search for the next one begins: holders are relatives,
 * and stand close together.
 */
static void walk_mmlist(struct unuse *u)
{
	struct mm_struct *prev = u->start_mm, *start = NULL, *mm = prev;
	int before = holders(u);

	spin_lock(&mmlist_lock);
	while (holders(u) > 1) {
		mm = cds_list_entry(mm->mmlist.next, struct mm_struct, mmlist);
		if (mm == u->start_mm)
			break;
		if (!get_listed_mm(mm))
			continue;
		spin_unlock(&mmlist_lock);
		if (prev != u->start_mm && prev != start)
			put_searched_mm(prev, u);
		prev = mm;
		cond_resched();
		before = holders(u);
		if (before > 1)
			search_mm(mm, u);
		if (!start && holders(u) < before)
			start = mm;
		spin_lock(&mmlist_lock);
	}
	spin_unlock(&mmlist_lock);
	if (prev != u->start_mm && prev != start)
		put_searched_mm(prev, u);
	if (start) {
		put_searched_mm(u->start_mm, u);
		u->start_mm = start;
	}
}

static void search_holders(struct unuse *u)
{
	int before = holders(u);

	u->in_shmem = false;
	if (before <= 1)
		return;
	search_mm(u->start_mm, u);
	if (holders(u) > 1)
		walk_mmlist(u);
}

/* ---- One slot ----------------------------------------------------------- */

/*
 * DEF-24: a count at its top says nothing.  What has been found is all there
 * is, so the slot is the cache's alone.
 */
static void reset_saturated(struct unuse *u)
{
	if (holders(u) != SWAP_MAP_MAX)
		return;
	spin_lock(&u->p->sdev_lock);
	WRITE_ONCE(*u->count, 1);
	spin_unlock(&u->p->sdev_lock);
}

/* SWOFF-5: the page leaves the cache; who was missed reads it again. */
static void leave_swap_cache(struct unuse *u)
{
	struct writeback_control wbc = { .sync = true };

	reset_saturated(u);
	if (holders(u) > 1 && PageDirty(u->page) && PageSwapCache(u->page)) {
		swap_writepage(u->page, &wbc);
		lock_page(u->page);
		wait_on_page_writeback(u->page);
	}
	if (!PageSwapCache(u->page))
		return;
	if (u->in_shmem) /* its count was taken, but it has the entry still */
		mm_bug_on(!swap_duplicate(u->entry), "entry %#lx vanished",
			  u->entry.val);
	else
		delete_from_swap_cache(u->page);
}

/* The page of a slot, locked, with I/O over; 0, -ENOENT: free, -ENOMEM. */
static int lock_slot_page(struct unuse *u)
{
	u->page = read_swap_cache_async(u->entry);
	if (!u->page)
		return holders(u) ? -ENOMEM : -ENOENT;
	wait_on_page_locked(u->page);
	wait_on_page_writeback(u->page);
	lock_page(u->page);
	wait_on_page_writeback(u->page);
	return 0;
}

/* SWOFF-2: an mm that only we use has nothing to say any more. */
static void choose_start_mm(struct unuse *u)
{
	if (u->start_mm == &init_mm || atomic_read(&u->start_mm->mm_users) > 1)
		return;
	mmput(u->start_mm);
	u->start_mm = &init_mm;
	mmget(u->start_mm);
}

/* Return: 0 or -ENOMEM. */
static int unuse_slot(struct unuse *u, unsigned long offset)
{
	int err;

	u->entry = swp_entry(u->type, offset);
	u->count = &u->p->swap_map[offset];
	choose_start_mm(u);
	err = lock_slot_page(u);
	if (err)
		return err == -ENOENT ? 0 : err;
	atomic_long_inc(&stats.entries);
	search_holders(u);
	leave_swap_cache(u);
	SetPageDirty(u->page); /* its only copy */
	unlock_page(u->page);
	put_page(u->page);
	if (holders(u)) {
		/* SWOFF-9: let whom we missed get on. */
		atomic_long_inc(&stats.missed);
		yield();
	}
	return 0;
}

/* ---- All slots ---------------------------------------------------------- */

/*
 * The next slot in use behind @prev, once around; 0 if there is none.  Without
 * the lock: nobody takes a free slot any more.
 */
static unsigned long find_next_to_unuse(const struct swap_info_struct *p,
					unsigned long prev)
{
	unsigned long i = prev;

	for (unsigned long n = 1; n < p->max; n++) {
		swap_count_t count;

		i = i + 1 < p->max ? i + 1 : 1;
		count = READ_ONCE(p->swap_map[i]);
		if (count && count != SWAP_MAP_BAD)
			return i;
	}
	return 0;
}

int try_to_unuse(unsigned int type)
{
	struct unuse u = { .p = &swap_info[type], .type = type,
			   .start_mm = &init_mm };
	unsigned long offset = 0;
	int err = 0;

	mmget(u.start_mm);
	while (!err && (offset = find_next_to_unuse(u.p, offset))) {
		if (signal_pending(current))
			err = -EINTR;
		else
			err = unuse_slot(&u, offset);
		cond_resched();
	}
	mmput(u.start_mm);
	return err;
}
