// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/life_util.h"

#include "mm/file.h"
#include "mm/mincore.h"
#include "mm/munmap.h"

TestSuite(mincore, .timeout = 30, .init = life_boot, .fini = life_stop);

#define PAGES 300 /* more than one chunk */
#define FILE_AT 0x20000000UL
#define VEC DATA

static struct file *file;

static void map_file(void)
{
	user_assert(SYSCALL(sys_mmap(FILE_AT, PAGES * PAGE_SIZE, PROT_READ,
				     MAP_PRIVATE | MAP_FIXED, file, 0)) ==
		    FILE_AT);
}

static long resident(uaddr_t start, unsigned long len)
{
	return SYSCALL(sys_mincore(start, len, VEC));
}

static uint8_t told(unsigned int page)
{
	uint8_t v = 9;

	user_read8(VEC + page, &v);
	return v;
}

static void residency(void *arg)
{
	static const unsigned int touched[] = { 0, 7, 255, 256, 299 };
	unsigned int nr = 0;
	uint8_t byte;

	(void)arg;
	map_file();
	for (size_t i = 0; i < ARRAY_SIZE(touched); i++)
		user_read8(FILE_AT + touched[i] * PAGE_SIZE, &byte);
	user_assert(resident(FILE_AT, PAGES * PAGE_SIZE - 5) == 0);
	for (unsigned int i = 0; i < PAGES; i++)
		nr += told(i);
	user_assert(nr == ARRAY_SIZE(touched));
	for (size_t i = 0; i < ARRAY_SIZE(touched); i++)
		user_assert(told(touched[i]) == 1);
	/* Two areas side by side. */
	user_assert(!SYSCALL(sys_munmap(FILE_AT + 4 * PAGE_SIZE, PAGE_SIZE)));
	user_assert(resident(FILE_AT, 5 * PAGE_SIZE) == -ENOMEM);
	user_assert(resident(FILE_AT + 5 * PAGE_SIZE, 3 * PAGE_SIZE) == 0);
	user_assert(told(2) == 1);
	user_assert(resident(FILE_AT + 1, 8) == -EINVAL);
	user_assert(resident(DATA, PAGE_SIZE) == -ENOMEM);
	user_assert(resident(TASK_SIZE, PAGE_SIZE) == -ENOMEM);
	user_assert(resident(FILE_AT, 0) == 0);
	user_assert(SYSCALL(sys_mincore(FILE_AT, 8, TASK_SIZE)) == -EFAULT);
	user_assert(SYSCALL(sys_mincore(FILE_AT, 8, 4096)) == -EFAULT);
	fault_inject_arm(1);
	user_assert(sys_mincore(FILE_AT, 8, VEC) == -EAGAIN);
	fault_inject_disarm();
}

/* A process that runs @entry with @file open. */
static void run_with_file(void (*entry)(void *))
{
	struct inode *inode = inode_create("file", PAGES * PAGE_SIZE, NULL);

	file = file_open(inode, FILE_READ);
	cr_assert(!IS_ERR(file));
	iput(inode);
	cr_assert_eq(status_of(spawn(entry, NULL)), 0);
	fput(file);
}

Test(mincore, residency)
{
	run_with_file(residency);
}

/*
 * FLT-9.  1. a thread looks at pages; 2. another one queues for writing;
 * 3. the first one writes the answer, which has to be faulted in.  With the
 * lock held across 3 both would wait for ever.
 */
static void maps_and_unmaps(void *arg)
{
	(void)arg;
	for (int i = 0; i < 400; i++)
		SYSCALL(sys_mmap(DATA + 16 * PAGE_SIZE, PAGE_SIZE, PROT_READ,
				 MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, NULL,
				 0));
	user_exit(0);
}

static void faults_in_the_vector(void *arg)
{
	(void)arg;
	map_file();
	new_thread(maps_and_unmaps, NULL);
	for (int i = 0; i < 400; i++) {
		SYSCALL(sys_mmap(VEC, PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, NULL,
				 0));
		user_assert(resident(FILE_AT, PAGE_SIZE) == 0);
	}
	user_exit_group(0);
}

Test(mincore, FLT_9_vector_is_written_without_mmap_sem)
{
	run_with_file(faults_in_the_vector);
}
