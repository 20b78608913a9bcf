/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filemap.h - the page cache and the page lock */
#ifndef MM_FILEMAP_H
#define MM_FILEMAP_H

#include "mm/mm_types.h"

/* What a nopage operation returns instead of a page. */
#define NOPAGE_SIGBUS ((struct page *)0)
#define NOPAGE_OOM ((struct page *)-1L)

extern const struct vm_operations generic_file_vm_ops;
extern const struct address_space_ops generic_file_aops;

/* Content has been filled in: pairs with the acquire of the reader. */
static inline bool page_uptodate_acquire(const struct page *page)
{
	return test_bit_acquire(PG_uptodate, &page->flags);
}

/** filemap_init() - set up the page locks. Return: 0 or -ENOMEM. */
int filemap_init(void);

/** filemap_exit() - undo filemap_init().  Context: no page is locked. */
void filemap_exit(void);

/**
 * file_pattern() - generic content of a file, one 8-byte word
 * @ino: inode number
 * @index: page of the file
 * @word: word of the page, 0 to 511
 *
 * Return: the value a page has until somebody writes it.
 */
uint64_t file_pattern(unsigned long ino, pgoff_t index, unsigned int word);

/**
 * generic_file_content() - what the disk has of a page
 * @inode: ordinary file
 * @index: page offset
 * @words: PAGE_SIZE bytes, filled in; zero behind the end of the file
 *
 * Context: takes the store's lock; does not sleep.
 */
void generic_file_content(struct inode *inode, pgoff_t index, uint64_t *words);

/**
 * address_space_init() - set up an empty mapping
 * @mapping: to be filled
 * @host: its inode
 * @a_ops: operations
 */
void address_space_init(struct address_space *mapping, struct inode *host,
			const struct address_space_ops *a_ops);

/** address_space_destroy() - free the index of an empty mapping. */
void address_space_destroy(struct address_space *mapping);

/**
 * trylock_page() - try to lock a page without waiting (LOCK-8)
 * @page: page with a reference
 *
 * Context: any.
 * Return: whether it is ours now.
 */
#define trylock_page(page) trylock_page_at((page), LOCK_SITE())
bool trylock_page_at(struct page *page, const struct lock_site *site);

/**
 * lock_page() - lock a page
 * @page: page with a reference
 *
 * Context: no spinlock; sleeps.
 */
#define lock_page(page) lock_page_at((page), LOCK_SITE())
void lock_page_at(struct page *page, const struct lock_site *site);

/**
 * unlock_page() - unlock and wake waiters
 * @page: locked by the caller
 */
#define unlock_page(page) unlock_page_at((page), LOCK_SITE())
void unlock_page_at(struct page *page, const struct lock_site *site);

/**
 * wait_on_page_locked() - wait until a page is not locked
 * @page: page with a reference
 *
 * Context: no spinlock; sleeps.
 */
void wait_on_page_locked(struct page *page);

/**
 * set_page_writeback() - the page is on its way to its backing
 * @page: locked, not under writeback
 *
 * The caller unlocks the page, writes, and calls end_page_writeback().
 */
void set_page_writeback(struct page *page);

/**
 * end_page_writeback() - the page has arrived; wakes waiters
 * @page: under writeback
 *
 * What was done before is visible to whoever sees PageWriteback() false.
 */
void end_page_writeback(struct page *page);

/**
 * wait_on_page_writeback() - wait until a page is not under writeback
 * @page: page with a reference; locked, it stays so
 *
 * Context: no spinlock; sleeps.
 */
void wait_on_page_writeback(struct page *page);

/**
 * find_get_page() - look up a page and take a reference
 * @mapping: mapping
 * @index: page offset
 *
 * Context: takes tree_lock (irq).
 * Return: the page or NULL.
 */
struct page *find_get_page(struct address_space *mapping, pgoff_t index);

/**
 * find_lock_page() - look up a page, take a reference, lock it
 * @mapping: mapping
 * @index: page offset
 *
 * Context: no spinlock; sleeps.
 * Return: the locked page, still in @mapping, or NULL.
 */
