/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of layouts share: a machine whose init task has an address
 * space, so that each test calls the kernel from its own thread.
 */
#ifndef TESTS_MM_VMA_UTIL_H
#define TESTS_MM_VMA_UTIL_H

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "locking/report.h"
#include "mm/accounting.h"
#include "mm/boot.h"
#include "mm/cpu.h"
#include "mm/fault_inject.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/mmu_context.h"
#include "mm/rmap.h"
#include "mm/slab.h"
#include "mm/swap.h"
#include "mm/uaccess.h"
#include "mm/validate.h"
#include "tests/support/fini.h"

/* Where the tests draw their pictures: page n of a string. */
#define BASE 0x10000000UL
#define AT(page) (BASE + (uaddr_t)(page) * PAGE_SIZE)
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static char last_finding[1024];

static inline void note_finding(const struct finding *f)
{
	snprintf(last_finding, sizeof(last_finding), "%s", f->text);
	fprintf(stderr, "%s:%d: %s: %s\n", f->site->file, f->site->line,
		finding_kind_name(f->kind), f->text);
}

/* Like exec_mmap(): init leaves the mm it borrows and has one of its own. */
static inline void enter_new_mm(void)
{
	struct mm_struct *mm = mm_alloc(), *old = current->active_mm;

	cr_assert_not_null(mm);
	mm->mmap_base = mm->free_area_cache = TASK_UNMAPPED_BASE;
	task_lock(current);
	current->mm = mm;
	current->active_mm = mm;
	task_unlock(current);
	activate_mm(old, mm);
	mmdrop(old);
}

/* Like exit_mm(), and then back to borrowing init_mm. */
static inline void leave_mm_for_good(void)
{
	struct mm_struct *mm = current->mm;

	mmgrab(mm);
	task_lock(current);
	current->mm = NULL;
	task_unlock(current);
	enter_lazy_tlb();
	mmput(mm);
	mmgrab(&init_mm);
	task_lock(current);
	current->active_mm = &init_mm;
	task_unlock(current);
	activate_mm(mm, &init_mm);
	mmdrop(mm);
}

static inline void boot_machine(void)
{
	const struct boot_params params = {
		.nr_cpus = 2, .ram_frames = 8192, .seed = 1,
	};

	set_finding_sink(note_finding);
	cr_assert_eq(start_kernel(&params), 0);
	enter_new_mm();
}

/* Everything goes, nothing is left: INV-50 to INV-57. */
static inline void stop_machine(void)
{
	leave_mm_for_good();
	fini_assert(!vm_committed_total(), "%ld pages still charged",
		    vm_committed_total());
	fini_assert(!kmem_cache_live(vm_area_cachep), "%ld VMAs left",
		    kmem_cache_live(vm_area_cachep));
	fini_assert(!kmem_cache_live(anon_vma_cachep), "%ld anon_vmas left",
		    kmem_cache_live(anon_vma_cachep));
	fini_assert(!nr_mapped_pages(), "%ld pages still mapped",
		    nr_mapped_pages());
	stop_kernel();
	fini_assert(!findings_count(NR_FINDING_KINDS), "finding: %s",
		    last_finding);
}

#define expect_valid() do {						\
	down_write(&current->mm->mmap_sem);				\
	cr_expect_eq(validate_mm(current->mm), 0, "%s", last_finding);	\
	up_write(&current->mm->mmap_sem);				\
} while (0)

/* One letter a page: '.' for a hole, else one letter for each VMA, a, b, ... */
static inline const char *layout(unsigned int pages)
{
	static char text[128];
	struct vm_area_struct *vma;
	char letter = 'a';

	memset(text, '.', pages);
	text[pages] = '\0';
	for (vma = current->mm->mmap; vma; vma = vma->vm_next) {
		for (unsigned int i = 0; i < pages; i++)
			if (AT(i) >= vma->vm_start && AT(i) < vma->vm_end)
				text[i] = letter;
		if (vma->vm_start < AT(pages) && vma->vm_end > AT(0))
			letter++;
	}
	return text;
}

#define expect_layout(text) do {					\
	const char *__is = layout(strlen(text));			\
	cr_expect_str_eq(__is, (text), "%s instead of %s", __is, (text));\
	expect_valid();							\
} while (0)

static inline void map_fixed(unsigned int page, unsigned int pages, int prot)
{
	cr_assert_eq(sys_mmap(AT(page), pages * PAGE_SIZE, prot,
			      ANON | MAP_FIXED, NULL, 0), AT(page));
}

/* Map what the string shows: W, X writable, R read only, N none. */
static inline void draw(const char *text)
{
	for (unsigned int i = 0, n; text[i]; i += n) {
		for (n = 1; text[i + n] == text[i]; n++)
			;
		if (text[i] == 'R')
			map_fixed(i, n, PROT_READ);
		else if (text[i] == 'W')
			map_fixed(i, n, RW);
		else if (text[i] == 'X')
			map_fixed(i, n, RW | PROT_EXEC);
		else if (text[i] == 'N')
			map_fixed(i, n, PROT_NONE);
	}
}

static inline void touch(unsigned int page, uint64_t value)
{
	cr_assert_eq(user_write64(AT(page), value), 0);
}

static inline uint64_t peek(unsigned int page)
{
	uint64_t value = 0;

	cr_assert_eq(user_read64(AT(page), &value), 0);
	return value;
}

#endif /* TESTS_MM_VMA_UTIL_H */
