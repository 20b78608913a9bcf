// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * proc_task_mmu.c - /proc/PID/maps (PROC-1 to PROC-3, PROC-10)
 *
 * A reader holds mm_users and R(mmap_sem) for a page of output at most.  Its
 * mmput() may be the last: then the address space is torn down here.
 */
#include "mm/proc_task_mmu.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mm/cpu.h"
#include "mm/fork.h"
#include "mm/pid.h"
#include "mm/vma.h"

#define CHUNK_BYTES PAGE_SIZE
#define LINE_BYTES 256

/* What stands where a file has its path. */
static const char *vma_name(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;

	if (vma->vm_file)
		return vma->vm_file->f_inode->i_name;
	if (vma->vm_flags & VM_GROWSDOWN)
		return "[stack]";
	if (vma_start(vma) <= mm->brk && vma->vm_end >= mm->start_brk &&
	    mm->start_brk != mm->brk)
		return "[heap]";
	return "";
}

int show_map(struct vm_area_struct *vma, char *buf, size_t size)
{
	unsigned long flags = vma->vm_flags, ino = 0, pgoff = 0;
	const char *name = vma_name(vma);
	int n;

	if (vma->vm_file) {
		ino = vma->vm_file->f_inode->i_ino;
		pgoff = vma->vm_pgoff;
	}
	n = snprintf(buf, size, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu",
		     vma_start(vma), vma->vm_end, flags & VM_READ ? 'r' : '-',
		     flags & VM_WRITE ? 'w' : '-', flags & VM_EXEC ? 'x' : '-',
		     flags & VM_MAYSHARE ? 's' : 'p', pgoff << PAGE_SHIFT, 0,
		     ino ? 1 : 0, ino);
	if (n < 0 || (size_t)n >= size)
		return n;
	if (*name)
		n += snprintf(buf + n, size - n, "%*s %s\n",
			      max(72 - n, 0), "", name);
	else
		n += snprintf(buf + n, size - n, "\n");
	return n;
}

/* As many whole lines as fit, from VMA number *@index on. */
static size_t show_chunk(struct mm_struct *mm, unsigned long *index, char *buf,
			 size_t size) __must_hold_shared(&mm->mmap_sem)
{
	struct vm_area_struct *vma = mm->mmap;
	size_t done = 0;

	for (unsigned long i = 0; vma && i < *index; i++)
		vma = vma->vm_next;
	for (; vma; vma = vma->vm_next, ++*index) {
		char line[LINE_BYTES];
		size_t n = show_map(vma, line, sizeof(line));

		if (n >= sizeof(line))
			n = sizeof(line) - 1;
		if (done + n >= size)
			break;
		memcpy(buf + done, line, n);
		done += n;
	}
	return done;
}

int proc_pid_maps(pid_t pid, char *buf, size_t size)
{
	struct task_struct *task = find_get_task(pid);
	unsigned long index = 0;
	size_t done = 0, part;

	if (!task)
		return -ESRCH;
	do {
		struct mm_struct *mm = get_task_mm(task);

		part = 0;
		if (mm) {
			down_read(&mm->mmap_sem);
			part = show_chunk(mm, &index, buf + done,
					  min(CHUNK_BYTES, size - done));
			up_read(&mm->mmap_sem);
			mmput_outside(mm);
		}
		done += part;
	} while (part);
	buf[done] = '\0';
	put_task_struct(task);
	return done;
}
