/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc_task_mmu.h - what /proc/PID/maps shows (PROC-3) */
#ifndef MM_PROC_TASK_MMU_H
#define MM_PROC_TASK_MMU_H

#include "mm/mm_types.h"

/**
 * proc_pid_maps() - print the VMAs of a process
 * @pid: of any of its threads
 * @buf: filled with lines, always terminated
 * @size: of @buf
 *
 * Takes and drops R(mmap_sem) for every page of output, so the layout may
 * change in between.
 *
 * Context: no lock; may sleep, and tear the address space down (REF-5).
 * Return: bytes without the final NUL, -ESRCH, or 0 without an mm.
 */
int proc_pid_maps(pid_t pid, char *buf, size_t size);

/**
 * show_map() - one line of maps
 * @vma: VMA
 * @buf: buffer
 * @size: of @buf
 *
 * Context: R or W(mmap_sem).
 * Return: bytes, as snprintf().
 */
int show_map(struct vm_area_struct *vma, char *buf, size_t size);

#endif /* MM_PROC_TASK_MMU_H */
