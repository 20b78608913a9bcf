// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filemap.c - the page cache: lock, look up, insert, read, write
 *
 *   page lock
 *     mapping->tree_lock (irq)      page_slots, nrpages, page->mapping
 */
#include "mm/filemap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/filestore.h"
#include "mm/lock_classes.h"
#include "mm/memory.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "mm/page_tree.h"
#include "mm/prio_tree.h"
#include "mm/swap.h"
#include "mm/vma.h"
#include "mm/wait.h"

#define PAGE_WORDS (PAGE_SIZE / sizeof(uint64_t))
#define PAGE_WAIT_QUEUES 256
#define MAPS_PER_BLOCK 128

static struct wait_queue_head page_waits[PAGE_WAIT_QUEUES];
/*
 * The validator's shadow of each page lock, by page frame number.  In blocks,
 * as the explorer restores small blocks without being told of writes.
 */
static struct lock_map **page_lock_maps; /* (c) */

static unsigned long nr_map_blocks(void)
{
	return max_pfn / MAPS_PER_BLOCK + 1;
}

static struct lock_map *new_map_block(void)
{
	/* One byte more, as the shadow may be an empty structure. */
	struct lock_map *maps = calloc(MAPS_PER_BLOCK, sizeof(*maps) + 1);

	for (int i = 0; maps && i < MAPS_PER_BLOCK; i++)
		lock_map_init(&maps[i], &page_lock_class);
	return maps;
}

int filemap_init(void)
{
	for (unsigned int i = 0; i < PAGE_WAIT_QUEUES; i++)
		init_waitqueue_head(&page_waits[i]);
	page_lock_maps = calloc(nr_map_blocks(), sizeof(*page_lock_maps));
	if (!page_lock_maps)
		return -ENOMEM;
	for (unsigned long i = 0; i < nr_map_blocks(); i++) {
		page_lock_maps[i] = new_map_block();
		if (page_lock_maps[i])
			continue;
		filemap_exit();
		return -ENOMEM;
	}
	return 0;
}

void filemap_exit(void)
{
	for (unsigned long i = 0; page_lock_maps && i < nr_map_blocks(); i++)
		free(page_lock_maps[i]);
	free(page_lock_maps);
	page_lock_maps = NULL;
}

/* ---- The page lock ------------------------------------------------------ */

static struct lock_map *page_map(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);

	return &page_lock_maps[pfn / MAPS_PER_BLOCK][pfn % MAPS_PER_BLOCK];
}

static struct wait_queue_head *page_queue(const struct page *page)
{
	return &page_waits[page_to_pfn(page) % PAGE_WAIT_QUEUES];
}

bool trylock_page_at(struct page *page, const struct lock_site *site)
{
	if (TestSetPageLocked(page))
		return false;
	lock_acquired(page_map(page), LOCK_HOW_TRY, site);
	return true;
}

/* Sleep once unless the flag is clear by then. */
static void sleep_on_page(struct page *page, enum pageflags bit,
			  struct wait_queue_entry *wait)
{
	prepare_to_wait(page_queue(page), wait, TASK_UNINTERRUPTIBLE);
	if (test_bit(bit, &page->flags))
		schedule_on(LWAIT_PAGE_LOCK, page);
	finish_wait(page_queue(page), wait);
}

void lock_page_at(struct page *page, const struct lock_site *site)
{
	DEFINE_WAIT(wait);

	might_sleep_at(site);
	lock_acquire(page_map(page), 0, site);
	while (TestSetPageLocked(page))
		sleep_on_page(page, PG_locked, &wait);
	lock_acquired(page_map(page), 0, site);
}

/*
 * unlock_page()                      sleep_on_page()
 *   clear PG_locked, full barrier      queue, state; full barrier
 *   anybody queued?  wake              PG_locked still set?  sleep
 *
 * One of the two sees the other.  Queues are shared by pages: wake all.
 */
void unlock_page_at(struct page *page, const struct lock_site *site)
{
	lock_release(page_map(page), 0, site);
	mm_bug_on(!TestClearPageLocked(page), "page %lu is not locked",
		  page_to_pfn(page));
	if (waitqueue_active(page_queue(page)))
		wake_up_all(page_queue(page));
}

void wait_on_page_locked(struct page *page)
{
	DEFINE_WAIT(wait);

	might_sleep();
	while (PageLocked(page))
		sleep_on_page(page, PG_locked, &wait);
}

/* ---- Writeback ---------------------------------------------------------- */

