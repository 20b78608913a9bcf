// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs that many bounded scenarios run, and parts of them. */
#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/uaccess.h"
#include "mm/vmscan.h"
#include "stress/bounded/bounded.h"

void bounded_exits(void *unused)
{
	(void)unused;
	bounded_exit();
}

/*
 * Did one thread alone exit where exec fails, a leader for example, wait4()
 * would not see the others stop: it does not look beyond a zombie, in 2.6.11
 * either.
 */
void bounded_execs(void *unused)
{
	bounded_exec(bounded_exits, unused);
	syscall_enter();
	sys_exit_group(127);
}

void bounded_reclaims(void *unused)
{
	(void)unused;
	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	try_to_free_pages(GFP_KERNEL);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
}

void bounded_pause(void *unused)
{
	(void)unused;
	for (;;)
		SYSCALL(sys_pause());
}

/* ---- user memory ------------------------------------------------------------- */

void bounded_put(unsigned int page, uint64_t value)
{
	int err = user_write64(BOUNDED_DATA + page * PAGE_SIZE, value);

	if (err)
		report_finding(FINDING_DATA, "a correct store to page %u was"
			       " refused: error %d", page, err);
}

void bounded_expect(unsigned int page, uint64_t a, uint64_t b)
{
	uint64_t value = 0;
	int err = user_read64(BOUNDED_DATA + page * PAGE_SIZE, &value);

	if (err)
		report_finding(FINDING_DATA, "a correct load from page %u was"
			       " refused: error %d", page, err);
	else if (value != a && value != b)
		report_finding(FINDING_DATA, "page %u has %llu, expected %llu"
			       " or %llu", page, (unsigned long long)value,
			       (unsigned long long)a, (unsigned long long)b);
}

void bounded_expect_at(uaddr_t addr, uint64_t want)
{
	uint64_t value = 0;
	int err = SYSCALL(get_user64(&value, addr));

	if (err || value != want)
		report_finding(FINDING_DATA, "%#lx has %llu, error %d, expected"
			       " %llu", addr, (unsigned long long)value, err,
			       (unsigned long long)want);
}
