// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmscan.c - page reclaim
 *
 * refill_inactive_zone() moves pages from the active to the inactive list,
 * shrink_cache() takes inactive ones off and gives them to shrink_list(), what
 * that does not free goes back.  A page is isolated by clearing PG_lru and
 * taking a reference, both under lru_lock (RECL-15).
 *
 * shrink_list(), page locked           somebody else
 *   try_to_unmap(): ptl, DIRTY moves     zap: ptl, DIRTY moves, put_page()
 *   write it, if it is dirty
 *   tree_lock                            find_get_page(): tree_lock
 *     count == 2?  then clean?
 *     take it out of the cache
 *
 * RECL-16, ORD-26: count 2 is the cache's and ours.  Under tree_lock nobody
 * gets another one from the cache; and who had a PTE set the dirty flag before
 * he dropped his reference, so the flag is read after the count.
 */
#include "mm/vmscan.h"

#include <errno.h>
#include <signal.h>

#include "mm/cpu.h"
#include "mm/exit.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/page.h"
#include "mm/prio_tree.h"
#include "mm/rmap.h"
#include "mm/rmap_unmap.h"
#include "mm/sched.h"
#include "mm/swap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/wait.h"

#define DEF_PRIORITY 12 /* scan size >> 12 first, all of it at 0 */
#define VM_SWAPPINESS 60

/* One caller's demand. */
struct scan_control {
	unsigned int priority;
	unsigned long nr_reclaimed;
	bool reclaim_mapped; /* mapped pages may be deactivated */
	bool direct; /* by a task that waits for memory */
	bool was_short; /* of memory, when it began */
};

static struct {
	atomic_long_t scanned, reclaimed, activated, deactivated, unmapped,
		      written, busy, dead, direct, kswapd, relieved, throttled;
} stats;

static struct wait_queue_head kswapd_wait;
static int kswapd_asked; /* (a) somebody saw less than pages_low */
static int kswapd_ends; /* (a) */
static pid_t kswapd_pid; /* 0 or the thread; its starter's own */
static int prev_priority; /* (a) how hard the last scan had to try; a hint */

int vmscan_init(void)
{
	init_waitqueue_head(&kswapd_wait);
	WRITE_ONCE(prev_priority, DEF_PRIORITY);
	kswapd_asked = kswapd_ends = 0;
	kswapd_pid = 0;
	return 0;
}

void vmscan_get_stats(struct vmscan_stats *out)
{
#define COPY(field) \
	(out->field = (unsigned long)atomic_long_read(&stats.field))
	COPY(scanned);
	COPY(reclaimed);
	COPY(activated);
	COPY(deactivated);
	COPY(unmapped);
	COPY(written);
	COPY(busy);
	COPY(dead);
	COPY(direct);
	COPY(kswapd);
	COPY(relieved);
	COPY(throttled);
#undef COPY
}

/* ---- One page ------------------------------------------------------------ */

/* What becomes of an isolated page. */
enum verdict {
	PAGE_KEEP, /* back where it came from */
	PAGE_ACTIVATE, /* back to the active list */
	PAGE_FREED, /* off the cache: only our reference is left */
};

static bool mapping_mapped(struct address_space *mapping)
{
	bool mapped;

	spin_lock(&mapping->i_mmap_lock);
	mapped = !prio_tree_empty(&mapping->i_mmap) ||
		 !cds_list_empty(&mapping->i_mmap_nonlinear);
	spin_unlock(&mapping->i_mmap_lock);
	return mapped;
}

/* Used through a mapping, as program text or data, or by swap? */
static bool page_mapping_inuse(struct page *page)
{
	struct address_space *mapping;

	if (page_mapped(page) || PageSwapCache(page))
		return true;
	mapping = page_mapping(page);
	return mapping && mapping_mapped(mapping);
}

/*
 * Write a dirty page.  Return: true with the page locked and clean, false
 * with *verdict set and the page unlocked, unless that is PAGE_ACTIVATE.
 */
