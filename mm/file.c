// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file.c - inodes and open files
 *
 * An open file holds its inode, a VMA holds its file (REF-10), the page cache
 * lives as long as its inode.  i_writecount decides between writers (above
 * zero) and VM_DENYWRITE mappings (below zero), REF-11.
 */
#include "mm/file.h"

#include <errno.h>
#include <string.h>

#include "mm/filemap.h"
#include "mm/filestore.h"
#include "mm/lock_classes.h"
#include "mm/prio_tree.h"
#include "mm/refcount.h"
#include "mm/shmem.h"
#include "mm/slab.h"
#include "mm/truncate.h"

struct kmem_cache *inode_cachep;
struct kmem_cache *filp_cachep;

static DEFINE_SPINLOCK(inode_lock, &inode_list_class);
static CDS_LIST_HEAD(inode_list); /* under inode_lock */
static unsigned long last_ino; /* under inode_lock */

const struct file_operations generic_file_operations = {
	.name = "file",
	.mmap = generic_file_mmap,
};

int file_init(void)
{
	inode_cachep = kmem_cache_create("inode", sizeof(struct inode), 0, 0,
					 NULL, NULL);
	filp_cachep = kmem_cache_create("filp", sizeof(struct file), 0, 0,
					NULL, NULL);
	if (inode_cachep && filp_cachep)
		return 0;
	file_exit();
	return -ENOMEM;
}

void file_exit(void)
{
	kmem_cache_destroy(filp_cachep);
	kmem_cache_destroy(inode_cachep);
	filp_cachep = inode_cachep = NULL;
}

/* ---- Inodes ------------------------------------------------------------- */

struct inode *inode_create(const char *name, loff_t size,
			   const struct address_space_ops *a_ops)
{
	struct inode *inode;

	inode = kmem_cache_alloc(inode_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!inode)
		return NULL;
	atomic_set(&inode->i_count, 1);
	atomic_set(&inode->i_writecount, 0);
	seqcount_init(&inode->i_size_seq);
	inode->i_size = inode->i_disk_size = size;
	init_MUTEX(&inode->i_sem, &inode_sem_class);
	inode->i_shmem = a_ops == &shmem_aops;
	strncpy(inode->i_name, name, sizeof(inode->i_name) - 1);
	filestore_init(inode);
	address_space_init(&inode->i_data, inode,
			   a_ops ? a_ops : &generic_file_aops);

	spin_lock(&inode_lock);
	inode->i_ino = ++last_ino;
	cds_list_add_tail(&inode->i_list, &inode_list);
	spin_unlock(&inode_lock);
	return inode;
}

struct inode *iget(struct inode *inode)
{
	ref_get(&inode->i_count, "inode i_count", inode);
	return inode;
}

/* INV-53, for an inode that nobody can map any more. */
static void check_dead_inode(struct inode *inode)
{
	struct address_space *mapping = &inode->i_data;

	if (!prio_tree_empty(&mapping->i_mmap) ||
	    !cds_list_empty(&mapping->i_mmap_nonlinear) ||
	    mapping->i_mmap_writable || mapping->nrpages)
		report_finding(FINDING_STRUCTURE,
			       "inode %lu (%s) dies with %s mappings, i_mmap_writable %u, %lu pages",
			       inode->i_ino, inode->i_name,
			       prio_tree_empty(&mapping->i_mmap) ? "no" :
			       "linear", mapping->i_mmap_writable,
			       mapping->nrpages);
	if (atomic_read(&inode->i_writecount))
		report_finding(FINDING_REFCOUNT,
			       "inode %lu (%s) dies with i_writecount %d",
			       inode->i_ino, inode->i_name,
			       atomic_read(&inode->i_writecount));
}

void iput(struct inode *inode)
{
	if (!inode || !ref_put_and_test(&inode->i_count, "inode i_count",
					inode))
		return;
	might_sleep();
	spin_lock(&inode_lock);
	cds_list_del(&inode->i_list);
	spin_unlock(&inode_lock);
	truncate_inode_pages(&inode->i_data, 0);
	if (inode->i_shmem)
		shmem_delete_inode(inode);
	check_dead_inode(inode);
	address_space_destroy(&inode->i_data);
	filestore_destroy(inode);
	kmem_cache_free(inode_cachep, inode);
}

loff_t i_size_read(struct inode *inode)
{
	unsigned int seq;
	loff_t size;

	do {
		seq = read_seqcount_begin(&inode->i_size_seq);
		size = READ_ONCE(inode->i_size);
	} while (read_seqcount_retry(&inode->i_size_seq, seq));
	return size;
}

void i_size_write(struct inode *inode, loff_t size)
{
	write_seqcount_begin(&inode->i_size_seq);
	WRITE_ONCE(inode->i_size, size);
	/* What has been cut off is gone: growing again gives zeroes. */
	if (size < READ_ONCE(inode->i_disk_size))
		WRITE_ONCE(inode->i_disk_size, size);
	write_seqcount_end(&inode->i_size_seq);
}

void for_each_inode(void (*fn)(struct inode *inode, void *arg), void *arg)
{
	struct inode *inode;

	spin_lock(&inode_lock);
	cds_list_for_each_entry(inode, &inode_list, i_list)
		fn(inode, arg);
	spin_unlock(&inode_lock);
}

/* ---- Write access ------------------------------------------------------- */

/* Move i_writecount by @step unless it is on the other side of zero. */
static int writecount_move(struct inode *inode, int step)
{
	int old = atomic_read(&inode->i_writecount), seen;

	for (;;) {
		if (step > 0 ? old < 0 : old > 0)
			return -ETXTBSY;
		seen = atomic_cmpxchg(&inode->i_writecount, old, old + step);
		if (seen == old)
			return 0;
		old = seen;
	}
}

int get_write_access(struct inode *inode)
{
	return writecount_move(inode, 1);
}

void put_write_access(struct inode *inode)
{
	atomic_dec(&inode->i_writecount);
}

int deny_write_access(struct file *file)
{
	return file ? writecount_move(file->f_inode, -1) : 0;
}

void allow_write_access(struct file *file)
{
	if (file)
		atomic_inc(&file->f_inode->i_writecount);
}

/* ---- Open files --------------------------------------------------------- */

struct file *file_open(struct inode *inode, unsigned int flags)
{
	struct file *file;
	int err;

	file = kmem_cache_alloc(filp_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!file)
		return ERR_PTR(-ENOMEM);
	if (flags & FILE_WRITE) {
		err = get_write_access(inode);
		if (err) {
			kmem_cache_free(filp_cachep, file);
			return ERR_PTR(err);
		}
	}
	atomic_set(&file->f_count, 1);
	file->f_flags = flags;
	file->f_inode = iget(inode);
	file->f_mapping = &inode->i_data;
	file->f_op = inode->i_shmem ? &shmem_file_operations :
				      &generic_file_operations;
	return file;
}

struct file *get_file(struct file *file)
{
	ref_get(&file->f_count, "file f_count", file);
	return file;
}

void fput(struct file *file)
{
	struct inode *inode = file->f_inode;

	if (!ref_put_and_test(&file->f_count, "file f_count", file))
		return;
	might_sleep();
	if (file->f_op->release)
		file->f_op->release(inode, file);
	if (file->f_flags & FILE_WRITE)
		put_write_access(inode);
	kmem_cache_free(filp_cachep, file);
	iput(inode);
}

int generic_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	(void)file;
	vma->vm_ops = &generic_file_vm_ops;
	return 0;
}