void set_page_writeback(struct page *page)
{
	mm_bug_on(!PageLocked(page) || TestSetPageWriteback(page),
		  "page %lu: writeback begins unlocked or twice, flags %lx",
		  page_to_pfn(page), READ_ONCE(page->flags));
}

/* As unlock_page(): flag, full barrier, sleepers. */
void end_page_writeback(struct page *page)
{
	mm_bug_on(!TestClearPageWriteback(page),
		  "page %lu is not under writeback", page_to_pfn(page));
	if (waitqueue_active(page_queue(page)))
		wake_up_all(page_queue(page));
}

void wait_on_page_writeback(struct page *page)
{
	DEFINE_WAIT(wait);

	might_sleep();
	while (PageWriteback(page))
		sleep_on_page(page, PG_writeback, &wait);
}

/* ---- The index ---------------------------------------------------------- */

void address_space_init(struct address_space *mapping, struct inode *host,
			const struct address_space_ops *a_ops)
{
	mapping->host = host;
	mapping->a_ops = a_ops;
	spin_lock_init(&mapping->tree_lock, &tree_lock_class);
	spin_lock_init(&mapping->i_mmap_lock, &i_mmap_class);
	prio_tree_root_init(&mapping->i_mmap);
	CDS_INIT_LIST_HEAD(&mapping->i_mmap_nonlinear);
}

void address_space_destroy(struct address_space *mapping)
{
	page_tree_destroy(mapping);
	spin_lock_destroy(&mapping->tree_lock);
	spin_lock_destroy(&mapping->i_mmap_lock);
}

struct page *find_get_page(struct address_space *mapping, pgoff_t index)
{
	struct page **slot, *page;

	spin_lock_irq(&mapping->tree_lock);
	slot = page_tree_slot(mapping, index);
	page = slot ? *slot : NULL;
	if (page)
		get_page(page);
	spin_unlock_irq(&mapping->tree_lock);
	return page;
}

struct page *find_lock_page(struct address_space *mapping, pgoff_t index)
{
	struct page *page;

	while ((page = find_get_page(mapping, index))) {
		lock_page(page);
		if (READ_ONCE(page->mapping) == mapping)
			break;
		/* Truncated while we waited. */
		unlock_page(page);
		put_page(page);
	}
	return page;
}

unsigned int find_get_pages(struct address_space *mapping, pgoff_t start,
			    unsigned int nr, struct page **pages)
{
	unsigned int found = 0;
	pgoff_t index = start;

	spin_lock_irq(&mapping->tree_lock);
	while (found < nr && index / PAGE_TREE_CHUNK < mapping->nr_slots) {
		struct page **slot = page_tree_slot(mapping, index);

		if (!slot) {
			index = (index / PAGE_TREE_CHUNK + 1) * PAGE_TREE_CHUNK;
			continue;
		}
		if (*slot) {
			get_page(*slot);
			pages[found++] = *slot;
		}
		index++;
	}
	spin_unlock_irq(&mapping->tree_lock);
	return found;
}

/* The slot exists; 0 or -EEXIST. */
static int insert_page(struct page *page, struct address_space *mapping,
		       pgoff_t index)
{
	struct page **slot;
	int err = 0;

	spin_lock_irq(&mapping->tree_lock);
	slot = page_tree_slot(mapping, index);
	if (*slot) {
		err = -EEXIST;
	} else {
		get_page(page);
		WRITE_ONCE(page->index, index);
		WRITE_ONCE(page->mapping, mapping);
		*slot = page;
		mapping->nrpages++;
	}
	spin_unlock_irq(&mapping->tree_lock);
	return err;
}

int add_to_page_cache(struct page *page, struct address_space *mapping,
		      pgoff_t index)
{
	int err;

	err = page_tree_reserve(mapping, index, GFP_KERNEL);
	if (err)
		return err;
	/* Nobody else can know the page: this cannot fail. */
	mm_bug_on(!trylock_page(page), "new page %lu is locked",
		  page_to_pfn(page));
	err = insert_page(page, mapping, index);
	if (err)
		unlock_page(page);
	return err;
}

int add_locked_to_page_cache(struct page *page, struct address_space *mapping,
			     pgoff_t index)
{
	int err;

	mm_bug_on(!PageLocked(page), "page %lu not locked", page_to_pfn(page));
	err = page_tree_reserve(mapping, index, GFP_ATOMIC);
	return err ? err : insert_page(page, mapping, index);
}