static bool pageout(struct page *page, enum verdict *verdict)
{
	struct address_space *mapping = page_mapping(page);
	struct writeback_control wbc = { .for_reclaim = true,
					 .nr_to_write = SWAP_CLUSTER_MAX };

	*verdict = PAGE_KEEP;
	/* Somebody else holds it: written now, it could not be freed. */
	if (!mapping || page_count(page) != 2 + PagePrivate(page))
		goto out_unlock;
	*verdict = PAGE_ACTIVATE;
	if (!mapping->a_ops->writepage)
		goto out_unlock;
	*verdict = PAGE_KEEP;
	if (!TestClearPageDirty(page))
		return true;
	atomic_long_inc(&stats.written);
	if (mapping->a_ops->writepage(page, &wbc) == WRITEPAGE_ACTIVATE) {
		*verdict = PAGE_ACTIVATE;
		goto out_unlock;
	}
	/* The write is over already, as with a RAM disk: go on if we can. */
	if (PageWriteback(page) || !trylock_page(page))
		return false;
	if (!PageDirty(page) && !PageWriteback(page))
		return true;
out_unlock:
	unlock_page(page);
	return false;
}

/* RECL-16, last step.  Return: whether the cache has let go of the page. */
static bool remove_mapping(struct page *page)
{
	struct address_space *mapping = page_mapping(page);

	if (!mapping)
		return false; /* truncation was here first */
	spin_lock_irq(&mapping->tree_lock);
	/* Acquire: a PTE's DIRTY was set before its reference was dropped. */
	if (atomic_read_acquire(&page->_count) + 1 != 2 || PageDirty(page)) {
		spin_unlock_irq(&mapping->tree_lock);
		atomic_long_inc(&stats.busy);
		return false;
	}
	if (PageSwapCache(page)) {
		swp_entry_t entry = page_swap_entry(page);

		__delete_from_swap_cache(page);
		spin_unlock_irq(&mapping->tree_lock);
		swap_free(entry);
	} else {
		__remove_from_page_cache(page);
		spin_unlock_irq(&mapping->tree_lock);
	}
	put_page(page); /* the cache's: ours is left */
	return true;
}

/* Without room in swap an anonymous page can go nowhere: a hint. */
static bool may_leave_memory(struct page *page)
{
	return !PageAnon(page) || PageSwapCache(page) ||
	       READ_ONCE(nr_swap_pages) > 0;
}

/* A locked page, not under writeback: take its mappings away. */
static enum verdict unmap_page(struct page *page, bool referenced)
{
	if (referenced && page_mapping_inuse(page))
		return PAGE_ACTIVATE;
	if (PageAnon(page) && !PageSwapCache(page) && !add_to_swap(page))
		return PAGE_ACTIVATE;
	if (!page_mapped(page) || !page_mapping(page))
		return PAGE_FREED;
	switch (try_to_unmap(page)) {
	case SWAP_FAIL:
		return PAGE_ACTIVATE;
	case SWAP_AGAIN:
		return PAGE_KEEP;
	default:
		atomic_long_inc(&stats.unmapped);
		return PAGE_FREED;
	}
}

/* 2.6.11: mm/vmscan.c:shrink_list(), one page. */
static enum verdict shrink_page(struct page *page)
{
	enum verdict verdict = PAGE_KEEP;
	bool referenced;

	if (!trylock_page(page))
		return PAGE_KEEP;
	if (PageWriteback(page))
		goto out_unlock;
	verdict = PAGE_ACTIVATE;
	if (!may_leave_memory(page))
		goto out_unlock;
	referenced = page_referenced(page, true) > 0;
	verdict = unmap_page(page, referenced);
	if (verdict != PAGE_FREED)
		goto out_unlock;
	verdict = PAGE_KEEP;
	if (PageDirty(page)) {
		if (referenced)
			goto out_unlock;
		if (!pageout(page, &verdict))
			return verdict;
	}
	if (remove_mapping(page))
		verdict = PAGE_FREED;
out_unlock:
	unlock_page(page);
	return verdict;
}

/* Free what can be freed; the others stay in @iso. */
static void shrink_list(struct lru_isolated *iso, struct scan_control *sc)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < iso->nr; i++) {
		struct page *page = iso->pages[i];
		enum verdict verdict;

		cond_resched();
		verdict = shrink_page(page);
		if (verdict == PAGE_FREED) {
			sc->nr_reclaimed++;
			put_page(page);
			continue;
		}
		if (verdict == PAGE_ACTIVATE) {
			SetPageActive(page);
			atomic_long_inc(&stats.activated);
		}
		iso->pages[kept++] = page;
	}
	iso->nr = kept;
}

