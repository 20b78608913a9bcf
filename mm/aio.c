// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aio.c - I/O contexts: the one thing besides VMAs that an mm owns
 *
 * A context pins the structure (mm_count), never the address space, so it
 * does not keep an exiting process alive: exit_aio() ends it from within the
 * last mmput().  Its ring is then unmapped with mm_users at 0 (EXIT-22).
 */
#include "mm/aio.h"

#include <errno.h>

#include "mm/fork_mm.h"
#include "mm/gup.h"
#include "mm/mmap.h"
#include "mm/munmap.h"
#include "mm/page.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "mm/uaccess.h"

#define AIO_EVENT_SIZE 32 /* bytes; the ring's header is as large */

static struct kmem_cache *kioctx_cachep;

/* Unpin and unmap; the user may have unmapped the range long ago. */
static void free_ring(struct kioctx *ctx)
{
	struct mm_struct *mm = ctx->mm;

	for (int i = 0; i < ctx->nr_pages; i++)
		put_page(ctx->ring_pages[i]);
	ctx->nr_pages = 0;
	if (!ctx->mmap_size)
		return;
	down_write(&mm->mmap_sem);
	(void)do_munmap(mm, ctx->user_id, ctx->mmap_size);
	up_write(&mm->mmap_sem);
}

/* Map the ring into current->mm and pin its pages. */
static int setup_ring(struct kioctx *ctx, int nr_pages)
{
	struct mm_struct *mm = ctx->mm;
	unsigned long size = (unsigned long)nr_pages << PAGE_SHIFT;
	uaddr_t addr;

	down_write(&mm->mmap_sem);
	addr = do_mmap_pgoff(NULL, 0, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (!IS_ERR_VALUE(addr)) {
		ctx->user_id = addr;
		ctx->mmap_size = size;
		ctx->nr_pages = max(0, get_user_pages(mm, addr, nr_pages,
						      GUP_WRITE,
						      ctx->ring_pages));
	}
	up_write(&mm->mmap_sem);
	if (ctx->nr_pages == nr_pages)
		return 0;
	free_ring(ctx);
	return -ENOMEM;
}

/* On the list, with a second reference for the caller. */
static struct kioctx *ioctx_alloc(struct mm_struct *mm, int nr_pages)
{
	struct kioctx *ctx;
	int err;

	ctx = kmem_cache_alloc(kioctx_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!ctx)
		return ERR_PTR(-ENOMEM);
	atomic_set(&ctx->users, 2);
	ctx->mm = mm;
	mmgrab(mm);
	err = setup_ring(ctx, nr_pages);
	if (err) {
		mmdrop(mm);
		kmem_cache_free(kioctx_cachep, ctx);
		return ERR_PTR(err);
	}
	write_lock(&mm->ioctx_list_lock);
	ctx->next = mm->ioctx_list;
	mm->ioctx_list = ctx;
	write_unlock(&mm->ioctx_list_lock);
	return ctx;
}

void put_ioctx(struct kioctx *ctx)
{
	struct mm_struct *mm = ctx->mm;

	if (!ref_put_and_test(&ctx->users, "kioctx users", ctx))
		return;
	free_ring(ctx);
	kmem_cache_free(kioctx_cachep, ctx);
	mmdrop(mm);
}

struct kioctx *lookup_ioctx(unsigned long ctx_id)
{
	struct mm_struct *mm = current->mm;
	struct kioctx *ctx;

	read_lock(&mm->ioctx_list_lock);
	for (ctx = mm->ioctx_list; ctx; ctx = ctx->next)
		if (ctx->user_id == ctx_id && !ctx->dead)
			break;
	if (ctx)
		ref_get(&ctx->users, "kioctx users", ctx);
	read_unlock(&mm->ioctx_list_lock);
	return ctx;
}

/* Off the list, once; the list's reference goes with it. */
static void kill_ioctx(struct kioctx *ctx)
{
	struct mm_struct *mm = ctx->mm;
	struct kioctx **pos;
	bool was_dead;

	write_lock(&mm->ioctx_list_lock);
	was_dead = ctx->dead;
	ctx->dead = true;
	for (pos = &mm->ioctx_list; *pos && *pos != ctx; pos = &(*pos)->next)
		;
	if (*pos)
		*pos = ctx->next;
	write_unlock(&mm->ioctx_list_lock);
	if (!was_dead)
		put_ioctx(ctx);
}

long sys_io_setup(unsigned int nr_events, uaddr_t ctxp)
{
	unsigned long bytes = (nr_events + 1UL) * AIO_EVENT_SIZE;
	unsigned long pages = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	struct kioctx *ctx;
	uint64_t old;
	long ret = 0;

	if (get_user64(&old, ctxp))
		return -EFAULT;
	if (old || !nr_events || pages > AIO_RING_MAX_PAGES)
		return -EINVAL;
	ctx = ioctx_alloc(current->mm, (int)pages);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	if (put_user64(ctx->user_id, ctxp)) {
		kill_ioctx(ctx);
		ret = -EFAULT;
	}
	put_ioctx(ctx);
	return ret;
}

long sys_io_destroy(unsigned long ctx_id)
{
	struct kioctx *ctx = lookup_ioctx(ctx_id);

	if (!ctx)
		return -EINVAL;
	kill_ioctx(ctx);
	put_ioctx(ctx);
	return 0;
}

/* No lock: the last user of the mm is alone with its list. */
void exit_aio(struct mm_struct *mm)
{
	struct kioctx *ctx = mm->ioctx_list, *next;

	mm->ioctx_list = NULL;
	for (; ctx; ctx = next) {
		next = ctx->next;
		ctx->dead = true;
		if (atomic_read(&ctx->users) != 1)
			report_finding(FINDING_REFCOUNT,
				       "kioctx %#lx of dying mm %lu: %d users",
				       ctx->user_id, mm->mm_id,
				       atomic_read(&ctx->users));
		put_ioctx(ctx);
	}
}

int aio_init(void)
{
	kioctx_cachep = kmem_cache_create("kioctx", sizeof(struct kioctx), 0,
					  0, NULL, NULL);
	return kioctx_cachep ? 0 : -ENOMEM;
}

void aio_exit(void)
{
	kmem_cache_destroy(kioctx_cachep);
	kioctx_cachep = NULL;
}
