// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/filestore.h"
#include "mm/fremap.h"
#include "mm/mlock.h"
#include "mm/msync.h"
#include "mm/page.h"
#include "tests/mm/machine_util.h"

TestSuite(msync, .timeout = 20);

static uint64_t words[PAGE_SIZE / 8];

static struct file *map_file(unsigned int at, int flags)
{
	struct inode *inode = inode_create("f", 8 * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ | FILE_WRITE);

	iput(inode);
	cr_assert_eq(sys_mmap(AT(at), 8 * PAGE_SIZE, RW, flags | MAP_FIXED,
			      file, 0), AT(at));
	return file;
}

static bool page_is_dirty(struct file *file, pgoff_t index)
{
	struct page *page = find_get_page(file->f_mapping, index);
	bool dirty;

	cr_assert_not_null(page);
	dirty = PageDirty(page);
	put_page(page);
	return dirty;
}

/* MS_ASYNC moves the bit, MS_SYNC writes. */
MACHINE_TEST(msync, async_and_sync)
{
	struct file *file = map_file(0, MAP_SHARED);

	touch(3, 7);
	cr_expect_not(page_is_dirty(file, 3));
	cr_expect_eq(sys_msync(AT(0), 8 * PAGE_SIZE, MS_ASYNC_FLAG), 0);
	cr_expect(page_is_dirty(file, 3));
	cr_expect_not(filestore_read(file->f_inode, 3, words));
	cr_expect_eq(sys_msync(AT(0), 8 * PAGE_SIZE, MS_SYNC_FLAG), 0);
	cr_expect_not(page_is_dirty(file, 3));
	cr_expect(filestore_read(file->f_inode, 3, words));
	cr_expect_eq(words[0], 7);
	fput(file);
}

/* The processor has to set DIRTY again: its translation must be gone. */
MACHINE_TEST(msync, later_writes_are_seen)
{
	struct file *file = map_file(0, MAP_SHARED);

	for (uint64_t i = 1; i < 4; i++) {
		touch(3, i);
		cr_expect_eq(sys_msync(AT(3), PAGE_SIZE, MS_SYNC_FLAG), 0);
		cr_expect(filestore_read(file->f_inode, 3, words));
		cr_expect_eq(words[0], i);
	}
	fput(file);
}

/* A nonlinear area: the page that is mapped is written, wherever it is. */
MACHINE_TEST(msync, nonlinear)
{
	struct file *file = map_file(0, MAP_SHARED);

	cr_assert_eq(sys_remap_file_pages(AT(0), PAGE_SIZE, 6), 0);
	touch(0, 5);
	cr_expect_eq(sys_msync(AT(0), PAGE_SIZE, MS_SYNC_FLAG), 0);
	cr_expect(filestore_read(file->f_inode, 6, words));
	cr_expect_eq(words[0], 5);
	fput(file);
}

/* Private changes are nobody's business. */
MACHINE_TEST(msync, private_areas)
{
	struct file *file = map_file(0, MAP_PRIVATE);

	draw("........WW");
	touch(0, 7);
	touch(8, 7);
	cr_expect_eq(sys_msync(AT(0), 10 * PAGE_SIZE, MS_SYNC_FLAG), 0);
	cr_expect_not(filestore_read(file->f_inode, 0, words));
	fput(file);
}

MACHINE_TEST(msync, refusals)
{
	draw("WW.W");
	cr_expect_eq(sys_msync(AT(0), PAGE_SIZE, MS_SYNC_FLAG | MS_ASYNC_FLAG),
		     -EINVAL);
	cr_expect_eq(sys_msync(AT(0), PAGE_SIZE, 8), -EINVAL);
	cr_expect_eq(sys_msync(AT(0) + 8, PAGE_SIZE, MS_SYNC_FLAG), -EINVAL);
	cr_expect_eq(sys_msync(AT(0), 0, MS_SYNC_FLAG), 0);
	cr_expect_eq(sys_msync(AT(0), 2 * PAGE_SIZE, MS_SYNC_FLAG), 0);
	cr_expect_eq(sys_msync(AT(0), 4 * PAGE_SIZE, MS_SYNC_FLAG), -ENOMEM);
	cr_expect_eq(sys_msync(AT(3), 4 * PAGE_SIZE, MS_SYNC_FLAG), -ENOMEM);
	cr_assert_eq(sys_mlock(AT(0), PAGE_SIZE), 0);
	cr_expect_eq(sys_msync(AT(0), PAGE_SIZE, MS_INVALIDATE_FLAG), -EBUSY);
}
