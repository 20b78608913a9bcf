// SPDX-License-Identifier: GPL-2.0-or-later
/* do_page_fault(): which accesses are good, and what the bad ones cost. */
#include "mm/fault.h"
#include "mm/file.h"
#include "mm/mmu.h"
#include "mm/mprotect.h"
#include "mm/pgtable.h"
#include "tests/mm/life_util.h"

TestSuite(fault, .init = life_boot, .fini = life_stop, .timeout = 60);

#define HOLE 0x20000000UL
#define STACK 0x30000000UL /* start of a growing mapping of one page */

static uaddr_t seen_addr;
static int seen_error;

static void touch_hole(void *arg)
{
	(void)arg;
	user_write64(HOLE + 8, 1);
	user_assert(false);
}

static void write_read_only(void *arg)
{
	uint64_t value;

	(void)arg;
	user_assert(!IS_ERR_VALUE(SYSCALL(sys_mmap(HOLE, PAGE_SIZE, PROT_READ,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				NULL, 0))));
	user_assert(!user_read64(HOLE, &value) && value == 0);
	user_write64(HOLE, 1);
	user_assert(false);
}

static void read_none(void *arg)
{
	uint64_t value;

	(void)arg;
	user_assert(!IS_ERR_VALUE(SYSCALL(sys_mmap(HOLE, PAGE_SIZE, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				NULL, 0))));
	user_read64(HOLE, &value);
	user_assert(false);
}

/* NX: an instruction of an executable page; the same without PROT_EXEC. */
static void execute_data(void *arg)
{
	uint64_t value;

	(void)arg;
	user_assert(!IS_ERR_VALUE(SYSCALL(sys_mmap(HOLE, PAGE_SIZE,
				PROT_READ | PROT_EXEC,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				NULL, 0))));
	user_assert(!user_exec(HOLE));
	user_assert(!SYSCALL(sys_mprotect(HOLE, PAGE_SIZE, PROT_READ)));
	user_assert(!user_read64(HOLE, &value));
	user_exec(HOLE);
	user_assert(false);
}

static void touch_kernel(void *arg)
{
	(void)arg;
	user_write64(TASK_SIZE, 1);
	user_assert(false);
}

/* FLT-2, FLT-5, FLT-6, FLT-8: forced, so that nothing can block it. */
Test(fault, flt_8_segv)
{
	static void (*const programs[])(void *) = {
		touch_hole, write_read_only, read_none, execute_data,
		touch_kernel,
	};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		int status = status_of(spawn(programs[i], NULL));

		cr_expect(WIFSIGNALED(status), "program %zu: %#x", i, status);
		cr_expect_eq(WTERMSIG(status), SIGSEGV, "program %zu", i);
	}
}

static void map_stack(void)
{
	user_assert(!IS_ERR_VALUE(SYSCALL(sys_mmap(STACK, PAGE_SIZE,
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED |
					MAP_GROWSDOWN, NULL, 0))));
}

static void grow_stack(void *arg)
{
	(void)arg;
	map_stack();
	current->user_sp = STACK - 2 * PAGE_SIZE;
	user_write64(STACK - 2 * PAGE_SIZE - 32, 1); /* as far as allowed */
	user_assert(atomic_long_read(&current->mm->stack_vm) >= 3);
	user_write64(STACK - 2 * PAGE_SIZE - 40, 1); /* inside, now */
	user_exit(7);
}

static void grow_too_far(void *arg)
{
	(void)arg;
	map_stack();
	current->user_sp = STACK;
	user_write64(STACK - 40, 1);
	user_assert(false);
}

/* FLT-5, FLT-10. */
Test(fault, flt_5_stack_growth)
{
	int status = status_of(spawn(grow_stack, NULL));

	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 7, "%#x",
		  status);
	status = status_of(spawn(grow_too_far, NULL));
	cr_expect_eq(WTERMSIG(status), SIGSEGV);
}

/* FLT-7: one fault, counted once. */
static void count_faults(void *arg)
{
	unsigned long before = current->min_flt;

	(void)arg;
	user_write64(DATA, 1);
	user_assert(current->min_flt == before + 1);
	user_write64(DATA + 8, 1);
	user_assert(current->min_flt == before + 1);
	user_exit(0);
}

Test(fault, flt_7_counters)
{
	cr_expect_eq(status_of(spawn(count_faults, NULL)), 0);
}

