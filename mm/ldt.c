// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ldt.c - local descriptor tables
 *
 *	alloc_ldt(), growing			load_LDT_nolock() on any CPU
 *	  fill the new table
 *	  context.ldt = new			  size = context.size (acquire)
 *	  context.size = n (release)		  load context.ldt with size
 *	  reload on every CPU
 *	  free the old table
 *
 * ORD-30: a reader of the new size finds the new table.  It may find the new
 * table with the old size, or load the old table just before it is replaced:
 * the reload repairs both before the old one goes (ORD-31).  Entries are
 * words read by processors at any time, so they are never torn.
 *
 * Oracles: no processor loads a limit that its table does not have, and none
 * that may use a table still has it when it is freed.
 */
#include "mm/ldt.h"

#include <errno.h>

#include "mm/cpu.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "mm/uaccess.h"

#define LDT_GROWTH 512 /* entries: tables are a multiple of this */

void load_LDT_nolock(struct cpu *cpu, struct mm_struct *mm)
{
	int size = smp_load_acquire(&mm->context.size);

	/* Acquire: a processor's loads from the table depend on its address. */
	cpu->ldt = size ? smp_load_acquire(&mm->context.ldt) : NULL;
	cpu->ldt_size = size;
	cpu->ldt_mm = mm;
	if (unlikely(ksize(cpu->ldt) < (size_t)size * LDT_ENTRY_SIZE))
		report_finding(FINDING_MEMORY, "ORD-30: CPU %d loads %d entries"
			       " of the LDT of mm %lu, which has room for %zu",
			       cpu->id, size, mm->mm_id,
			       ksize(cpu->ldt) / LDT_ENTRY_SIZE);
}

void load_default_LDT(struct cpu *cpu)
{
	cpu->ldt = NULL;
	cpu->ldt_size = 0;
}

/* FORK-41: each CPU reloads what belongs to its own active mm. */
static void reload_LDT(struct cpu *cpu, void *arg)
{
	(void)arg;
	load_LDT_nolock(cpu, cpu->tlbstate.active_mm);
}

/*
 * @mm's table is about to be freed: may any CPU still look into it?  @gone: so
 * is @mm; until then a CPU that has left it reloads when it comes back.
 */
static void check_unloaded(const struct mm_struct *mm, const uint64_t *table,
			   bool gone)
{
	struct cpu *cpu;

	for_each_online_cpu(cpu) {
		bool loaded;

		cpu_irq_lock(cpu);
		loaded = cpu->ldt_size && cpu->ldt_mm == mm &&
			 (gone || (cpu->ldt == table &&
				   cpu_isset(cpu->id, &mm->cpu_vm_mask)));
		cpu_irq_unlock(cpu);
		if (unlikely(loaded))
			report_finding(FINDING_TLB, "ORD-31: the LDT of mm %lu"
				       " is freed while CPU %d has it loaded",
				       mm->mm_id, cpu->id);
	}
}

/*
 * Does any CPU but @self use @mm?  Read-modify-writes, so that one whose bit
 * is missing sets it later in the order of that word, and then loads the
 * table that was stored before this (as snapshot_mask() in tlb.c).
 */
static bool used_elsewhere(struct mm_struct *mm, const struct cpu *self)
{
	for (int i = 0; i < cpumask_longs(); i++) {
		unsigned long bits = __atomic_fetch_or(&mm->cpu_vm_mask.bits[i],
						       0UL, __ATOMIC_SEQ_CST);

		if (i == self->id / BITS_PER_LONG)
			bits &= ~(1UL << self->id % BITS_PER_LONG);
		if (bits)
			return true;
	}
	return false;
}

static void reload_all(struct mm_struct *mm)
{
	struct cpu *cpu = this_cpu();

	cpu_irq_lock(cpu);
	reload_LDT(cpu, NULL);
	cpu_irq_unlock(cpu);
	if (used_elsewhere(mm, cpu))
		smp_call_function(reload_LDT, NULL);
}

/*
 * Make room for @mincount entries, keeping the old ones (FORK-41).  @mm is
 * new and private, or its context.sem is held and @reload is set.
 */
