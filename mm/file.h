/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file.h - inodes and open files, as far as mappings need them */
#ifndef MM_FILE_H
#define MM_FILE_H

#include "mm/mm_types.h"

extern struct kmem_cache *inode_cachep;
extern struct kmem_cache *filp_cachep;
extern const struct file_operations generic_file_operations;

/** file_init() - create the caches. Return: 0 or -ENOMEM. */
int file_init(void);

/** file_exit() - destroy the caches; reports leaks. */
void file_exit(void);

/**
 * inode_create() - a new inode with one reference
 * @name: for /proc/PID/maps, copied
 * @size: bytes
 * @a_ops: how pages get their content; NULL for the generic pattern
 *
 * Context: may sleep.
 * Return: the inode, or NULL for lack of memory.
 */
struct inode *inode_create(const char *name, loff_t size,
			   const struct address_space_ops *a_ops);

/**
 * iget() - take a reference
 * @inode: inode with at least one
 *
 * Return: @inode.
 */
struct inode *iget(struct inode *inode);

/**
 * iput() - drop a reference; the last one frees the page cache too
 * @inode: inode or NULL
 *
 * Context: may sleep.
 */
void iput(struct inode *inode);

/**
 * i_size_read() - the size, untorn and not older than what i_size_seq says
 * @inode: inode
 *
 * Context: any, lockless.
 */
loff_t i_size_read(struct inode *inode);

/**
 * i_size_write() - set the size
 * @inode: inode
 * @size: bytes
 *
 * Context: i_sem.
 */
void i_size_write(struct inode *inode, loff_t size);

/**
 * file_open() - open an inode
 * @inode: gains a reference
 * @flags: FILE_READ, FILE_WRITE, FILE_EXEC
 *
 * Return: a file with f_count 1, or ERR_PTR(-ENOMEM, -ETXTBSY).
 */
struct file *file_open(struct inode *inode, unsigned int flags);

/** get_file() - take a reference on an open file. Return: @file. */
struct file *get_file(struct file *file);

/**
 * fput() - drop a reference, close after the last
 * @file: file
 *
 * Context: no spinlock; may sleep.
 */
void fput(struct file *file);

/**
 * deny_write_access() - forbid writers while a program is mapped
 * @file: file or NULL
 *
 * Return: 0, or -ETXTBSY if there are writers (REF-11).
 */
int deny_write_access(struct file *file) __must_check;

/** allow_write_access() - undo deny_write_access(). */
void allow_write_access(struct file *file);

/**
 * get_write_access() - become a writer
 * @inode: inode
 *
 * Return: 0, or -ETXTBSY while writing is denied.
 */
int get_write_access(struct inode *inode) __must_check;

/** put_write_access() - undo get_write_access(). */
void put_write_access(struct inode *inode);

/**
 * generic_file_mmap() - mmap operation of ordinary files
 * @file: file
 * @vma: new VMA, not linked
 *
 * Return: 0.
 */
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);

/**
 * for_each_inode() - visit every live inode
 * @fn: called with inode_lock held; must not sleep
 * @arg: passed on
 */
void for_each_inode(void (*fn)(struct inode *inode, void *arg), void *arg);

#endif /* MM_FILE_H */