void __remove_from_page_cache(struct page *page) __no_lock_analysis
{
	struct address_space *mapping = READ_ONCE(page->mapping);
	struct page **slot;

	/* A write that ends later would bring the page back to the disk. */
	mm_bug_on(!PageLocked(page) || PageWriteback(page),
		  "page %lu from page cache, flags %lx", page_to_pfn(page),
		  READ_ONCE(page->flags));
	lockdep_assert_held(&mapping->tree_lock);
	slot = page_tree_slot(mapping, READ_ONCE(page->index));
	mm_bug_on(!slot || *slot != page, "page %lu not at index %lu",
		  page_to_pfn(page), READ_ONCE(page->index));
	*slot = NULL;
	mapping->nrpages--;
	WRITE_ONCE(page->mapping, NULL);
}

void remove_from_page_cache(struct page *page)
{
	struct address_space *mapping = READ_ONCE(page->mapping);

	spin_lock_irq(&mapping->tree_lock);
	__remove_from_page_cache(page);
	spin_unlock_irq(&mapping->tree_lock);
}

/* ---- Content ------------------------------------------------------------ */

/* splitmix64 of what identifies the word. */
uint64_t file_pattern(unsigned long ino, pgoff_t index, unsigned int word)
{
	uint64_t x = ((uint64_t)ino << 40) + index * PAGE_WORDS + word +
		     0x9e3779b97f4a7c15ULL;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static void fill_pattern(struct inode *inode, pgoff_t index, uint64_t *words)
{
	loff_t size = READ_ONCE(inode->i_disk_size);
	loff_t pos = (loff_t)index << PAGE_SHIFT;

	for (unsigned int i = 0; i < PAGE_WORDS; i++, pos += sizeof(*words))
		words[i] = pos < size ? file_pattern(inode->i_ino, index, i) :
					0;
}

/*
 * The disk may still have what a truncation in progress is cutting off: it
 * has lowered i_size before, and whoever saw the old one holds the page lock,
 * for which truncate_partial_page() waits.
 */
void generic_file_content(struct inode *inode, pgoff_t index, uint64_t *words)
{
	loff_t left;

	if (!filestore_read(inode, index, words))
		fill_pattern(inode, index, words);
	left = i_size_read(inode) - ((loff_t)index << PAGE_SHIFT);
	left = clamp(left, (loff_t)0, (loff_t)PAGE_SIZE);
	memset((char *)words + left, 0, PAGE_SIZE - (size_t)left);
}

static int generic_readpage(struct address_space *mapping, struct page *page)
{
	generic_file_content(mapping->host, READ_ONCE(page->index),
			     page_address(page));
	return 0;
}

/*
 * What lies behind the end of the file is not kept.  The page may be mapped
 * and written at this moment: who does has it dirty in his PTE.
 */
static int generic_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = READ_ONCE(page->mapping)->host;
	pgoff_t index = READ_ONCE(page->index);
	loff_t left = i_size_read(inode) - ((loff_t)index << PAGE_SHIFT);

	(void)wbc;
	set_page_writeback(page);
	unlock_page(page);
	cond_resched(); /* the disk is busy */
	if (left > 0 && filestore_write(inode, index, page_address(page),
					min(left, (loff_t)PAGE_SIZE)))
		SetPageDirty(page); /* disk full: keep it */
	end_page_writeback(page);
	return 0;
}

const struct address_space_ops generic_file_aops = {
	.readpage = generic_readpage,
	.writepage = generic_writepage,
};

/* Fill a locked page and unlock it; drops the reference on error. */
static struct page *fill_page(struct address_space *mapping, struct page *page)
{
	int err = mapping->a_ops->readpage(mapping, page);

	if (!err)
		TestSetPageUptodate(page); /* pairs: page_uptodate_acquire() */
	unlock_page(page);
	if (!err)
		return page;
	put_page(page);
	return ERR_PTR(err);
}

static struct page *page_cache_create(struct address_space *mapping,
				      pgoff_t index)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	int err;

	if (!page)
		return ERR_PTR(-ENOMEM);
	err = add_to_page_cache(page, mapping, index);
	if (err) {
		put_page(page);
		return ERR_PTR(err);
	}
	lru_cache_add(page);
	return fill_page(mapping, page);
}

struct page *read_cache_page(struct address_space *mapping, pgoff_t index,
			     bool *major)
{
	struct page *page;

	if (mapping->a_ops->getpage)
		return mapping->a_ops->getpage(mapping, index, major);
	for (;;) {
		page = find_get_page(mapping, index);
		if (!page) {
			page = page_cache_create(mapping, index);
			if (PTR_ERR(page) == -EEXIST)
				continue;
			if (major)
				*major = true;
			return page;
		}
		if (page_uptodate_acquire(page))
			return page;
		/* Somebody reads it, or failed to. */
		lock_page(page);
		if (READ_ONCE(page->mapping) == mapping)
			break;
		unlock_page(page);
		put_page(page);
	}
	if (!PageUptodate(page))
		return fill_page(mapping, page);
	unlock_page(page);
	return page;
}

