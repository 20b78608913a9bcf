/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pgtable_types.h - the words of a page table and the geometry of the tree
 *
 * The geometry is a build choice: x86_64 (four levels, the default) or i386
 * without PAE (two levels, pud and pmd folded into the directory, OBJ-10).
 */
#ifndef MM_PGTABLE_TYPES_H
#define MM_PGTABLE_TYPES_H

#include <stdint.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(a) (((a) + PAGE_SIZE - 1) & PAGE_MASK)

#ifdef GEOMETRY_I386
typedef uint32_t pteval_t;
#define PGDIR_SHIFT 22
#define PUD_SHIFT 22
#define PMD_SHIFT 22
#define PTRS_PER_PGD 1024
#define PTRS_PER_PUD 1
#define PTRS_PER_PMD 1
#define PTRS_PER_PTE 1024
#define USER_PTRS_PER_PGD 768
#define TASK_SIZE 0xC0000000UL
#define GEOMETRY_NAME "i386"
#else
typedef uint64_t pteval_t;
#define PGDIR_SHIFT 39
#define PUD_SHIFT 30
#define PMD_SHIFT 21
#define PTRS_PER_PGD 512
#define PTRS_PER_PUD 512
#define PTRS_PER_PMD 512
#define PTRS_PER_PTE 512
#define USER_PTRS_PER_PGD 256
#define TASK_SIZE ((1UL << 47) - PAGE_SIZE)
#define GEOMETRY_NAME "x86_64"
#endif

#define PGDIR_SIZE (1UL << PGDIR_SHIFT)
#define PGDIR_MASK (~(PGDIR_SIZE - 1))
#define PUD_SIZE (1UL << PUD_SHIFT)
#define PUD_MASK (~(PUD_SIZE - 1))
#define PMD_SIZE (1UL << PMD_SHIFT)
#define PMD_MASK (~(PMD_SIZE - 1))

/* One entry each; distinct types so that levels cannot be mixed up. */
typedef struct { pteval_t pgd; } pgd_t;
typedef struct { pteval_t pud; } pud_t;
typedef struct { pteval_t pmd; } pmd_t;
typedef struct { pteval_t pte; } pte_t;

#endif /* MM_PGTABLE_TYPES_H */
