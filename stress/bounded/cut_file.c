// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/bounded/cut_file.h"

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/file.h"
#include "mm/mmap.h"
#include "mm/truncate.h"
#include "mm/uaccess.h"

struct file *cut_file;
static unsigned long length; /* in bytes; constant while programs run */
static struct completion mapped = COMPLETION_INITIALIZER(mapped);
static struct completion cut = COMPLETION_INITIALIZER(cut);

/* ---- of init ---------------------------------------------------------------- */

void cut_file_open(unsigned int pages)
{
	struct inode *inode;

	length = pages * PAGE_SIZE;
	inode = inode_create("cut", length, NULL);
	mm_bug_on(!inode, "no inode");
	cut_file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(cut_file), "no file");
	iput(inode);
}

void cut_file_cut(void)
{
	do_truncate(cut_file->f_inode, PAGE_SIZE);
	complete_all(&cut);
}

/* All mappings are gone: each has given back the reference that it took. */
void cut_file_close(void)
{
	bounded_reap();
	if (atomic_read(&cut_file->f_count) != 1)
		report_finding(FINDING_REFCOUNT, "REF-10: without a mapping a"
			       " file has f_count %d, expected 1",
			       atomic_read(&cut_file->f_count));
	fput(cut_file);
}

void cut_file_under_as(const char *name, bounded_fn_t fn, unsigned int pages)
{
	cut_file_open(pages);
	bounded_spawn_as(name, fn, NULL);
	cut_file_wait_mapped();
	cut_file_cut();
	cut_file_close();
}

void cut_file_wait_mapped(void)
{
	wait_for_completion(&mapped);
}

/* ---- of programs ------------------------------------------------------------ */

void cut_file_map(unsigned long prot, unsigned long flags)
{
	if (SYSCALL(sys_mmap(CUT_FILE_AT, length, prot, flags | MAP_FIXED,
			     cut_file, 0)) != CUT_FILE_AT)
		report_finding(FINDING_DATA, "mmap of a file is refused");
}

void cut_file_map_any(void)
{
	cut_file_map(PROT_RW, bounded_pick(2) ? MAP_SHARED : MAP_PRIVATE);
}

void cut_file_mapped(void)
{
	complete(&mapped);
}

void cut_file_touch(uaddr_t addr)
{
	uint64_t value;

	if (bounded_pick(2))
		(void)SYSCALL(get_user64(&value, addr));
	else
		(void)SYSCALL(put_user64(7, addr));
}

void cut_file_wait(void)
{
	wait_for_completion(&cut);
}

void cut_file_expect(uaddr_t addr)
{
	uint64_t value;

	if (!SYSCALL(get_user64(&value, addr)))
		report_finding(FINDING_DATA, "FLT-30: a page behind the end of"
			       " the file can be read at %#lx: %#llx", addr,
			       (unsigned long long)value);
}

void cut_file_wait_expect(uaddr_t addr)
{
	cut_file_wait();
	cut_file_expect(addr);
}
