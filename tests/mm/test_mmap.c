// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/resource.h>

#include "tests/mm/vma_util.h"

TestSuite(mmap, .init = boot_machine, .fini = stop_machine, .timeout = 30);

static long try_mmap(unsigned long len, int prot, int flags, struct file *file)
{
	return (long)sys_mmap(0, len, prot, flags, file, 0);
}

static struct file *open_file(unsigned int pages, unsigned int flags)
{
	struct inode *inode = inode_create("file", pages * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, flags);

	cr_assert(!IS_ERR(file));
	iput(inode);
	return file;
}

Test(mmap, refuses_nonsense)
{
	cr_expect_eq(try_mmap(0, RW, ANON, NULL), -EINVAL);
	cr_expect_eq(try_mmap(PAGE_SIZE, RW, MAP_ANONYMOUS, NULL), -EINVAL);
	cr_expect_eq(try_mmap(TASK_SIZE + PAGE_SIZE, RW, ANON, NULL), -EINVAL);
	cr_expect_eq((long)sys_mmap(AT(0) + 8, PAGE_SIZE, RW, ANON | MAP_FIXED,
				    NULL, 0), -EINVAL);
	cr_expect_eq((long)sys_mmap(TASK_SIZE, PAGE_SIZE, RW, ANON | MAP_FIXED,
				    NULL, 0), -ENOMEM);
	cr_expect_null(current->mm->mmap);
}

/* DEF-20: what lies in a prio tree must not grow. */
Test(mmap, def_20_shared_growsdown_is_refused)
{
	struct file *file = open_file(2, FILE_READ | FILE_WRITE);

	cr_expect_eq(try_mmap(PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS |
			      MAP_GROWSDOWN, NULL), -EINVAL);
	cr_expect_eq(try_mmap(PAGE_SIZE, RW, MAP_PRIVATE | MAP_GROWSDOWN,
			      file), -EINVAL);
	cr_expect_gt(try_mmap(PAGE_SIZE, RW, ANON | MAP_GROWSDOWN, NULL), 0);
	fput(file);
}

/* OBJ-4 and the rights of the open file. */
Test(mmap, file_rights)
{
	struct file *ro = open_file(2, FILE_READ);
	struct file *wo = open_file(2, FILE_WRITE);
	struct vm_area_struct *vma;

	cr_expect_eq(try_mmap(PAGE_SIZE, RW, MAP_SHARED, ro), -EACCES);
	cr_expect_eq(try_mmap(PAGE_SIZE, PROT_READ, MAP_PRIVATE, wo), -EACCES);
	cr_expect_gt(try_mmap(PAGE_SIZE, PROT_READ, MAP_SHARED, ro), 0);
	vma = current->mm->mmap;
	cr_expect(vma->vm_flags & VM_MAYSHARE);
	cr_expect_not(vma->vm_flags & (VM_SHARED | VM_MAYWRITE));
	fput(ro);
	fput(wo);
}

/* REF-10 to REF-12, DEF-3: i_mmap_writable follows the VM_SHARED VMAs. */
Test(mmap, counts_of_a_file)
{
	struct file *file = open_file(4, FILE_READ | FILE_WRITE);
	struct address_space *mapping = file->f_mapping;
	uaddr_t addr;

	addr = sys_mmap(0, 4 * PAGE_SIZE, RW, MAP_SHARED, file, 0);
	cr_assert(!IS_ERR_VALUE(addr));
	cr_expect_eq(mapping->i_mmap_writable, 1);
	cr_expect_eq(atomic_read(&file->f_count), 2);
	cr_expect_eq(sys_munmap(addr + PAGE_SIZE, PAGE_SIZE), 0);
	cr_expect_eq(mapping->i_mmap_writable, 2);
	cr_expect_eq(atomic_read(&file->f_count), 3);
	expect_valid();
	cr_expect_eq(sys_munmap(addr, 4 * PAGE_SIZE), 0);
	cr_expect_eq(mapping->i_mmap_writable, 0);
	cr_expect_eq(atomic_read(&file->f_count), 1);
	fput(file);
}

/* REF-11: writers and VM_DENYWRITE mappings exclude each other. */
Test(mmap, denywrite)
{
	struct file *writer = open_file(2, FILE_READ | FILE_WRITE);
	struct file *reader = open_file(2, FILE_READ);
	struct inode *inode = reader->f_inode;
	long addr;

	cr_expect_eq(try_mmap(PAGE_SIZE, PROT_READ, MAP_PRIVATE |
			      MAP_DENYWRITE, writer), -ETXTBSY);
	addr = try_mmap(2 * PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_DENYWRITE,
			reader);
	cr_expect_eq(atomic_read(&inode->i_writecount), -1);
	cr_expect_eq(PTR_ERR(file_open(inode, FILE_WRITE)), -ETXTBSY);
	cr_expect_eq(sys_munmap(addr, PAGE_SIZE), 0);
	cr_expect_eq(atomic_read(&inode->i_writecount), -1);
	cr_expect_eq(sys_munmap(addr + PAGE_SIZE, PAGE_SIZE), 0);
	cr_expect_eq(atomic_read(&inode->i_writecount), 0);
	fput(writer);
	fput(reader);
}

/* Two halves of a file, mapped one after the other, become one VMA. */
Test(mmap, file_mappings_merge)
{
	struct file *file = open_file(4, FILE_READ);

	for (unsigned int i = 0; i < 4; i++)
		cr_expect_eq(sys_mmap(AT(i), PAGE_SIZE, PROT_READ,
				      MAP_PRIVATE | MAP_FIXED, file,
				      i * PAGE_SIZE), AT(i));
	expect_layout("aaaa");
	cr_expect_eq(atomic_read(&file->f_count), 2);
	for (unsigned int i = 0; i < 4; i++)
		cr_expect_eq(peek(i), file_pattern(file->f_inode->i_ino, i, 0));
	fput(file);
}

