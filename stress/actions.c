// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/actions.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/ldt.h"
#include "mm/pid.h"
#include "mm/proc_task_mmu.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/sys.h"
#include "mm/uaccess.h"
#include "stress/oracle_data.h"

#define MAPS_BUFFER 2048

void act_touch(struct stress_user *u, unsigned int nr)
{
	for (unsigned int n = 0; n < nr; n++) {
		unsigned int i = rng_below(&u->rng, COMMON_PAGES -
					   COMMON_DATA);
		uaddr_t page = u->image->data[i].addr;

		data_check(u, page, u->data[i], 0);
		data_write(u, page, &u->data[i]);
	}
	prog_count_faults(u);
}

pid_t act_random_pid(struct stress_user *u)
{
	/* Numbers are given out in order and tasks are short-lived. */
	return 1 + rng_below(&u->rng, PID_MAX - 1) % (2 * world.target + 400);
}

static pid_t read_maps(pid_t pid)
{
	char buf[MAPS_BUFFER];

	return proc_pid_maps(pid, buf, sizeof(buf));
}

void act_read_maps(struct stress_user *u, pid_t pid)
{
	(void)u;
	if (SYSCALL(read_maps(pid)) > 0)
		stress_count(EV_PROC);
}

static int access_remote(pid_t pid, uaddr_t addr, uint64_t *v, bool write)
{
	struct task_struct *p = find_get_task(pid);
	int done;

	if (!p)
		return -ESRCH;
	done = access_process_vm(p, addr, v, sizeof(*v), write);
	put_task_struct(p);
	return done;
}

void act_access_remote(struct stress_user *u, pid_t pid, bool write)
{
	uaddr_t page = world.common + COMMON_DATA * PAGE_SIZE;
	unsigned int slot = write ? REMOTE_SLOT : 1 + rng_below(&u->rng, 16);
	uint64_t v = u->serial;

	if (SYSCALL(access_remote(pid, page + slot * 8, &v, write)) ==
	    sizeof(v))
		stress_count(EV_ACCESS_VM);
}

/* What a selector gives on the CPU the caller is on.  Return: -EFAULT: none. */
static int load_selector(unsigned int nr, uint64_t *entry)
{
	struct cpu *cpu = this_cpu();
	int err;

	cpu_irq_lock(cpu);
	err = ldt_read_entry(cpu, nr, entry);
	cpu_irq_unlock(cpu);
	return err;
}

/* Entry n of every LDT has base n, once it has been written. */
static void check_selector(unsigned int nr)
{
	uint64_t entry = 0;
	int err = load_selector(nr, &entry);
	uint32_t base = (uint32_t)(entry >> 16) & 0xffffff;

	if (err || base != nr)
		report_finding(FINDING_DATA, "LDT entry %u on CPU %d: error %d,"
			       " base %u, expected base %u", nr,
			       this_cpu()->id, err, base, nr);
}

void act_ldt(struct stress_user *u)
{
	uaddr_t buf = world.common + COMMON_TIDS * PAGE_SIZE;
	unsigned int nr = rng_below(&u->rng, rng_chance(&u->rng, 1, 8) ?
				    LDT_ENTRIES : 1024);
	struct user_desc_arg desc = {
		.entry_number = nr, .base_addr = nr, .limit = 1,
	};
	/* The argument does not fit the word of a slot: use the area's end. */
	uaddr_t at = buf + PAGE_SIZE - 16;
	bool alone = atomic_read(&current->mm->mm_users) == 1;

	if (SYSCALL(copy_to_user(at, &desc, sizeof(desc))))
		return;
	if (SYSCALL(sys_modify_ldt(1, at, sizeof(desc))))
		return;
	stress_count(EV_LDT);
	/* Others with the mm may have used the same words for theirs. */
	if (alone)
		check_selector(nr);
}

void act_expect_no_ldt(void)
{
	uint64_t entry;

	if (!load_selector(0, &entry))
		report_finding(FINDING_STRUCTURE, "FORK-46: a new program on"
			       " CPU %d begins with an LDT", this_cpu()->id);
}

void act_kill_child(struct stress_user *u)
{
	static const int sigs[] = { SIGKILL, SIGQUIT, SIGTERM, SIGABRT };
	unsigned int i;

	if (!u->nr_children)
		return;
	i = rng_below(&u->rng, u->nr_children);
	stress_count(EV_KILL);
	SYSCALL(sys_kill(u->children[i],
			 sigs[rng_below(&u->rng, ARRAY_SIZE(sigs))]));
}

void act_dump(struct stress_user *u)
{
	static const int sigs[] = { SIGQUIT, SIGABRT, SIGSEGV, SIGFPE };
	int sig = sigs[rng_below(&u->rng, ARRAY_SIZE(sigs))];

	u->may_fault = true;
	SYSCALL(sys_tgkill(sys_getpid(), sys_gettid(), sig));
	u->may_fault = false;
}

unsigned int act_last_slot(void)
{
	uint64_t next;

	if (user_read64(world.common + COMMON_CONTROL * PAGE_SIZE, &next) ||
	    !next || next > MAX_SLOTS)
		return 0;
	return (unsigned int)next - 1;
}

void act_clone_settls(struct stress_user *u, prog_entry_t entry)
{
	/* Page 0 is never mapped. */
	prog_clone(u, entry, THREAD_FLAGS | CLONE_SETTLS, 8);
}

unsigned int act_start_crew(struct stress_user *u, unsigned int nr,
			    prog_entry_t entry, unsigned int steps)
{
	unsigned int alive = 0, own = u->steps;

	u->steps = steps; /* children copy it */
	for (unsigned int i = 0; i < nr; i++)
		alive += prog_clone(u, entry, THREAD_FLAGS, 0) > 0;
	u->steps = own;
	return alive;
}

void act_group_exit(struct stress_user *u)
{
	stress_count(EV_GROUP_EXIT);
	prog_exit(u, 0, true);
}

void prog_idle(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		act_touch(u, 4);
		SYSCALL(sys_gettid());
	}
	prog_exit(u, 0, false);
}

void prog_brief(struct stress_user *u)
{
	act_touch(u, 4);
	prog_exit(u, 0, false);
}
