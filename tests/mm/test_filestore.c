// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/filestore.h"
#include "mm/truncate.h"
#include "tests/mm/machine_util.h"

TestSuite(filestore, .timeout = 20);

static uint64_t words[PAGE_SIZE / 8], back[PAGE_SIZE / 8];

static struct inode *new_inode(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = i + 1;
	return inode_create("f", 4 * PAGE_SIZE, NULL);
}

MACHINE_TEST(filestore, what_is_written_is_read)
{
	struct inode *inode = new_inode();

	cr_expect_not(filestore_read(inode, 2, back));
	cr_expect_eq(filestore_write(inode, 2, words, PAGE_SIZE), 0);
	words[3] = 99;
	cr_expect_eq(filestore_write(inode, 2, words, PAGE_SIZE), 0);
	cr_expect(filestore_read(inode, 2, back));
	cr_expect_eq(memcmp(words, back, PAGE_SIZE), 0);
	cr_expect_not(filestore_read(inode, 1, back));
	iput(inode);
}

/* Behind the end of the file there are zeroes. */
MACHINE_TEST(filestore, tail)
{
	struct inode *inode = new_inode();

	cr_expect_eq(filestore_write(inode, 0, words, 16), 0);
	cr_expect(filestore_read(inode, 0, back));
	cr_expect_eq(back[1], 2);
	cr_expect_eq(back[2], 0);
	iput(inode);
}

MACHINE_TEST(filestore, truncation)
{
	struct inode *inode = new_inode();

	for (pgoff_t i = 0; i < 4; i++)
		cr_expect_eq(filestore_write(inode, i, words, PAGE_SIZE), 0);
	filestore_truncate(inode, PAGE_SIZE + 24);
	cr_expect(filestore_read(inode, 0, back));
	cr_expect_eq(back[511], 512);
	cr_expect(filestore_read(inode, 1, back));
	cr_expect_eq(back[2], 3);
	cr_expect_eq(back[3], 0);
	cr_expect_not(filestore_read(inode, 2, back));
	iput(inode);
}

/* Cut, and longer again: zeroes, though the disk had other contents. */
MACHINE_TEST(filestore, truncated_file_grows_again)
{
	struct inode *inode = new_inode();
	struct file *file = file_open(inode, FILE_READ | FILE_WRITE);
	uint64_t word = 7;

	cr_expect_eq(filestore_write(inode, 2, words, PAGE_SIZE), 0);
	cr_expect_eq(do_truncate(inode, PAGE_SIZE), 0);
	cr_expect_eq(do_truncate(inode, 4 * PAGE_SIZE), 0);
	cr_expect_eq(file_read(file, 2 * PAGE_SIZE, &word, 8), 8);
	cr_expect_eq(word, 0);
	fput(file);
	iput(inode);
}

/* It can fail: a bit that changes on the disk is a finding. */
MACHINE_TEST(filestore, damaged_content)
{
	struct inode *inode = new_inode();

	cr_expect_eq(filestore_write(inode, 0, words, PAGE_SIZE), 0);
	RB_ROOT(&inode->i_store)->words[511] ^= 1;
	cr_expect(filestore_read(inode, 0, back));
	expect_finding(FINDING_DATA, "checksum");
	iput(inode);
}