/* MAP-10: each refusal leaves counters and charges as they were. */
Test(mmap, refusals_change_nothing)
{
	struct rlimit *rlim = current->signal->rlim;
	long total;

	draw("WWWW");
	vm_acct_drain();
	total = vm_committed_total();
	rlim[RLIMIT_AS].rlim_cur = 6 * PAGE_SIZE;
	cr_expect_eq(try_mmap(3 * PAGE_SIZE, RW, ANON, NULL), -ENOMEM);
	rlim[RLIMIT_AS].rlim_cur = RLIM_INFINITY;
	sysctl_overcommit_limit = total + 2;
	cr_expect_eq(try_mmap(3 * PAGE_SIZE, RW, ANON, NULL), -ENOMEM);
	cr_expect_gt(try_mmap(3 * PAGE_SIZE, PROT_READ, ANON, NULL), 0);
	sysctl_overcommit_limit = 0;
	rlim[RLIMIT_MEMLOCK].rlim_cur = PAGE_SIZE;
	cr_expect_eq(try_mmap(2 * PAGE_SIZE, RW, ANON | MAP_LOCKED, NULL),
		     -EAGAIN);
	cr_expect_eq(vm_committed_total(), total);
	expect_valid();
}

/* Every allocation of an mmap of each kind fails once; nothing is left. */
static void fail_each(int flags, struct file *file)
{
	long before = vm_committed_total(), addr;
	int map_count = current->mm->map_count;
	unsigned long n;

	for (n = 1;; n++) {
		fault_inject_arm(n);
		addr = try_mmap(2 * PAGE_SIZE, RW, flags, file);
		if (!fault_inject_hits())
			break;
		cr_expect_eq(addr, -ENOMEM, "n %lu: %ld", n, addr);
		cr_expect_eq(vm_committed_total(), before, "n %lu", n);
		cr_expect_eq(current->mm->map_count, map_count, "n %lu", n);
		expect_valid();
	}
	fault_inject_disarm();
	cr_expect_gt(n, 1);
	cr_expect_gt(addr, 0);
}

Test(mmap, out_of_memory_everywhere)
{
	struct file *file = open_file(4, FILE_READ | FILE_WRITE);

	fail_each(ANON, NULL);
	fail_each(MAP_SHARED | MAP_ANONYMOUS, NULL);
	fail_each(MAP_SHARED, file);
	fail_each(MAP_PRIVATE, file);
	fput(file);
}

Test(mmap, locked_and_populated_pages_are_there)
{
	map_fixed(0, 1, RW);
	cr_expect_eq(current->mm->rss, 0);
	cr_expect_gt(try_mmap(3 * PAGE_SIZE, RW, ANON | MAP_LOCKED, NULL), 0);
	cr_expect_eq(current->mm->rss, 3);
	cr_expect_eq(atomic_long_read(&current->mm->locked_vm), 3);
	cr_expect_gt(try_mmap(2 * PAGE_SIZE, RW, ANON | MAP_POPULATE, NULL), 0);
	cr_expect_eq(current->mm->rss, 5);
	expect_valid();
}

/* MAP-30 */
Test(mmap, brk)
{
	struct mm_struct *mm = current->mm;

	mm->start_brk = mm->brk = AT(0);
	mm->start_data = AT(0);
	cr_expect_eq(sys_brk(0), AT(0));
	cr_expect_eq(sys_brk(AT(3) + 5), AT(3) + 5);
	expect_layout("aaaa");
	touch(3, 7);
	cr_expect_eq(sys_brk(AT(2)), AT(2));
	expect_layout("aa..");
	draw("....R");
	cr_expect_eq(sys_brk(AT(4)), AT(2), "no page between");
	cr_expect_eq(sys_brk(AT(3)), AT(3));
	current->signal->rlim[RLIMIT_DATA].rlim_cur = 3 * PAGE_SIZE;
	cr_expect_eq(sys_munmap(AT(4), PAGE_SIZE), 0);
	cr_expect_eq(sys_brk(AT(4)), AT(3), "RLIMIT_DATA");
	cr_expect_eq(sys_brk(AT(0)), AT(0));
	cr_expect_null(mm->mmap);
}

/* FLT-10, DEF-19: growth counts like mapping, and munmap gives it back. */
Test(mmap, stack_growth)
{
	struct mm_struct *mm = current->mm;

	cr_assert_eq(sys_mmap(AT(8), PAGE_SIZE, RW, ANON | MAP_FIXED |
			      MAP_GROWSDOWN, NULL, 0), AT(8));
	down_read(&mm->mmap_sem);
	cr_expect_not_null(find_extend_vma(mm, AT(5) + 100));
	up_read(&mm->mmap_sem);
	expect_layout(".....aaaa");
	cr_expect_eq(atomic_long_read(&mm->total_vm), 4);
	cr_expect_eq(atomic_long_read(&mm->stack_vm), 4);
	cr_expect_eq(vm_committed_total(), 4);
	current->signal->rlim[RLIMIT_STACK].rlim_cur = 5 * PAGE_SIZE;
	down_read(&mm->mmap_sem);
	cr_expect_null(find_extend_vma(mm, AT(2)));
	up_read(&mm->mmap_sem);
	expect_layout(".....aaaa");
	cr_expect_eq(sys_munmap(AT(5), 4 * PAGE_SIZE), 0);
	cr_expect_eq(vm_committed_total(), 0);
}
