/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pagewalk.h - find entries of page tables, skipping what is not there */
#ifndef MM_PAGEWALK_H
#define MM_PAGEWALK_H

#include "mm/mm_types.h"

/**
 * walk_pmd() - the middle-directory entry of an address
 * @mm: mm
 * @addr: address
 * @end: end of the range being walked
 * @next: where to go on: behind this slot, or behind what is missing
 *
 * Context: page_table_lock.
 * Return: an entry with a table behind it, or NULL.
 */
pmd_t *walk_pmd(struct mm_struct *mm, uaddr_t addr, uaddr_t end,
		uaddr_t *next) __must_hold(&mm->page_table_lock);

/**
 * walk_pte() - the table entry of an address
 * @mm: mm
 * @addr: address
 *
 * Context: page_table_lock.
 * Return: the entry, perhaps empty, or NULL without a table.
 */
pte_t *walk_pte(struct mm_struct *mm, uaddr_t addr)
	__must_hold(&mm->page_table_lock);

#endif /* MM_PAGEWALK_H */