struct page *filemap_nopage(struct vm_area_struct *vma, uaddr_t addr,
			    int *type)
{
	struct address_space *mapping = vma_mapping(vma);
	pgoff_t index = vma_pgoff_of(vma, addr);
	bool major = false;
	struct page *page;
	pgoff_t size;

	/*
	 * FLT-30 rests on this, whoever faults.  2.6.11 lets another process
	 * have pages behind the end, be they cut off at this moment or not.
	 */
	size = (i_size_read(mapping->host) + PAGE_SIZE - 1) >> PAGE_SHIFT;
	if (index >= size)
		return NOPAGE_SIGBUS;
	page = read_cache_page(mapping, index, &major);
	if (IS_ERR(page))
		return PTR_ERR(page) == -ENOMEM ? NOPAGE_OOM : NOPAGE_SIGBUS;
	mark_page_accessed(page);
	if (type)
		*type = major ? VM_FAULT_MAJOR : VM_FAULT_MINOR;
	return page;
}

/*
 * Read-modify-write, even if the flag is set: who clears it to write the page
 * then sees what was stored before.  A look alone orders nothing.
 */
bool set_page_dirty(struct page *page)
{
	return !TestSetPageDirty(page);
}

bool set_page_dirty_lock(struct page *page)
{
	bool was_clean;

	lock_page(page);
	was_clean = set_page_dirty(page);
	unlock_page(page);
	return was_clean;
}

/* ---- read() and write() ------------------------------------------------- */

/* Words that user mappings may be changing: relaxed, one by one. */
static void copy_words(uint64_t *to, const uint64_t *from, size_t len)
{
	for (size_t i = 0; i < len / sizeof(*to); i++)
		__atomic_store_n(&to[i], READ_ONCE(from[i]), __ATOMIC_RELAXED);
}

static bool bad_range(loff_t pos, size_t len)
{
	return pos < 0 || ((pos | len) & (sizeof(uint64_t) - 1));
}

ssize_t file_read(struct file *file, loff_t pos, void *buf, size_t len)
{
	struct address_space *mapping = file->f_mapping;
	loff_t size = i_size_read(mapping->host) & ~7LL;
	size_t done = 0;

	if (!(file->f_flags & FILE_READ) || bad_range(pos, len))
		return -EINVAL;
	if (pos >= size)
		return 0;
	len = min((loff_t)len, size - pos);
	while (done < len) {
		size_t off = (pos + done) & ~PAGE_MASK;
		size_t part = min(PAGE_SIZE - off, len - done);
		struct page *page;

		page = read_cache_page(mapping, (pos + done) >> PAGE_SHIFT,
				       NULL);
		if (IS_ERR(page))
			return done ? (ssize_t)done : PTR_ERR(page);
		mark_page_accessed(page);
		copy_words((void *)((char *)buf + done),
			   (void *)((char *)page_address(page) + off), part);
		put_page(page);
		done += part;
	}
	return done;
}

static int write_page(struct address_space *mapping, loff_t pos,
		      const void *buf, size_t len)
{
	struct page *page;

	page = read_cache_page(mapping, pos >> PAGE_SHIFT, NULL);
	if (IS_ERR(page))
		return PTR_ERR(page);
	lock_page(page);
	copy_words((void *)((char *)page_address(page) + (pos & ~PAGE_MASK)),
		   buf, len);
	set_page_dirty(page);
	unlock_page(page);
	mark_page_accessed(page);
	put_page(page);
	return 0;
}

ssize_t file_write(struct file *file, loff_t pos, const void *buf, size_t len)
{
	struct address_space *mapping = file->f_mapping;
	struct inode *inode = mapping->host;
	size_t done = 0;
	int err = 0;

	if (!(file->f_flags & FILE_WRITE) || bad_range(pos, len))
		return -EINVAL;
	down(&inode->i_sem);
	while (done < len && !err) {
		size_t part = PAGE_SIZE - ((pos + done) & ~PAGE_MASK);

		part = min(part, len - done);
		err = write_page(mapping, pos + done,
				 (const char *)buf + done, part);
		if (!err)
			done += part;
	}
	if (pos + (loff_t)done > READ_ONCE(inode->i_size))
		i_size_write(inode, pos + done);
	up(&inode->i_sem);
	return done ? (ssize_t)done : err;
}
