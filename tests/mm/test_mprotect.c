// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/mprotect.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/uaccess.h"
#include "tests/mm/vma_util.h"

TestSuite(mprotect, .init = boot_machine, .fini = stop_machine,
	  .timeout = 30);

static int protect(unsigned int page, unsigned int pages, int prot)
{
	return sys_mprotect(AT(page), pages * PAGE_SIZE, prot);
}

static pte_t pte_at(unsigned int page)
{
	struct mm_struct *mm = current->mm;
	pte_t *ptep, pte = __pte(0);

	spin_lock(&mm->page_table_lock);
	ptep = walk_pte(mm, AT(page));
	if (ptep)
		pte = ptep_get(ptep);
	spin_unlock(&mm->page_table_lock);
	return pte;
}

/* MAP-31: rights change, frame, ACCESSED and DIRTY stay. */
Test(mprotect, rewrites_present_ptes)
{
	unsigned long pfn;

	draw("WWW");
	touch(1, 5);
	pfn = pte_pfn(pte_at(1));
	cr_expect_eq(protect(1, 1, PROT_NONE), 0);
	cr_expect(pte_present(pte_at(1)));
	cr_expect_not(pte_user(pte_at(1)));
	cr_expect_eq(pte_pfn(pte_at(1)), pfn);
	cr_expect(pte_dirty(pte_at(1)));
	cr_expect_eq(protect(1, 1, PROT_READ), 0);
	cr_expect_not(pte_write(pte_at(1)));
	cr_expect_eq(peek(1), 5);
	expect_layout("abc");
	cr_expect_eq(protect(1, 1, RW), 0);
	expect_layout("aaa");
	touch(1, 6);
	cr_expect_eq(peek(1), 6);
}

/* The processor may still have the old rights: they must be flushed. */
Test(mprotect, rights_are_gone_at_once)
{
	draw("WWW");
	touch(1, 5);
	cr_expect_eq(protect(0, 3, PROT_READ), 0);
	cr_expect_eq(put_user64(6, AT(1)), -EFAULT);
	cr_expect_eq(peek(1), 5);
}

Test(mprotect, refusals)
{
	struct inode *inode = inode_create("f", PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ);
	uaddr_t addr;

	draw("WW.W");
	cr_expect_eq(sys_mprotect(AT(0) + 1, PAGE_SIZE, RW), -EINVAL);
	cr_expect_eq(protect(0, 1, 0x40), -EINVAL);
	cr_expect_eq(protect(0, 0, RW), 0);
	cr_expect_eq(protect(6, 1, RW), -ENOMEM);
	cr_expect_eq(protect(2, 1, RW), -ENOMEM);
	cr_expect_eq(protect(1, 3, PROT_READ), -ENOMEM);
	expect_layout("ab.c"); /* what comes before the hole is done */
	addr = sys_mmap(0, PAGE_SIZE, PROT_READ, MAP_SHARED, file, 0);
	cr_expect_eq(sys_mprotect(addr, PAGE_SIZE, RW), -EACCES);
	fput(file);
	iput(inode);
}

/* A private page nobody could write is charged when it becomes writable. */
Test(mprotect, charges_once)
{
	draw("RRRR");
	cr_expect_eq(vm_committed_total(), 0);
	cr_expect_eq(protect(1, 2, RW), 0);
	cr_expect_eq(vm_committed_total(), 2);
	cr_expect_eq(protect(1, 2, PROT_READ), 0);
	cr_expect_eq(protect(1, 2, RW), 0);
	cr_expect_eq(vm_committed_total(), 2);
	expect_layout("abbc");
}

/* A refused charge or split leaves rights and charge as they were. */
Test(mprotect, out_of_memory)
{
	unsigned long n;

	draw("RRRR");
	for (n = 1;; n++) {
		fault_inject_arm(n);
		int err = protect(1, 2, RW);

		if (!fault_inject_hits())
			break;
		cr_expect_eq(err, -ENOMEM);
		cr_expect_eq(vm_committed_total(), 0);
		expect_valid();
	}
	fault_inject_disarm();
	cr_expect_eq(n, 4);
	expect_layout("abbc");
}

Test(mprotect, growsdown)
{
	sys_mmap(AT(1), 3 * PAGE_SIZE, RW, ANON | MAP_FIXED | MAP_GROWSDOWN,
		 NULL, 0);
	draw("....W");
	cr_expect_eq(protect(3, 1, PROT_READ | PROT_GROWSDOWN), 0);
	expect_layout(".aaab");
	cr_expect_eq(protect(4, 1, PROT_READ | PROT_GROWSDOWN), -EINVAL);
}
