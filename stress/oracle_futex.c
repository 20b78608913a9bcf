// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * oracle_futex.c - joiners that nobody will wake (ORD-35)
 *
 * The kernel clears a thread's tid word and wakes one sleeper there, nobody
 * else writes such a word, and prog_join() lets one thread sleep on it.  With
 * the world frozen all that has happened or none: whoever sleeps on a word that
 * is 0 has been forgotten.
 */
#include "locking/report.h"
#include "mm/futex.h"
#include "mm/gup.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "stress/oracle.h"
#include "stress/user.h"

#define MAX_JOINERS 256

struct joiner {
	struct mm_struct *mm;
	uaddr_t addr;
	pid_t pid;
};

struct joiners {
	unsigned int nr;
	struct joiner j[MAX_JOINERS];
};

static bool is_tid_word(uaddr_t addr)
{
	return addr >= prog_tid_addr(1) && addr < prog_tid_addr(MAX_SLOTS) &&
	       !(addr & 7);
}

static void collect_joiner(const struct futex_waiter *w, void *arg)
{
	struct joiners *all = arg;

	if (!w->task || !w->key->mm || w->moved || !w->expected ||
	    !is_tid_word(w->key->offset) || all->nr == MAX_JOINERS)
		return;
	all->j[all->nr++] = (struct joiner){
		w->key->mm, w->key->offset, w->task->pid,
	};
}

/* What the word holds; 1 if that cannot be told without a fault. */
static uint32_t peek_word(struct mm_struct *mm, uaddr_t addr)
{
	struct page *page;
	uint32_t value = 1;

	spin_lock(&mm->page_table_lock);
	page = follow_page(mm, addr, false);
	if (page)
		value = READ_ONCE(*(uint32_t *)((char *)page_address(page) +
						(addr & ~PAGE_MASK)));
	spin_unlock(&mm->page_table_lock);
	return value;
}

void census_joiners(void)
{
	static struct joiners all;

	all.nr = 0;
	for_each_futex_waiter(collect_joiner, &all);
	for (unsigned int i = 0; i < all.nr; i++) {
		const struct joiner *j = &all.j[i];

		if (!peek_word(j->mm, j->addr))
			report_finding(FINDING_LOST_WAKEUP, "ORD-35: pid %d"
				       " sleeps on the tid word at %#lx of mm"
				       " %lu, which has been cleared", j->pid,
				       j->addr, j->mm->mm_id);
	}
}
