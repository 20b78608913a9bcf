/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock_classes.h - every lock class of mm/, and the order they nest in */
#ifndef MM_LOCK_CLASSES_H
#define MM_LOCK_CLASSES_H

#include "locking/lockdep.h"

/* Memory order, LOCK-1: outermost first. */
extern struct lock_class inode_sem_class;
extern struct lock_class ldt_sem_class; /* LOCK-6 */
extern struct lock_class mmap_sem_class;
extern struct lock_class page_lock_class; /* PG_locked, LOCK-8 */
extern struct lock_class i_mmap_class;
extern struct lock_class anon_vma_class;
extern struct lock_class ptl_class;
extern struct lock_class lru_lock_class;
extern struct lock_class tlbstate_class;
extern struct lock_class swap_list_class;
extern struct lock_class sdev_class;
extern struct lock_class mmlist_class;
extern struct lock_class inode_list_class;
extern struct lock_class tree_lock_class;

/* Task order, LOCK-3. */
extern struct lock_class task_lock_class;
extern struct lock_class proc_lock_class;
extern struct lock_class tasklist_class;
extern struct lock_class siglock_class;

/* Leaves and locks with a place of their own. */
extern struct lock_class waitqueue_class;
extern struct lock_class call_class; /* smp_call_function() */
extern struct lock_class pgd_class; /* pgd_lock */
extern struct lock_class zone_lock_class; /* page allocator */
extern struct lock_class slab_class; /* kmem_cache.lock */
extern struct lock_class slab_list_class; /* list of all caches */
extern struct lock_class ioctx_list_class; /* LOCK-7 */
extern struct lock_class futex_bucket_class;
extern struct lock_class pid_class;
extern struct lock_class uid_class;
extern struct lock_class acct_class;
extern struct lock_class store_class;
extern struct lock_class token_class; /* swap_token_lock */
extern struct lock_class kioctx_class; /* LOCK-7 */
extern struct lock_class aio_nr_class; /* list and number of contexts */
extern struct lock_class files_class; /* files->file_lock */
extern struct lock_class cwq_class; /* one worker's queue */
extern struct lock_class shmem_list_class; /* shmem_list_lock */
extern struct lock_class shmem_info_class; /* shmem_inode_info.lock */

/**
 * lock_classes_init() - tell the validator the documented order
 *
 * LOCK-1 to LOCK-9 as pairs of lock_order(); an acquisition that contradicts
 * one of them is reported the first time it happens.
 *
 * Context: boot, before any of these locks is taken.
 */
void lock_classes_init(void);

#endif /* MM_LOCK_CLASSES_H */
