/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gup.h - reaching into an address space from the kernel (PROC-6) */
#ifndef MM_GUP_H
#define MM_GUP_H

#include "mm/mm_types.h"

enum {
	GUP_WRITE = 1, /* the pages will be written */
	GUP_FORCE = 2, /* MAY bits suffice: ptrace, core dump */
};

/**
 * follow_page() - the page mapped at an address
 * @mm: address space
 * @addr: user address
 * @write: only if the PTE is writable
 *
 * Marks the PTE's page accessed, for writes dirty.
 *
 * Context: mm->page_table_lock held.
 * Return: page without a reference, or NULL.
 */
struct page *follow_page(struct mm_struct *mm, uaddr_t addr, bool write)
	__must_hold(&mm->page_table_lock);

/**
 * get_user_pages() - fault pages in and take a reference on each
 * @mm: address space
 * @start: address in the first page
 * @nr: number of pages
 * @gup_flags: GUP_*
 * @pages: out: @nr pages for put_page(); or NULL: only fault them in
 *
 * Context: R or W(mm->mmap_sem), or nobody else can change the mm (core
 *	dump); may sleep.
 * Return: number of pages, at least 1, or -EFAULT, -ENOMEM for the first.
 */
int get_user_pages(struct mm_struct *mm, uaddr_t start, int nr,
		   unsigned int gup_flags, struct page **pages);

#endif /* MM_GUP_H */
