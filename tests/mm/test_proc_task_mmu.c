// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/proc_task_mmu.h"
#include "tests/mm/vma_util.h"

TestSuite(proc_task_mmu, .init = boot_machine, .fini = stop_machine,
	  .timeout = 30);

static char text[1 << 16];

static int lines(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

Test(proc_task_mmu, format)
{
	struct inode *inode = inode_create("/lib/libc.so", 9 * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ | FILE_WRITE);
	char want[256];

	draw("W");
	sys_mmap(AT(2), PAGE_SIZE, PROT_READ | PROT_EXEC,
		 MAP_SHARED | MAP_FIXED, file, 3 * PAGE_SIZE);
	cr_expect_gt(proc_pid_maps(current->pid, text, sizeof(text)), 0);
	cr_expect_eq(strncmp(text, "10000000-10001000 rw-p 00000000 00:00 0\n",
			     40), 0, "%s", text);
	snprintf(want, sizeof(want), "10002000-10003000 r-xs 00003000 00:01 %lu",
		 inode->i_ino);
	cr_expect_not_null(strstr(text, want), "%s", text);
	cr_expect_not_null(strstr(text, " /lib/libc.so\n"));
	fput(file);
	iput(inode);
}

/* PROC-3: more than one page of output, and a buffer that is too small. */
Test(proc_task_mmu, long_output)
{
	int n;

	for (unsigned int i = 0; i < 300; i++)
		map_fixed(i * 2, 1, RW);
	n = proc_pid_maps(current->pid, text, sizeof(text));
	cr_expect_eq(n, (int)strlen(text));
	cr_expect_eq(lines(text), 300);
	n = proc_pid_maps(current->pid, text, 1000);
	cr_expect_lt(n, 1000);
	cr_expect_eq(text[n - 1], '\n');
	cr_expect_eq(proc_pid_maps(9999, text, sizeof(text)), -ESRCH);
}
