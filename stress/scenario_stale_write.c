// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stale_write: threads write through cached translations while another one
 * forks.  Until the flush of FORK-53 that is allowed; afterwards nothing may
 * reach the child (FORK-61).
 */
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/mmu.h"
#include "mm/pgtable.h"
#include "mm/sys.h"
#include "stress/actions.h"
#include "stress/oracle_data.h"

/*
 * Fork has taken the right to write out of the page table, and this CPU's
 * TLB does not know yet.  What the hardware does: under its interrupt lock.
 */
static bool translation_is_stale(uaddr_t addr)
{
	struct cpu *cpu = this_cpu();
	const struct tlb_entry *e;
	bool stale = false;
	pte_t *pte;

	cpu_irq_lock(cpu);
	e = &cpu->tlb.entry[(addr >> PAGE_SHIFT) & (TLB_ENTRIES - 1)];
	pte = mmu_walk(current->mm->pgd, addr);
	if (pte && e->vpn == addr >> PAGE_SHIFT)
		stale = pte_write(__pte(e->pte)) &&
			!pte_write(ptep_get_lockless(pte));
	cpu_irq_unlock(cpu);
	return stale;
}

static void write_and_watch(struct stress_user *u)
{
	unsigned int i = rng_below(&u->rng, COMMON_PAGES - COMMON_DATA);
	uaddr_t page = u->image->data[i].addr;
	unsigned long faults = current->min_flt;
	bool stale = translation_is_stale(page);

	data_write(u, page, &u->data[i]);
	/* Without a fault the store went where the TLB said. */
	if (stale && current->min_flt == faults)
		stress_count(COVER_B9_STALE_WRITE);
}

static void writer(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		for (int n = 0; n < 32; n++)
			write_and_watch(u);
		act_touch(u, 4);
		SYSCALL(sys_gettid()); /* the time slice is counted there */
	}
	prog_exit(u, 0, false);
}

static void look_away(struct stress_user *u)
{
	act_touch(u, 8);
}

static void child(struct stress_user *u)
{
	for (int i = 0; i < 4; i++)
		data_watch_orphans(u, look_away);
	prog_exit(u, 0, true);
}

static void family(struct stress_user *u)
{
	act_touch(u, 4);
	act_start_crew(u, 3, writer, 40);
	for (int i = 0; i < 6 && !world_stopping(); i++) {
		prog_fork(u, child);
		act_touch(u, 4);
		prog_reap(u, false);
	}
	act_group_exit(u);
}

const struct stress_ops stale_write_ops = {
	.name = "stale_write",
	.why = "threads write through the TLB while their process forks",
	.items = "B-9",
	.family = family,
};