static int alloc_ldt(struct mm_struct *mm, int mincount, bool reload)
{
	uint64_t *old = mm->context.ldt, *new;
	int old_size = mm->context.size, size;

	if (mincount <= old_size)
		return 0;
	size = (mincount + LDT_GROWTH - 1) / LDT_GROWTH * LDT_GROWTH;
	new = kzalloc((size_t)size * LDT_ENTRY_SIZE, GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	for (int i = 0; i < old_size; i++)
		new[i] = READ_ONCE(old[i]);
	smp_store_release(&mm->context.ldt, new);
	smp_store_release(&mm->context.size, size);
	if (reload)
		reload_all(mm);
	if (old_size) {
		check_unloaded(mm, old, false);
		kfree(old);
	}
	return 0;
}

static int copy_ldt(struct mm_struct *mm, struct mm_struct *old_mm)
	__must_hold(&old_mm->context.sem)
{
	int err = alloc_ldt(mm, old_mm->context.size, false);

	if (err)
		return err;
	for (int i = 0; i < old_mm->context.size; i++)
		mm->context.ldt[i] = READ_ONCE(old_mm->context.ldt[i]);
	return 0;
}

/* FORK-46: exec passes no @old_mm. */
int init_new_context(struct mm_struct *mm, struct mm_struct *old_mm)
{
	int err = 0;

	mm->context.ldt = NULL; /* DEF-5: not the parent's pointer */
	mm->context.size = 0;
	if (old_mm && READ_ONCE(old_mm->context.size)) {
		down(&old_mm->context.sem);
		err = copy_ldt(mm, old_mm);
		up(&old_mm->context.sem);
	}
	return err;
}

void destroy_context(struct mm_struct *mm)
{
	struct cpu *cpu = this_cpu();

	if (!mm->context.size)
		return;
	if (cpu && current && current->active_mm == mm) {
		cpu_irq_lock(cpu);
		load_default_LDT(cpu);
		cpu_irq_unlock(cpu);
	}
	if (cpu)
		check_unloaded(mm, mm->context.ldt, true);
	kfree(mm->context.ldt);
	mm->context.ldt = NULL;
	mm->context.size = 0;
}

int ldt_read_entry(struct cpu *cpu, unsigned int nr, uint64_t *entry)
{
	if (nr >= (unsigned int)cpu->ldt_size)
		return -EFAULT;
	*entry = READ_ONCE(cpu->ldt[nr]);
	return 0;
}

/* LOCK-6: faults under context.sem, never the other way round. */
static long read_ldt(struct mm_struct *mm, uaddr_t ptr,
		     unsigned long bytecount)
{
	unsigned long size;
	long ret = 0;

	if (!READ_ONCE(mm->context.size))
		return 0;
	bytecount = min(bytecount, (unsigned long)LDT_ENTRIES * LDT_ENTRY_SIZE);
	down(&mm->context.sem);
	size = (unsigned long)mm->context.size * LDT_ENTRY_SIZE;
	size = min(size, bytecount);
	if (copy_to_user(ptr, mm->context.ldt, size))
		ret = -EFAULT;
	up(&mm->context.sem);
	if (!ret && size < bytecount &&
	    clear_user(ptr + size, bytecount - size))
		ret = -EFAULT;
	return ret ? ret : (long)bytecount;
}

/* The processor's format of a present, writable data segment. */
static uint64_t make_descriptor(const struct user_desc_arg *d)
{
	uint64_t base = d->base_addr, limit = d->limit & 0xfffff;

	return (limit & 0xffff) | (base & 0xffffff) << 16 |
	       (uint64_t)0xf2 << 40 | (limit >> 16) << 48 |
	       (uint64_t)0xc << 52 | (base >> 24) << 56;
}

static long write_ldt(struct mm_struct *mm, uaddr_t ptr,
		      unsigned long bytecount)
{
	struct user_desc_arg desc;
	int err;

	if (bytecount != sizeof(desc))
		return -EINVAL;
	if (copy_from_user(&desc, ptr, sizeof(desc)))
		return -EFAULT;
	if (desc.entry_number >= LDT_ENTRIES)
		return -EINVAL;
	down(&mm->context.sem);
	err = alloc_ldt(mm, (int)desc.entry_number + 1, true);
	if (!err)
		WRITE_ONCE(mm->context.ldt[desc.entry_number],
			   desc.limit ? make_descriptor(&desc) : 0);
	up(&mm->context.sem);
	return err;
}

long sys_modify_ldt(int func, uaddr_t ptr, unsigned long bytecount)
{
	struct mm_struct *mm = current->mm;

	switch (func) {
	case 0:
		return read_ldt(mm, ptr, bytecount);
	case 1:
		return write_ldt(mm, ptr, bytecount);
	default:
		return -ENOSYS;
	}
}
