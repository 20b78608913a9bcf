// SPDX-License-Identifier: GPL-2.0-or-later
/* files.c - tables of open files: fork, exit, and a few calls */
#include "mm/files.h"

#include <errno.h>
#include <linux/sched.h>

#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/lock_classes.h"
#include "mm/refcount.h"
#include "mm/slab.h"

static struct kmem_cache *files_cachep;

static struct files_struct *alloc_files(void)
{
	struct files_struct *files = kmem_cache_alloc(files_cachep,
						      GFP_KERNEL |
						      __GFP_ZERO);

	if (!files)
		return NULL;
	atomic_set(&files->count, 1);
	spin_lock_init(&files->file_lock, &files_class);
	return files;
}

/* The caller's table, made if it has none; NULL for lack of memory. */
static struct files_struct *own_files(void)
{
	if (!current->files)
		current->files = alloc_files();
	return current->files;
}

static void put_files_struct(struct files_struct *files)
{
	if (!ref_put_and_test(&files->count, "files count", files))
		return;
	for (int i = 0; i < NR_OPEN; i++)
		if (files->fd[i])
			fput(files->fd[i]);
	spin_lock_destroy(&files->file_lock);
	kmem_cache_free(files_cachep, files);
}

/* A table of its own, with the same files open. */
static struct files_struct *dup_files(struct files_struct *old)
{
	struct files_struct *files = alloc_files();

	if (!files)
		return NULL;
	spin_lock(&old->file_lock);
	for (int i = 0; i < NR_OPEN; i++)
		if (old->fd[i])
			files->fd[i] = get_file(old->fd[i]);
	spin_unlock(&old->file_lock);
	return files;
}

int copy_files(unsigned long clone_flags, struct task_struct *tsk)
{
	struct files_struct *old;

	tsk->files = NULL;
	if (!(clone_flags & CLONE_FILES)) {
		if (!current->files)
			return 0;
		tsk->files = dup_files(current->files);
		return tsk->files ? 0 : -ENOMEM;
	}
	old = own_files();
	if (!old)
		return -ENOMEM;
	ref_get(&old->count, "files count", old);
	tsk->files = old;
	return 0;
}

int unshare_files(void)
{
	struct files_struct *old = current->files, *own;

	if (!old || atomic_read(&old->count) == 1)
		return 0;
	own = dup_files(old);
	if (!own)
		return -ENOMEM;
	current->files = own;
	put_files_struct(old);
	return 0;
}

void exit_files(struct task_struct *tsk)
{
	struct files_struct *files = tsk->files;

	tsk->files = NULL;
	if (files)
		put_files_struct(files);
}

int fd_install(struct file *file)
{
	struct files_struct *files = own_files();
	int fd;

	if (!files)
		return -ENOMEM;
	spin_lock(&files->file_lock);
	for (fd = 0; fd < NR_OPEN && files->fd[fd]; fd++)
		;
	if (fd < NR_OPEN)
		files->fd[fd] = file;
	spin_unlock(&files->file_lock);
	return fd < NR_OPEN ? fd : -EMFILE;
}

struct file *fget(int fd)
{
	struct files_struct *files = current->files;
	struct file *file;

	if (!files || fd < 0 || fd >= NR_OPEN)
		return NULL;
	spin_lock(&files->file_lock);
	file = files->fd[fd];
	if (file)
		get_file(file);
	spin_unlock(&files->file_lock);
	return file;
}

int sys_close(int fd)
{
	struct files_struct *files = current->files;
	struct file *file;

	if (!files || fd < 0 || fd >= NR_OPEN)
		return -EBADF;
	spin_lock(&files->file_lock);
	file = files->fd[fd];
	files->fd[fd] = NULL;
	spin_unlock(&files->file_lock);
	if (!file)
		return -EBADF;
	fput(file);
	return 0;
}

int files_init(void)
{
	files_cachep = kmem_cache_create("files_cache",
					 sizeof(struct files_struct), 0, 0,
					 NULL, NULL);
	return files_cachep ? 0 : -ENOMEM;
}

void files_exit(void)
{
	kmem_cache_destroy(files_cachep);
	files_cachep = NULL;
}
