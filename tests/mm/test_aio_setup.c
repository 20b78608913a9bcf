// SPDX-License-Identifier: GPL-2.0-or-later
/* io_setup() that fails: what a context takes is given back. */
#include "tests/mm/life_util.h"

#include "mm/aio.h"
#include "mm/mprotect.h"

TestSuite(aio_setup, .timeout = 30, .init = life_boot, .fini = life_stop);

#define CTX_WORD DATA /* the handle */
#define MOST_EVENTS 1000 /* of one context: its ring has few pages */

static void run_program(void (*entry)(void *))
{
	cr_assert_eq(status_of(spawn(entry, NULL)), 0);
	sched_wait_quiet();
	cr_assert_eq(aio_nr_events(), 0);
}

static long setup(unsigned int nr_events)
{
	user_write64(CTX_WORD, 0);
	return SYSCALL(sys_io_setup(nr_events, CTX_WORD));
}

/* The context is there already when its handle cannot be stored. */
static void cannot_be_told(void *arg)
{
	long total_vm = atomic_long_read(&current->mm->total_vm);

	(void)arg;
	user_write64(CTX_WORD, 0);
	SYSCALL(sys_mprotect(CTX_WORD, PAGE_SIZE, PROT_READ));
	user_assert(SYSCALL(sys_io_setup(2, CTX_WORD)) == -EFAULT);
	user_assert(atomic_long_read(&current->mm->total_vm) == total_vm);
	user_assert(!current->mm->ioctx_list);
	user_assert(!aio_nr_events());
}

Test(aio_setup, handle_that_cannot_be_told)
{
	run_program(cannot_be_told);
}

/* The last context that does not fit has its ring mapped already. */
static void sets_up_many(void *arg)
{
	struct mm_struct *mm = current->mm;
	unsigned long nr = 0;
	long total_vm;
	int mm_count;
	uint64_t id;
	long err;

	(void)arg;
	while (aio_nr_events() + MOST_EVENTS <= AIO_MAX_NR) {
		user_assert(!setup(MOST_EVENTS));
		nr += MOST_EVENTS;
		user_assert(aio_nr_events() == nr);
	}
	user_read64(CTX_WORD, &id);
	total_vm = atomic_long_read(&mm->total_vm);
	mm_count = atomic_read(&mm->mm_count);
	err = setup(MOST_EVENTS);
	user_assert(err == -EAGAIN);
	user_assert(atomic_long_read(&mm->total_vm) == total_vm);
	user_assert(atomic_read(&mm->mm_count) == mm_count);
	user_assert(aio_nr_events() == nr);
	user_assert(!SYSCALL(sys_io_destroy(id)));
	user_assert(aio_nr_events() == nr - MOST_EVENTS);
	user_assert(!setup(MOST_EVENTS));
}

Test(aio_setup, events_of_all_contexts_are_limited)
{
	run_program(sets_up_many);
}
