/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files.h - a process's table of open files
 *
 * What a descriptor refers to outlives the address space: exit_files() comes
 * after exit_mm(), and a child of fork() has the same files open (REF-2).  A
 * task gets a table with its first descriptor.
 */
#ifndef MM_FILES_H
#define MM_FILES_H

#include "mm/mm_types.h"

#define NR_OPEN 16 /* descriptors of a table */

struct files_struct {
	atomic_t count; /* (a) tasks that share it */
	spinlock_t file_lock;
	struct file *fd[NR_OPEN]; /* under file_lock: one f_count each */
};

/** files_init() - make the cache.  Context: boot.  Return: 0 or -ENOMEM. */
int files_init(void);

/** files_exit() - undo files_init(). */
void files_exit(void);

/**
 * copy_files() - a child's table
 * @clone_flags: CLONE_FILES shares the caller's
 * @tsk: child, in no list yet; its files become a table of its own or NULL
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM with tsk->files NULL.
 */
int copy_files(unsigned long clone_flags, struct task_struct *tsk);

/**
 * exit_files() - drop a task's table, close all with the last user
 * @tsk: current on its way out, or a child never published
 *
 * Context: may sleep; no lock.
 */
void exit_files(struct task_struct *tsk);

/**
 * unshare_files() - a table of the caller's own, for exec (EXEC-2)
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int unshare_files(void);

/**
 * fd_install() - give the caller a descriptor
 * @file: its reference becomes the descriptor's on success
 *
 * Context: may sleep.
 * Return: descriptor, -EMFILE or -ENOMEM.
 */
int fd_install(struct file *file);

/**
 * fget() - what a descriptor of the caller refers to
 * @fd: descriptor
 *
 * Context: takes file_lock.
 * Return: file with a reference for fput(), or NULL.
 */
struct file *fget(int fd);

/**
 * sys_close() - give a descriptor back
 * @fd: descriptor
 *
 * Context: system call; may sleep.
 * Return: 0 or -EBADF.
 */
int sys_close(int fd);

#endif /* MM_FILES_H */
