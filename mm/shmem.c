// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shmem.c - shared anonymous memory (OBJ-5)
 *
 * A file of zeroes that only VMAs refer to.  Its pages are charged like
 * anonymous memory: all at creation (VM_ACCOUNT), or each when it is first
 * touched; the charge goes back when the inode dies (INV-30).
 *
 * A page is in the page cache, or its entry is in the object's swap vector
 * (mm/shmem_swap.c) with a count of its slot; it moves between the two under
 * info->lock, with the page locked.
 *
 *   page lock
 *     shmem_list_lock           which objects have pages in swap
 *       info->lock              swap vector
 *         swap_list_lock, sdev_lock, tree_lock
 */
#include "mm/shmem.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/memory.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "mm/page_tree.h"
#include "mm/shmem_swap.h"
#include "mm/swap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/truncate.h"
#include "mm/vma.h"

/* ---- Out ------------------------------------------------------------------ */

/* The page moves to the swap cache, whose ->writepage() is going to write it. */
static int shmem_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *mapping = READ_ONCE(page->mapping);
	struct shmem_inode_info *info = mapping->host->i_shmem_info;
	pgoff_t index = READ_ONCE(page->index);
	swp_entry_t swap = get_swap_page();
	int err = -ENOMEM;

	(void)wbc;
	mm_bug_on(!PageLocked(page) || page_mapped(page),
		  "shmem page %lu: flags %lx, mapcount %d", page_to_pfn(page),
		  READ_ONCE(page->flags), page_mapcount(page));
	if (swap.val && shmem_announce_entry(info, index)) {
		spin_lock(&info->lock);
		err = move_to_swap_cache(page, swap);
		if (err)
			info->swapped--;
		else
			*shmem_swp_entry(info, index) = swap;
		spin_unlock(&info->lock);
	}
	if (!err) {
		unlock_page(page);
		return 0;
	}
	if (swap.val)
		swap_free(swap);
	SetPageDirty(page);
	return WRITEPAGE_ACTIVATE;
}

/* ---- In ------------------------------------------------------------------- */

/* Is the page of @index still where @entry says? */
static bool shmem_entry_is(struct shmem_inode_info *info, pgoff_t index,
			   swp_entry_t entry)
{
	swp_entry_t *slot;
	bool is;

	spin_lock(&info->lock);
	slot = shmem_swp_entry(info, index);
	is = slot && slot->val == entry.val;
	spin_unlock(&info->lock);
	return is;
}

/* Read the page of an entry into the swap cache.  0: look again, -ENOMEM. */
static int shmem_swapin(struct shmem_inode_info *info, pgoff_t index,
			swp_entry_t entry)
{
	struct page *page;

	swapin_readahead(entry);
	page = read_swap_cache_async(entry);
	if (!page)
		return shmem_entry_is(info, index, entry) ? -ENOMEM : 0;
	wait_on_page_locked(page);
	put_page(page);
	return 0;
}

/*
 * @page is in the swap cache and has a reference: move it if it can be locked
 * at once, else wait.  Returns without info->lock.
 * Return: 0 with the page unlocked in its file, -EAGAIN, -ENOMEM, -EIO.
 */
static int shmem_claim(struct shmem_inode_info *info, struct page *page,
		       pgoff_t index, swp_entry_t entry)
	__releases(&info->lock)
{
	int err = -EAGAIN;

	if (!trylock_page(page)) {
		spin_unlock(&info->lock);
		wait_on_page_locked(page);
		return -EAGAIN;
	}
	if (PageWriteback(page)) {
		spin_unlock(&info->lock);
		wait_on_page_writeback(page);
	} else if (!PageUptodate(page)) {
		spin_unlock(&info->lock);
		report_finding(FINDING_DATA,
			       "shmem entry %#lx: no content", entry.val);
		err = -EIO;
	} else {
		err = shmem_move_in(info, page, index);
		spin_unlock(&info->lock);
		if (!err)
			swap_free(entry);
	}
	unlock_page(page);
	return err;
}

/* A page that has never been touched: zeroes, with its charge. */
static struct page *shmem_new_page(struct inode *inode)
{
	struct page *page;

	if (!inode->i_prepaid && vm_enough_memory(1))
		return NULL;
	page = get_zeroed_page(GFP_HIGHUSER);
	if (!page) {
		if (!inode->i_prepaid)
			vm_unacct_memory(1);
		return NULL;
	}
	TestSetPageUptodate(page); /* pairs: page_uptodate_acquire() */
	SetPageDirty(page); /* it has no other copy */
	return page;
}

static void shmem_drop_new(struct inode *inode, struct page *page)
{
	if (!page)
		return;
	if (!inode->i_prepaid)
		vm_unacct_memory(1);
	put_page(page);
}

/*
 * Locked only now: one who waits for another page must not hold this lock.
 * On success it stays locked.
 */
static int shmem_insert_new(struct inode *inode, pgoff_t index,
			    struct page *page)
{
	int err;

	mm_bug_on(!trylock_page(page), "new page %lu is locked",
		  page_to_pfn(page));
	err = add_locked_to_page_cache(page, &inode->i_data, index);
	if (err)
		unlock_page(page);
	return err;
}

static void shmem_keep_new(struct inode *inode, struct page *page)
{
	if (!inode->i_prepaid)
		atomic_long_inc(&inode->i_charged);
	lru_cache_add(page);
	unlock_page(page);
}

/*
 * One try to find the page, in the file or in swap, or to insert @new.  That
 * a page is nowhere and that @new goes in is one step under info->lock.
 * Return: the page, ERR_PTR(-EAGAIN), -ENOENT (@new wanted), -ENOMEM, -EIO.
 */
