// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/mmu.h"
#include "tests/mm/machine_util.h"

TestSuite(pgtable, .timeout = 20);

/* OBJ-13: no private protection has RW; any access implies read. */
MACHINE_TEST(pgtable, protection_map)
{
	for (unsigned int i = 0; i < 16; i++) {
		pte_t v = __pte(protection_map[i]);

		cr_expect(pte_present(v));
		cr_expect_eq(pte_user(v), (i & 7) != 0, "%u", i);
		cr_expect_eq(pte_write(v), (i & VM_SHARED) && (i & VM_WRITE),
			     "%u", i);
		if (_PAGE_NX)
			cr_expect_eq(pte_exec(v), !!(i & VM_EXEC), "%u", i);
	}
}

/* OBJ-11 */
MACHINE_TEST(pgtable, protnone_counts_as_present)
{
	pte_t v = pfn_pte(5, PAGE_NONE);

	cr_expect(pte_present(v));
	cr_expect_not(pte_val(v) & _PAGE_PRESENT);
	cr_expect_eq(pte_pfn(v), 5);
}

struct swap_case {
	unsigned int type;
	unsigned long offset;
};

static const struct swap_case swap_cases[] = {
	{ 0, 1 }, { 31, 1 }, { 1, 0xffffff }, { 31, 0xffffff }, { 7, 0x1234 },
};

MACHINE_TEST(pgtable, swap_entries)
{
	for (size_t i = 0; i < ARRAY_SIZE(swap_cases); i++) {
		const struct swap_case *c = &swap_cases[i];
		pte_t v = swp_entry_to_pte(swp_entry(c->type, c->offset));

		cr_expect_not(pte_present(v));
		cr_expect_not(pte_none(v));
		cr_expect_not(pte_file(v));
		cr_expect_eq(pte_val(v) & 0xc1, 0);
		cr_expect_eq(swp_type(pte_to_swp_entry(v)), c->type);
		cr_expect_eq(swp_offset(pte_to_swp_entry(v)), c->offset);
	}
}

static const unsigned long offsets[] = { 0, 1, 31, 32, 12345, (1UL << 29) - 1 };

MACHINE_TEST(pgtable, file_entries)
{
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		pte_t v = pgoff_to_pte(offsets[i]);

		cr_expect_not(pte_present(v));
		cr_expect(pte_file(v));
		cr_expect_eq(pte_val(v) & 0x81, 0);
		cr_expect_eq(pte_to_pgoff(v), offsets[i]);
	}
}

MACHINE_TEST(pgtable, changing_values)
{
	pte_t v = pfn_pte(9, PAGE_READONLY);

	cr_expect(pte_write(pte_mkwrite(v)));
	cr_expect(pte_same(pte_wrprotect(pte_mkwrite(v)), v));
	cr_expect(pte_dirty(pte_mkdirty(v)));
	cr_expect_not(pte_dirty(pte_mkclean(pte_mkdirty(v))));
	cr_expect_not(pte_young(pte_mkold(v)));
	v = pte_modify(pte_mkdirty(pte_mkwrite(v)), PAGE_NONE);
	cr_expect_eq(pte_pfn(v), 9);
	cr_expect(pte_dirty(v));
	cr_expect_not(pte_write(v));
}

MACHINE_TEST(pgtable, page_of_an_invalid_frame)
{
	cr_expect_null(pte_page(pfn_pte(max_pfn, PAGE_SHARED)));
	cr_expect_eq(pte_page(pfn_pte(1, PAGE_SHARED)), empty_zero_page);
}

MACHINE_TEST(pgtable, atomic_updates)
{
	pte_t p = pte_mkdirty(pte_mkwrite(pfn_pte(3, PAGE_READONLY)));

	ptep_set_wrprotect(&p);
	cr_expect_not(pte_write(p));
	cr_expect(ptep_test_and_clear_dirty(&p));
	cr_expect_not(ptep_test_and_clear_dirty(&p));
	cr_expect(ptep_test_and_clear_young(&p));
	cr_expect_not(ptep_test_and_clear_young(&p));
	cr_expect_eq(pte_pfn(ptep_get_and_clear(&p)), 3);
	cr_expect(pte_none(p));
}

/* A word the processor would take: checked bit by bit (OBJ-10). */
MACHINE_TEST(pgtable, populated_word)
{
	struct page *table = pgtable_page_alloc();
	pmd_t pmd = { 0 };

	cr_expect(pmd_none(pmd));
	pmd_populate(&pmd, table);
	cr_expect_eq(pmd_val(pmd),
		     ((pteval_t)page_to_pfn(table) << 12) | 0x067);
	cr_expect(pmd_present(pmd));
	cr_expect_not(pmd_bad(pmd));
	cr_expect_eq(pmd_page(pmd), table);
	cr_expect_eq((void *)pte_offset(&pmd, 5 * PAGE_SIZE),
		     (char *)page_address(table) + 5 * sizeof(pte_t));
	cr_expect_eq(nr_page_table_pages(), 1);
	pgtable_page_free(table);
	cr_expect_eq(nr_page_table_pages(), 0);
}

MACHINE_TEST(pgtable, bad_word_is_reported_and_cleared)
{
	pmd_t pmd = __pmd(0x1234001);

	cr_expect(pmd_none_or_clear_bad(&pmd));
	cr_expect(pmd_none(pmd));
	expect_finding(FINDING_STRUCTURE, "bad pmd entry 1234001");
}

/* What the kernel built, the hardware's walk finds. */
MACHINE_TEST(pgtable, walk)
{
	pte_t *p;

	draw("WW");
	touch(1, 7);
	p = mmu_walk(current->mm->pgd, AT(1));
	cr_assert_not_null(p);
	cr_expect(pte_present(*p));
	cr_expect(pte_dirty(*p));
	cr_expect_eq(*(uint64_t *)page_address(pte_page(*p)), 7);
	cr_expect(pte_none(*mmu_walk(current->mm->pgd, AT(0))));
	cr_expect_null(mmu_walk(current->mm->pgd, 0x70000000UL));
}

/* INV-22 */
MACHINE_TEST(pgtable, pgds_stay_on_the_list)
{
	unsigned long before = pgd_list_check();
	pgd_t *a = pgd_alloc(current->mm), *b = pgd_alloc(current->mm);
	unsigned long in_use = nr_pgds_in_use();

	cr_expect_eq(pgd_list_check(), before + 2);
	pgd_free(a);
	pgd_free(b);
	cr_expect_eq(pgd_list_check(), before + 2);
	cr_expect_eq(nr_pgds_in_use(), in_use - 2);
	cr_expect_eq(pgd_alloc(current->mm), b);
	pgd_free(b);
}

MACHINE_TEST(pgtable, pgd_freed_with_entries)
{
	pgd_t *pgd = pgd_alloc(current->mm);

	pgd[3].pgd = 0x1067;
	pgd_free(pgd);
	expect_finding(FINDING_STRUCTURE, "user half");
	cr_expect_gt(pgd_list_check(), 0);
}

MACHINE_TEST(pgtable, allocations_fail_when_told_to)
{
	fault_inject_arm(1);
	cr_expect_null(pgd_alloc(current->mm));
	fault_inject_arm(1);
	cr_expect_null(pgtable_page_alloc());
	fault_inject_disarm();
}
