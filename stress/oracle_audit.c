// SPDX-License-Identifier: GPL-2.0-or-later
/* The audit: the machine after the last task against the machine before. */
#include <string.h>

#include "locking/report.h"
#include "mm/accounting.h"
#include "mm/aio.h"
#include "mm/cpu.h"
#include "mm/fork.h"
#include "mm/mlock.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "mm/pid.h"
#include "mm/rmap.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "mm/swap.h"
#include "mm/user.h"
#include "stress/oracle.h"

#define MAX_CACHES 64

struct cache_count {
	const char *name;
	long live;
};

static struct {
	struct cache_count caches[MAX_CACHES];
	int nr_caches;
	long kmalloc;
	unsigned long frames;
	long tables;
	int pids, threads, processes;
} base;

static void shrink_cache(struct kmem_cache *cache, void *arg)
{
	(void)arg;
	slab_shrink(cache);
}

static void let_go(void)
{
	aio_flush_workers();
	rcu_barrier();
	sched_idle_leave_all();
	lru_add_drain_all();
	vm_acct_drain();
	rcu_barrier();
}

void audit_settle(void)
{
	let_go();
	for_each_kmem_cache(shrink_cache, NULL);
	rcu_barrier(); /* SLAB_DESTROY_BY_RCU */
}

static void add_cache_pages(struct kmem_cache *cache, void *arg)
{
	*(unsigned long *)arg += kmem_cache_pages(cache);
}

/*
 * Frames free, in slabs, whose live objects are counted by themselves, or
 * page directories, of which only cached ones are left (INV-22, INV-50).
 */
static unsigned long frames_at_rest(void)
{
	unsigned long frames = nr_free_pages() +
			       (unsigned long)pgd_list_check();

	for_each_kmem_cache(add_cache_pages, &frames);
	return frames;
}

static void remember_cache(struct kmem_cache *cache, void *arg)
{
	(void)arg;
	if (base.nr_caches == MAX_CACHES)
		return;
	base.caches[base.nr_caches].name = kmem_cache_name(cache);
	base.caches[base.nr_caches++].live = kmem_cache_live(cache);
}

void audit_baseline(void)
{
	audit_settle();
	base.nr_caches = 0;
	for_each_kmem_cache(remember_cache, NULL);
	base.kmalloc = kmalloc_live();
	base.frames = frames_at_rest();
	base.tables = (long)nr_page_table_pages();
	base.pids = nr_pids();
	base.threads = READ_ONCE(nr_threads);
	base.processes = atomic_read(&root_user.processes);
}

static void leak(const char *rule, const char *what, long seen, long expected)
{
	if (seen != expected)
		report_finding(FINDING_LEAK, "%s: %s: %ld, expected %ld when"
			       " all tasks are gone", rule, what, seen,
			       expected);
}

/* They come in the order of the baseline: *@arg is where to look first. */
static void check_cache(struct kmem_cache *cache, void *arg)
{
	const char *name = kmem_cache_name(cache);
	const struct cache_count *c;
	int *next = arg;

	for (int i = 0, nr = base.nr_caches; i < nr; i++) {
		c = &base.caches[(*next + i) % nr];
		if (strcmp(c->name, name))
			continue;
		leak("INV-52", name, kmem_cache_live(cache), c->live);
		*next = (int)(c - base.caches) + 1;
		return;
	}
}

static bool show_mm(struct mm_struct *mm, void *arg)
{
	int *shown = arg;

	if (mm != &init_mm && (*shown)++ < 4)
		report_finding(FINDING_LEAK, "INV-50: mm %lu is left with"
			       " mm_users %d, mm_count %d, rss %lu, %d areas",
			       mm->mm_id, atomic_read(&mm->mm_users),
			       atomic_read(&mm->mm_count), READ_ONCE(mm->rss),
			       mm->map_count);
	return true;
}

static void check_frames(void)
{
	int shown = 0;

	for (unsigned long pfn = 1; pfn < max_pfn && shown < 4; pfn++) {
		const struct page *page = pfn_to_page(pfn);

		if (!page_mapped(page) || frame_untouched(page))
			continue;
		shown++;
		report_finding(FINDING_LEAK, "INV-54: frame %lu has mapcount"
			       " %d, count %d, flags %#lx, mapping %p, index %#lx,"
			       " expected nobody to map it", pfn,
			       page_mapcount(page), page_count(page),
			       READ_ONCE(page->flags),
			       (void *)READ_ONCE(page->mapping),
			       READ_ONCE(page->index));
	}
}

static void check_init_mm(void)
{
	long lazy = current->active_mm == &init_mm;
	struct cpu *cpu;

	for_each_online_cpu(cpu)
		lazy += cpu->idle->active_mm == &init_mm;
	leak("INV-51", "mm_users of init_mm", atomic_read(&init_mm.mm_users),
	     2);
	leak("INV-51", "mm_count of init_mm", atomic_read(&init_mm.mm_count),
	     1 + lazy);
}

static void check_quiescence(void)
{
	int shown = 0, next_cache = 0;

	mm_for_each(show_mm, &shown);
	check_init_mm();
	for_each_kmem_cache(check_cache, &next_cache);
	leak("INV-58", "kmalloc memory (LDTs, LRU and file tables)",
	     kmalloc_live(), base.kmalloc);
	check_frames();
	leak("INV-56", "page-table pages", (long)nr_page_table_pages(),
	     base.tables);
	leak("INV-54", "mapped pages", nr_mapped_pages(), 0);
	leak("MAP-32", "pages locked in memory", nr_mlocked_pages(), 0);
	leak("INV-57", "committed pages", vm_committed_total(), 0);
	leak("EXIT-22", "events of asynchronous I/O", (long)aio_nr_events(), 0);
	leak("INV-59", "process numbers", nr_pids(), base.pids);
	leak("INV-59", "tasks", READ_ONCE(nr_threads), base.threads);
	leak("INV-59", "processes of the user",
	     atomic_read(&root_user.processes), base.processes);
	leak("INV-54", "frames free, in slabs or pgds", (long)frames_at_rest(),
	     (long)base.frames);
}

void audit_quiescence(void)
{
	audit_settle();
	check_quiescence();
}

void audit_quick(void)
{
	let_go();
	check_quiescence();
}