/* FLT-8, kernel mode: no signal, an error. */
static void kernel_faults(void *arg)
{
	uint64_t value = 1;

	(void)arg;
	seen_error = do_page_fault(PF_ERR_WRITE, HOLE, false, true);
	user_assert(get_user64(&value, HOLE) == -EFAULT);
	user_assert(!signal_pending(current));
	/* FLT-3: not while a spinlock is held. */
	spin_lock(&current->mm->page_table_lock);
	user_assert(do_page_fault(0, DATA, false, true) == -EFAULT);
	spin_unlock(&current->mm->page_table_lock);
	user_assert(do_page_fault(0, DATA, false, true) == 0);
	user_exit(0);
}

Test(fault, flt_8_kernel_fixup)
{
	cr_expect_eq(status_of(spawn(kernel_faults, NULL)), 0);
	cr_expect_eq(seen_error, -EFAULT);
}

/* FLT-8: without memory the task dies, and only that. */
static void out_of_memory(void *arg)
{
	(void)arg;
	fault_inject_arm(1);
	user_write64(DATA, 1);
	user_assert(false);
}

Test(fault, flt_8_out_of_memory)
{
	int status = status_of(spawn(out_of_memory, NULL));

	cr_expect_eq(WTERMSIG(status), SIGKILL, "%#x", status);
}

static void bus_error(void *arg)
{
	struct file *file = arg;
	uint64_t value;

	user_assert(!IS_ERR_VALUE(SYSCALL(sys_mmap(HOLE, 2 * PAGE_SIZE,
				PROT_READ, MAP_SHARED | MAP_FIXED, file, 0))));
	user_assert(!user_read64(HOLE, &value));
	user_read64(HOLE + PAGE_SIZE, &value);
	user_assert(false);
}

/* FLT-26: behind the end of the file. */
Test(fault, flt_26_sigbus)
{
	struct inode *inode = inode_create("f", PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ);
	int status;

	iput(inode);
	status = status_of(spawn(bus_error, file));
	cr_expect_eq(WTERMSIG(status), SIGBUS, "%#x", status);
	fput(file);
}

/* The address of the last bad access is the task's to see. */
static void remember(void *arg)
{
	(void)arg;
	force_sig_info_fault(SIGSEGV, HOLE);
	seen_addr = current->fault_addr;
	exit_to_user();
}

Test(fault, fault_addr)
{
	status_of(spawn(remember, NULL));
	cr_expect_eq(seen_addr, HOLE);
}

/* ---- COW under the eyes of another CPU ----------------------------------- */

static pteval_t old_pte, seen_pte;
LATCH(looking);

static pte_t *data_pte(void)
{
	return mmu_walk(current->mm->pgd, DATA);
}

/* Has the old translation, and no interrupts, until it sees the PTE change. */
static void watches_pte(void *arg)
{
	unsigned long flags;
	uint64_t value;

	(void)arg;
	user_assert(user_read64(DATA, &value) == 0);
	old_pte = pte_val(ptep_get_lockless(data_pte()));
	local_irq_save(flags);
	reach(looking);
	do {
		seen_pte = pte_val(ptep_get_lockless(data_pte()));
	} while (seen_pte == old_pte);
	local_irq_restore(flags);
	user_exit(0);
}

static void breaks_cow_beside(void *arg)
{
	pid_t child;

	(void)arg;
	user_write64(DATA, 1);
	child = user_clone(SIGCHLD, pause_forever, NULL);
	new_thread(watches_pte, NULL);
	await(looking);
	user_assert(user_write64(DATA, 2) == 0);
	user_assert(SYSCALL(sys_kill(child, SIGKILL)) == 0);
	user_assert(SYSCALL(sys_wait4(child, NULL, 0)) == child);
	user_exit(0);
}

/*
 * The flush of a COW waits for a CPU that has interrupts off and the old page
 * in its TLB.  Meanwhile there must be no PTE: 2.6.11 has stored the new one,
 * and the two CPUs see two pages at one address.
 */
Test(fault, FLT_48_no_two_pages_at_one_address)
{
	cr_assert_eq(status_of(spawn(breaks_cow_beside, NULL)), 0);
	cr_expect_eq(seen_pte, 0, "PTE %#llx while the old one is cached",
		     (unsigned long long)seen_pte);
}
