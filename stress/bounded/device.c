// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of mappings that a child does not get. */
#include <signal.h>

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/munmap.h"
#include "mm/uaccess.h"
#include "stress/bounded/cut_file.h"

static int device_mmap(struct file *f, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTCOPY | VM_DONTEXPAND;
	return generic_file_mmap(f, vma);
}

static const struct file_operations device_operations = {
	.name = "device", .mmap = device_mmap,
};

static void checks_absence(void *arg)
{
	uint64_t value;

	(void)arg;
	bounded_validate();
	if (!SYSCALL(get_user64(&value, CUT_FILE_AT)))
		report_finding(FINDING_DATA, "FORK-51: a child has a mapping"
			       " that is not for children");
	bounded_exit();
}

static void fork_device_main(void *arg)
{
	(void)arg;
	cut_file_map(PROT_RW, MAP_SHARED);
	cut_file_touch(CUT_FILE_AT);
	bounded_clone(SIGCHLD, checks_absence, NULL);
	SYSCALL(sys_munmap(CUT_FILE_AT, PAGE_SIZE));
	bounded_validate();
	bounded_exit();
}

static void fork_device(void)
{
	cut_file_open(2);
	cut_file->f_op = &device_operations;
	bounded_spawn(fork_device_main, NULL);
	cut_file_close();
}

const struct bounded_ops bounded_fork_device = {
	.name = "fork-device",
	.why = "fork of a process that has mapped a device not to be inherited",
	.items = "FORK-51 INV-6",
	.cpus = 2,
	.fail_alloc = true,
	.body = fork_device,
};
