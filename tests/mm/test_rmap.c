// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>

#include "locking/rcu.h"
#include "locking/thread.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "tests/mm/vma_util.h"

TestSuite(rmap, .init = boot_machine, .fini = stop_machine, .timeout = 30);

/* The page behind a touched address. */
static struct page *page_at(unsigned int n)
{
	struct mm_struct *mm = current->mm;
	struct page *page;

	spin_lock(&mm->page_table_lock);
	page = pte_page(ptep_get(walk_pte(mm, AT(n))));
	spin_unlock(&mm->page_table_lock);
	return page;
}

/* REF-7, OBJ-7: the first mapping sets mapping and index. */
Test(rmap, anonymous_page)
{
	struct anon_vma *anon_vma;
	struct page *page;

	draw("WWWW");
	touch(2, 1);
	page = page_at(2);
	cr_expect(PageAnon(page));
	cr_expect_eq(page_mapcount(page), 1);
	cr_expect_eq(page->index, AT(2) >> PAGE_SHIFT);
	cr_expect_eq(current->mm->anon_rss, 1);
	anon_vma = page_lock_anon_vma(page);
	cr_expect_eq(anon_vma, current->mm->mmap->anon_vma);
	/* RECL-3 */
	cr_expect_eq(page_address_in_vma(page, current->mm->mmap), AT(2));
	page_unlock_anon_vma(anon_vma);
}

/* OBJ-7: PageAnon outlives the last mapping, but leads nowhere. */
Test(rmap, unmapped_page_has_no_anon_vma)
{
	struct page *page;

	draw("W");
	touch(0, 1);
	page = page_at(0);
	get_page(page);
	cr_expect_eq(sys_munmap(AT(0), PAGE_SIZE), 0);
	cr_expect(PageAnon(page));
	cr_expect_eq(page_mapcount(page), 0);
	cr_expect_null(page_lock_anon_vma(page));
	put_page(page);
	cr_expect_eq(kmem_cache_live(anon_vma_cachep), 0);
}

/* RECL-6: ACCESSED is counted once and cleared. */
Test(rmap, page_referenced_of_an_anonymous_page)
{
	struct page *page;

	draw("W");
	touch(0, 1);
	page = page_at(0);
	get_page(page);
	page_referenced(page, false);
	cr_expect_eq(page_referenced(page, false), 0);
	peek(0);
	cr_expect_eq(page_referenced(page, false), 1);
	cr_expect_eq(page_referenced(page, false), 0);
	put_page(page);
}

/* The same page of a file at two addresses. */
Test(rmap, page_referenced_of_a_file_page)
{
	struct inode *inode = inode_create("f", 4 * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ | FILE_WRITE);
	struct page *page;

	for (unsigned int i = 0; i < 8; i += 4)
		cr_assert_eq(sys_mmap(AT(i), 3 * PAGE_SIZE, PROT_READ,
				      MAP_SHARED | MAP_FIXED, file, 0), AT(i));
	peek(1);
	peek(5);
	page = page_at(1);
	cr_expect_eq(page_at(5), page);
	cr_expect_eq(page_mapcount(page), 2);
	get_page(page);
	page_referenced(page, false);
	cr_expect_eq(page_referenced(page, false), 0);
	peek(1);
	peek(5);
	cr_expect_eq(page_referenced(page, false), 2);
	/* An unlocked page whose lock is taken counts as referenced. */
	lock_page(page);
	cr_expect_eq(page_referenced(page, false), 1);
	cr_expect_eq(page_referenced(page, true), 0);
	unlock_page(page);
	put_page(page);
	fput(file);
	iput(inode);
}

/* DEF-16: two faulters need an anon_vma; here one after the other. */
Test(rmap, anon_vma_prepare)
{
	struct vm_area_struct *vma;
	struct anon_vma *anon_vma;

	draw("WW");
	vma = current->mm->mmap;
	fault_inject_arm(1);
	down_read(&current->mm->mmap_sem);
	cr_expect_eq(anon_vma_prepare(vma), -ENOMEM);
	cr_expect_null(vma->anon_vma);
	cr_expect_eq(anon_vma_prepare(vma), 0);
	anon_vma = vma->anon_vma;
	cr_expect_eq(anon_vma_prepare(vma), 0);
	cr_expect_eq(vma->anon_vma, anon_vma);
	up_read(&current->mm->mmap_sem);
	cr_expect_eq(anon_vma->head.next, &vma->anon_vma_node);
	cr_expect_eq(anon_vma->head.prev, &vma->anon_vma_node);
}

/* ---- DEF-16 ------------------------------------------------------------------ */

#define RECYCLED_WITHIN 1000 /* freed objects rest for a while */

static struct lthread *faulter;
static int walker_has_lock; /* (a) */

/* What page_lock_anon_vma() of a page unmapped just now still has. */
struct late_walk {
	struct anon_vma *anon_vma;
	bool waited, linked;
};

static bool waits_for(const struct anon_vma *anon_vma)
{
	unsigned int seq;
	struct lwait w;

	return lwait_snapshot(faulter, &w, &seq) &&
	       w.kind == LWAIT_SPINLOCK && w.object == &anon_vma->lock.map;
}

static void *walk_late(void *arg)
{
	struct late_walk *walk = arg;
	struct anon_vma *anon_vma = walk->anon_vma;

	rcu_read_lock();
	spin_lock(&anon_vma->lock);
	smp_store_release(&walker_has_lock, 1);
	while (!walk->waited && !walk->linked) {
		walk->linked = READ_ONCE(anon_vma->head.next) !=
			       &anon_vma->head;
		walk->waited = waits_for(anon_vma);
	}
	spin_unlock(&anon_vma->lock);
	rcu_read_unlock();
	return NULL;
}

/* Areas apart from each other, until one of them gets @recycled. */
static bool touch_until_recycled(const struct anon_vma *recycled)
{
	struct mm_struct *mm = current->mm;
	bool found = false;

	for (unsigned int i = 0; i < RECYCLED_WITHIN && !found; i++) {
		unsigned int page = 4 + 2 * i;

		map_fixed(page, 1, RW);
		touch(page, 1);
		down_read(&mm->mmap_sem);
		found = find_vma(mm, AT(page))->anon_vma == recycled;
		up_read(&mm->mmap_sem);
	}
	return found;
}

/*
 * DEF-16:
 *
 *	1. an rmap walk looks up a page's anon_vma; the page is unmapped, the
 *	   anon_vma freed, but its memory stays what it was (RCU)
 *	2. the walk takes its lock
 *	3. a fault elsewhere recycles it and links its VMA: only when the walk
 *	   is over.  2.6.11 does not wait, and the walk sees half a list.
 */
Test(rmap, DEF_16_recycled_under_a_late_walk)
{
	struct late_walk walk = { 0 };
	pthread_t walker;

	draw("W");
	touch(0, 1);
	walk.anon_vma = current->mm->mmap->anon_vma;
	cr_assert_eq(sys_munmap(AT(0), PAGE_SIZE), 0);
	faulter = lthread_self();
	cr_assert_eq(pthread_create(&walker, NULL, walk_late, &walk), 0);
	while (!smp_load_acquire(&walker_has_lock))
		seam_cpu_relax();
	cr_expect(touch_until_recycled(walk.anon_vma), "never recycled");
	pthread_join(walker, NULL);
	cr_expect(walk.waited);
	cr_expect_not(walk.linked, "linked in the middle of a walk");
}
