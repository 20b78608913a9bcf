/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate.h - every invariant of one mm, in one place */
#ifndef MM_VALIDATE_H
#define MM_VALIDATE_H

#include "mm/mm_types.h"

/**
 * validate_mm() - check all that can be seen under W(mmap_sem)
 * @mm: mm
 *
 * Layout: INV-4, 5, 6; page tables: INV-12, 13, 17, 20, 21.  Reports
 * FINDING_STRUCTURE (FINDING_RMAP for INV-21) with the values.
 *
 * Context: W(mmap_sem) (which keeps the VMAs and total_vm still), no
 *          spinlock; takes page_table_lock.
 * Return: number of findings.
 */
int validate_mm(struct mm_struct *mm) __must_hold(&mm->mmap_sem);

/**
 * validate_mm_layout() - the part of validate_mm() without page tables
 * @mm: mm
 *
 * Context: W(mmap_sem), or an mm nobody else can find.
 * Return: number of findings.
 */
int validate_mm_layout(struct mm_struct *mm) __must_hold(&mm->mmap_sem);

/**
 * validate_mm_tables() - the part of validate_mm() about page tables
 * @mm: mm
 *
 * Context: W(mmap_sem), no spinlock; takes page_table_lock.
 * Return: number of findings.
 */
int validate_mm_tables(struct mm_struct *mm) __must_hold(&mm->mmap_sem);

/**
 * validate_mm_release() - amortised check at the end of a layout change
 * @mm: mm
 *
 * Checks the layout after more changes than there are VMAs, and the page
 * tables every 16th time.
 *
 * Context: just before W(mmap_sem) is released; no spinlock.
 */
void validate_mm_release(struct mm_struct *mm) __must_hold(&mm->mmap_sem);

#endif /* MM_VALIDATE_H */