/* ---- Many at once --------------------------------------------------------- */

/*
 * Has somebody else freed what a task was short of?  2.6.11 goes on until the
 * task has freed a cluster of its own: a thousand of them, who need a page
 * each, then scan for 32,000 pages that nobody wants.
 */
static bool is_relieved(const struct scan_control *sc)
{
	return sc->was_short && zone_balanced();
}

/*
 * Tasks that are preempted in reclaim keep what they have isolated.  Enough of
 * them, and the lists look empty to all others, who then find nothing to free
 * and kill somebody.  2.6.11 lets them; later kernels let them wait.  Who has
 * isolated pages waits for nobody, so this wait ends.
 *
 *	waiter				putback_lru_pages()
 *	  queue, set state		  lru_lock: nr_isolated falls
 *	  crowded?  sleep		  wake one, who wakes the next one
 */
static void throttle(const struct scan_control *sc)
{
	if (!sc->direct || !lru_is_crowded())
		return;
	atomic_long_inc(&stats.throttled);
	for (;;) {
		DEFINE_WAIT(wait);
		bool go;

		prepare_to_wait_exclusive(&lru_zone.isolated_wait, &wait,
					  TASK_UNINTERRUPTIBLE);
		go = !lru_is_crowded() || is_relieved(sc);
		if (!go)
			schedule_on(LWAIT_OTHER, &lru_zone.isolated_wait);
		finish_wait(&lru_zone.isolated_wait, &wait);
		if (go)
			break;
	}
	wake_up(&lru_zone.isolated_wait);
}

/* ---- Lists --------------------------------------------------------------- */

/* Look at up to @max inactive pages; 0 when there is none. */
static unsigned long shrink_cache(unsigned long max, struct scan_control *sc)
{
	unsigned long reclaimed = sc->nr_reclaimed, nr;
	struct lru_isolated iso;

	nr = isolate_lru_pages(&iso, false, max);
	atomic_long_add((long)iso.dead, &stats.dead);
	atomic_long_add((long)iso.nr, &stats.scanned);
	shrink_list(&iso, sc);
	putback_lru_pages(&iso);
	atomic_long_add((long)(sc->nr_reclaimed - reclaimed),
			&stats.reclaimed);
	return nr;
}

/*
 * Mapped pages are left alone until it is hard to find others.  2.6.11 takes
 * their share of all memory, nearly all of which may become LRU pages there;
 * here page tables alone may need more, and the share would always be small.
 */
static bool should_reclaim_mapped(const struct scan_control *sc)
{
	int hardest = min((int)sc->priority, READ_ONCE(prev_priority));
	long distress = 100 >> hardest, mapped_ratio;
	unsigned long nr_active, nr_inactive;

	lru_sizes(&nr_active, &nr_inactive);
	mapped_ratio = nr_mapped_pages() * 100 /
		       (long)(nr_active + nr_inactive + 1);
	return mapped_ratio / 2 + distress + VM_SWAPPINESS >= 100;
}

/* May this active page become inactive? */
static bool may_deactivate(struct page *page, const struct scan_control *sc)
{
	if (!page_mapped(page))
		return true;
	return sc->reclaim_mapped && may_leave_memory(page) &&
	       !page_referenced(page, false);
}

static void refill_inactive_zone(unsigned long max, struct scan_control *sc)
{
	struct lru_isolated iso;

	sc->reclaim_mapped = should_reclaim_mapped(sc);
	lru_add_drain();
	isolate_lru_pages(&iso, true, max);
	atomic_long_add((long)iso.dead, &stats.dead);
	for (unsigned int i = 0; i < iso.nr; i++) {
		cond_resched();
		if (!may_deactivate(iso.pages[i], sc))
			continue;
		ClearPageActive(iso.pages[i]);
		atomic_long_inc(&stats.deactivated);
	}
	putback_lru_pages(&iso);
}

/* 2.6.11 also carries over what is less than a cluster: here it is rounded. */
static unsigned long scan_goal(unsigned long nr, unsigned int priority)
{
	return min(max(nr >> priority, SWAP_CLUSTER_MAX), nr);
}