static struct page *shmem_try_page(struct inode *inode, pgoff_t index,
				   struct page *new)
{
	struct shmem_inode_info *info = inode->i_shmem_info;
	struct page *page = find_lock_page(&inode->i_data, index);
	swp_entry_t *slot, entry;
	int err;

	if (page) {
		/* From here on its count keeps shmem_writepage() away. */
		unlock_page(page);
		return page;
	}
	spin_lock(&info->lock);
	slot = shmem_swp_entry(info, index);
	entry = slot ? *slot : (swp_entry_t){ 0 };
	if (!entry.val) {
		err = new ? shmem_insert_new(inode, index, new) : -ENOENT;
		spin_unlock(&info->lock);
		if (err == -EEXIST)
			err = -EAGAIN;
		return err ? ERR_PTR(err) : new;
	}
	page = lookup_swap_cache(entry);
	if (!page) {
		spin_unlock(&info->lock);
		err = shmem_swapin(info, index, entry);
		return ERR_PTR(err ? err : -EAGAIN);
	}
	err = shmem_claim(info, page, index, entry);
	if (!err)
		return page;
	put_page(page);
	return ERR_PTR(err);
}

/* 2.6.11: mm/shmem.c:shmem_getpage() */
static struct page *shmem_getpage(struct address_space *mapping, pgoff_t index,
				  bool *major)
{
	struct inode *inode = mapping->host;
	struct page *page, *new = NULL;

	(void)major;
	if (page_tree_reserve(mapping, index, GFP_KERNEL) ||
	    shmem_swp_alloc(inode->i_shmem_info, index))
		return ERR_PTR(-ENOMEM);
	for (;;) {
		page = shmem_try_page(inode, index, new);
		if (PTR_ERR(page) == -ENOENT) {
			new = shmem_new_page(inode);
			if (!new)
				return ERR_PTR(-ENOMEM);
		} else if (PTR_ERR(page) != -EAGAIN) {
			break;
		}
	}
	if (page == new)
		shmem_keep_new(inode, new);
	else
		shmem_drop_new(inode, new);
	return page;
}

const struct address_space_ops shmem_aops = {
	.getpage = shmem_getpage,
	.writepage = shmem_writepage,
};

/* ---- Faults, files -------------------------------------------------------- */

struct page *shmem_nopage(struct vm_area_struct *vma, uaddr_t addr, int *type)
{
	struct address_space *mapping = vma_mapping(vma);
	pgoff_t index = vma_pgoff_of(vma, addr);
	struct page *page;

	if (((loff_t)index << PAGE_SHIFT) >= i_size_read(mapping->host))
		return NOPAGE_SIGBUS;
	page = shmem_getpage(mapping, index, NULL);
	if (IS_ERR(page))
		return PTR_ERR(page) == -ENOMEM ? NOPAGE_OOM : NOPAGE_SIGBUS;
	mark_page_accessed(page);
	if (type)
		*type = VM_FAULT_MINOR;
	return page;
}

const struct vm_operations shmem_vm_ops = {
	.nopage = shmem_nopage,
};

static int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	(void)file;
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

const struct file_operations shmem_file_operations = {
	.name = "shmem",
	.mmap = shmem_mmap,
};

struct file *shmem_file_setup(const char *name, loff_t size,
			      unsigned long flags)
{
	long pages = PAGE_ALIGN((unsigned long)size) >> PAGE_SHIFT;
	struct inode *inode;
	struct file *file;

	if (size < 0)
		return ERR_PTR(-EINVAL);
	if ((flags & VM_ACCOUNT) && vm_enough_memory(pages))
		return ERR_PTR(-ENOMEM);
	inode = inode_create(name, size, &shmem_aops);
	if (!inode) {
		if (flags & VM_ACCOUNT)
			vm_unacct_memory(pages);
		return ERR_PTR(-ENOMEM);
	}
	if (flags & VM_ACCOUNT) {
		inode->i_prepaid = true;
		atomic_long_set(&inode->i_charged, pages);
	}
	if (shmem_info_create(inode)) {
		iput(inode);
		return ERR_PTR(-ENOMEM);
	}
	file = file_open(inode, FILE_READ | FILE_WRITE);
	/* The file keeps the object; without one it goes, and its charge. */
	iput(inode);
	return file;
}

int shmem_zero_setup(struct vm_area_struct *vma)
{
	struct file *file;

	file = shmem_file_setup("/dev/zero (deleted)",
				vma->vm_end - vma->vm_start, vma->vm_flags);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (vma->vm_file)
		fput(vma->vm_file);
	vma->vm_file = file;
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

void shmem_truncate(struct inode *inode, loff_t size)
{
	if (!inode->i_shmem_info)
		return;
	shmem_free_entries(inode->i_shmem_info,
			   (pgoff_t)(size + (loff_t)PAGE_SIZE - 1) / PAGE_SIZE,
			   false);
	/* swapoff may have brought pages in between the two. */
	truncate_inode_pages(&inode->i_data, size);
}

/*
 * The file's pages are gone, but swapoff may be bringing more in, as long as
 * the object has entries and is on the list; none goes out any more.
 */
void shmem_delete_inode(struct inode *inode)
{
	struct shmem_inode_info *info = inode->i_shmem_info;

	if (info) {
		shmem_free_entries(info, 0, true);
		shmem_leave_swaplist(info);
		truncate_inode_pages(&inode->i_data, 0);
		mm_bug_on(info->swapped, "inode %lu dies with %lu pages in swap",
			  inode->i_ino, info->swapped);
		shmem_info_destroy(info);
		inode->i_shmem_info = NULL;
	}
	vm_unacct_memory(atomic_long_xchg(&inode->i_charged, 0));
}
