// SPDX-License-Identifier: GPL-2.0-or-later
/* lock_classes.c - the lock hierarchy of specification section 1.1 */
#include "mm/lock_classes.h"

DEFINE_LOCK_CLASS(inode_sem_class, "inode->i_sem");
DEFINE_LOCK_CLASS(ldt_sem_class, "mm->context.sem");
DEFINE_LOCK_CLASS(mmap_sem_class, "mm->mmap_sem");
DEFINE_LOCK_CLASS(page_lock_class, "PG_locked");
DEFINE_LOCK_CLASS(i_mmap_class, "mapping->i_mmap_lock");
DEFINE_LOCK_CLASS(anon_vma_class, "anon_vma->lock");
DEFINE_LOCK_CLASS(ptl_class, "mm->page_table_lock");
DEFINE_LOCK_CLASS(lru_lock_class, "zone->lru_lock");
DEFINE_LOCK_CLASS(tlbstate_class, "tlbstate_lock");
DEFINE_LOCK_CLASS(swap_list_class, "swap_list_lock");
DEFINE_LOCK_CLASS(sdev_class, "swap_info.sdev_lock");
DEFINE_LOCK_CLASS(mmlist_class, "mmlist_lock");
DEFINE_LOCK_CLASS(inode_list_class, "inode_lock");
DEFINE_LOCK_CLASS(tree_lock_class, "mapping->tree_lock");
DEFINE_LOCK_CLASS(task_lock_class, "task->alloc_lock");
DEFINE_LOCK_CLASS(proc_lock_class, "task->proc_lock");
DEFINE_LOCK_CLASS(tasklist_class, "tasklist_lock");
DEFINE_LOCK_CLASS(siglock_class, "sighand->siglock");
DEFINE_LOCK_CLASS(waitqueue_class, "wait_queue_head.lock");
DEFINE_LOCK_CLASS(call_class, "call_lock");
DEFINE_LOCK_CLASS(pgd_class, "pgd_lock");
DEFINE_LOCK_CLASS(zone_lock_class, "zone->lock");
DEFINE_LOCK_CLASS(slab_class, "kmem_cache.lock");
DEFINE_LOCK_CLASS(slab_list_class, "cache list lock");
DEFINE_LOCK_CLASS(ioctx_list_class, "mm->ioctx_list_lock");
DEFINE_LOCK_CLASS(futex_bucket_class, "futex bucket lock");
DEFINE_LOCK_CLASS(pid_class, "pid map lock");
DEFINE_LOCK_CLASS(uid_class, "uid hash lock");
DEFINE_LOCK_CLASS(acct_class, "accounting lock");
DEFINE_LOCK_CLASS(store_class, "inode->i_store_lock");
DEFINE_LOCK_CLASS(token_class, "swap_token_lock");
DEFINE_LOCK_CLASS(kioctx_class, "kioctx->ctx_lock");
DEFINE_LOCK_CLASS(aio_nr_class, "aio_nr_lock");
DEFINE_LOCK_CLASS(files_class, "files->file_lock");
DEFINE_LOCK_CLASS(cwq_class, "workqueue lock");
DEFINE_LOCK_CLASS(shmem_list_class, "shmem_list_lock");
DEFINE_LOCK_CLASS(shmem_info_class, "shmem_inode_info.lock");

struct order {
	struct lock_class *outer, *inner;
};

/*
 * What the paths below rely on; the validator closes the relation.
 *
 *	i_sem, context.sem > mmap_sem > PG_locked > i_mmap_lock >
 *	anon_vma->lock > ptl > { lru_lock, tlbstate_lock,
 *	swap_list_lock > sdev_lock > tree_lock, mmlist_lock, inode_lock }
 *
 * The runqueue lock is a raw lock beneath all of these: nothing is taken
 * under it (lock_innermost_enter()).
 *
 * LOCK-4 leaves task_lock against R(tasklist_lock) open, so it is not here.
 */
static const struct order documented[] = {
	/* LOCK-1, memory */
	{ &inode_sem_class, &mmap_sem_class },
	{ &mmap_sem_class, &page_lock_class },
	{ &page_lock_class, &i_mmap_class },
	{ &i_mmap_class, &anon_vma_class },
	{ &anon_vma_class, &ptl_class },
	{ &ptl_class, &lru_lock_class },
	{ &ptl_class, &tlbstate_class },
	{ &ptl_class, &swap_list_class },
	{ &swap_list_class, &sdev_class },
	{ &sdev_class, &tree_lock_class },
	{ &swap_list_class, &mmlist_class },
	{ &ptl_class, &mmlist_class },
	{ &ptl_class, &sdev_class },
	{ &ptl_class, &tree_lock_class },
	{ &ptl_class, &inode_list_class },
	{ &inode_list_class, &tree_lock_class },
	{ &page_lock_class, &store_class },
	/* LOCK-6 */
	{ &ldt_sem_class, &mmap_sem_class },
	{ &ldt_sem_class, &call_class },
	/* LOCK-3, tasks */
	{ &mmap_sem_class, &task_lock_class },
	{ &mmap_sem_class, &tasklist_class },
	{ &proc_lock_class, &tasklist_class },
	{ &tasklist_class, &siglock_class },
	{ &siglock_class, &waitqueue_class },
	/* LOCK-7 and leaves */
	{ &mmap_sem_class, &ioctx_list_class },
	{ &mmap_sem_class, &futex_bucket_class },
	{ &futex_bucket_class, &waitqueue_class },
	{ &kioctx_class, &task_lock_class },
	{ &kioctx_class, &cwq_class },
	{ &kioctx_class, &waitqueue_class },
	{ &cwq_class, &waitqueue_class },
	{ &slab_class, &zone_lock_class },
	{ &slab_list_class, &slab_class },
	{ &lru_lock_class, &zone_lock_class },
	{ &ptl_class, &zone_lock_class },
	{ &ptl_class, &token_class },
	/* shmem and swap */
	{ &page_lock_class, &shmem_list_class },
	{ &inode_list_class, &shmem_info_class },
	{ &shmem_list_class, &shmem_info_class },
	{ &shmem_info_class, &swap_list_class },
	{ &shmem_info_class, &slab_class },
};

void lock_classes_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(documented); i++)
		lock_order(documented[i].outer, documented[i].inner);
}