static void shrink_zone(struct scan_control *sc)
{
	unsigned long nr_active, nr_inactive;
	unsigned long goal = sc->nr_reclaimed + SWAP_CLUSTER_MAX;

	lru_sizes(&nr_active, &nr_inactive);
	nr_active = scan_goal(nr_active, sc->priority);
	nr_inactive = scan_goal(nr_inactive + nr_active, sc->priority);
	while (nr_active || nr_inactive) {
		unsigned long part = min(nr_active, SWAP_CLUSTER_MAX);

		throttle(sc);
		if (is_relieved(sc))
			break;
		if (part)
			refill_inactive_zone(part, sc);
		nr_active -= part;
		part = min(nr_inactive, SWAP_CLUSTER_MAX);
		if (part && !shrink_cache(part, sc))
			part = nr_inactive; /* nothing is left */
		nr_inactive -= part;
		if (sc->nr_reclaimed >= goal)
			break;
	}
}

unsigned long try_to_free_pages(gfp_t gfp)
{
	struct scan_control sc = { .direct = true,
				   .was_short = !zone_balanced() };
	bool relieved = false;

	(void)gfp;
	mm_bug_on(!(current->flags & PF_MEMALLOC), "reclaim without reserve");
	might_sleep();
	atomic_long_inc(&stats.direct);
	for (int priority = DEF_PRIORITY; priority >= 0; priority--) {
		sc.priority = (unsigned int)priority;
		shrink_zone(&sc);
		WRITE_ONCE(prev_priority, priority);
		relieved = is_relieved(&sc);
		if (sc.nr_reclaimed >= SWAP_CLUSTER_MAX || relieved)
			break;
		cond_resched();
	}
	if (relieved)
		atomic_long_inc(&stats.relieved);
	return sc.nr_reclaimed ? sc.nr_reclaimed : relieved;
}

/* ---- kswapd -------------------------------------------------------------- */

/* Until there are pages_high free pages, or no more can be got. */
static void balance_pgdat(void)
{
	struct scan_control sc = { 0 };

	atomic_long_inc(&stats.kswapd);
	for (int priority = DEF_PRIORITY; priority >= 0; priority--) {
		sc.priority = (unsigned int)priority;
		while (!zone_balanced()) {
			unsigned long before = sc.nr_reclaimed;

			shrink_zone(&sc);
			if (sc.nr_reclaimed == before)
				break; /* look at more of the lists */
			try_to_freeze();
		}
		if (zone_balanced())
			break;
		cond_resched();
	}
}

static void kswapd(void *arg)
{
	(void)arg;
	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	while (!READ_ONCE(kswapd_ends)) {
		DEFINE_WAIT(wait);

		try_to_freeze();
		prepare_to_wait(&kswapd_wait, &wait, TASK_UNINTERRUPTIBLE);
		if (!READ_ONCE(kswapd_asked) && !READ_ONCE(kswapd_ends))
			schedule_on(LWAIT_IDLE, &kswapd_wait);
		finish_wait(&kswapd_wait, &wait);
		try_to_freeze();
		if (xchg(&kswapd_asked, 0))
			balance_pgdat();
	}
	do_exit(0);
}

int kswapd_run(void)
{
	pid_t pid;

	mm_bug_on(kswapd_pid, "kswapd runs already");
	WRITE_ONCE(kswapd_ends, 0);
	pid = kernel_thread(kswapd, NULL, SIGCHLD);
	if (pid < 0)
		return pid;
	WRITE_ONCE(kswapd_pid, pid);
	return 0;
}

void kswapd_stop(void)
{
	pid_t pid = kswapd_pid, ret;

	if (!pid)
		return;
	xchg(&kswapd_ends, 1);
	wake_up_all(&kswapd_wait);
	do {
		ret = sys_wait4(pid, NULL, 0);
	} while (ret == -EINTR);
	mm_bug_on(ret != pid, "kswapd is not to be reaped: %d", ret);
	WRITE_ONCE(kswapd_pid, 0);
}

/* kswapd queues itself before it looks whether it was asked. */
void wakeup_kswapd(void)
{
	if (!READ_ONCE(kswapd_pid) || xchg(&kswapd_asked, 1))
		return;
	wake_up_all(&kswapd_wait);
}