struct page *find_lock_page(struct address_space *mapping, pgoff_t index);

/**
 * find_get_pages() - the next pages of a mapping
 * @mapping: mapping
 * @start: first page offset
 * @nr: size of @pages
 * @pages: filled, each with a reference
 *
 * Context: takes tree_lock (irq).
 * Return: number found, in index order.
 */
unsigned int find_get_pages(struct address_space *mapping, pgoff_t start,
			    unsigned int nr, struct page **pages);

/**
 * add_to_page_cache() - insert a new page, locked
 * @page: fresh page; gains the cache's reference and PG_locked
 * @mapping: mapping
 * @index: page offset
 *
 * Context: may sleep; takes tree_lock (irq).
 * Return: 0, -EEXIST, or -ENOMEM.
 */
int add_to_page_cache(struct page *page, struct address_space *mapping,
		      pgoff_t index) __must_check;

/**
 * add_locked_to_page_cache() - add_to_page_cache() for a page known already
 * @page: locked, of no mapping; perhaps in the swap cache
 * @mapping: mapping
 * @index: page offset
 *
 * Context: page lock; does not sleep; takes tree_lock (irq).
 * Return: 0, -EEXIST, or -ENOMEM.
 */
int add_locked_to_page_cache(struct page *page, struct address_space *mapping,
			     pgoff_t index) __must_check;

/**
 * remove_from_page_cache() - take a page out; the cache's reference is kept
 * @page: locked, in its mapping
 *
 * Context: page lock; takes tree_lock (irq).  The caller puts the page.
 */
void remove_from_page_cache(struct page *page);

/**
 * __remove_from_page_cache() - remove_from_page_cache() with tree_lock held
 * @page: locked, in its mapping
 *
 * Context: page lock and tree_lock.
 */
void __remove_from_page_cache(struct page *page);

/**
 * read_cache_page() - find or read a page
 * @mapping: mapping
 * @index: page offset
 * @major: set to true if it had to be read; may be NULL
 *
 * Context: no spinlock; sleeps.
 * Return: an uptodate page with a reference, or ERR_PTR(-ENOMEM, -EIO).
 */
struct page *read_cache_page(struct address_space *mapping, pgoff_t index,
			     bool *major);

/**
 * filemap_nopage() - nopage operation of ordinary files (FLT-26)
 * @vma: file VMA
 * @addr: faulting address
 * @type: set to VM_FAULT_MINOR or VM_FAULT_MAJOR; may be NULL
 *
 * Context: R or W(mmap_sem), no spinlock; sleeps.
 * Return: a page with a reference, NOPAGE_SIGBUS or NOPAGE_OOM.
 */
struct page *filemap_nopage(struct vm_area_struct *vma, uaddr_t addr,
			    int *type);

/**
 * set_page_dirty() - the page's content is newer than its backing
 * @page: page with a reference or a mapping under ptl
 *
 * Context: any; takes no lock.
 * Return: whether it was clean.
 */
bool set_page_dirty(struct page *page);

/**
 * set_page_dirty_lock() - set_page_dirty() for a page that may be truncated
 * @page: page with a reference
 *
 * Context: no spinlock; sleeps on the page lock (PROC-5).
 */
bool set_page_dirty_lock(struct page *page);

/**
 * file_read() - read through the page cache
 * @file: open for reading
 * @pos: byte offset, multiple of 8
 * @buf: kernel buffer, 8-byte aligned
 * @len: bytes, multiple of 8
 *
 * Context: no spinlock; sleeps.
 * Return: bytes read, 0 at the end, or -errno.
 */
ssize_t file_read(struct file *file, loff_t pos, void *buf, size_t len);

/**
 * file_write() - write through the page cache; extends the file
 * @file: open for writing
 * @pos: byte offset, multiple of 8
 * @buf: kernel buffer, 8-byte aligned
 * @len: bytes, multiple of 8
 *
 * Context: takes i_sem; no mmap_sem, no spinlock.
 * Return: bytes written or -errno.
 */
ssize_t file_write(struct file *file, loff_t pos, const void *buf, size_t len);

#endif /* MM_FILEMAP_H */
