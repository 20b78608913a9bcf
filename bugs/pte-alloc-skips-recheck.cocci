// SPDX-License-Identifier: GPL-2.0-or-later
// title: two faults each install a page table in the same slot
// origin: fixed by history.git cc80f8f99c1b (2.4.3-pre, 2001)
// year: 2001
// area: page-table
// consequence: leak
// file: mm/memory.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:leak native:invariant explore:leak explore:invariant
// blind: races
// bounded: fault-neighbours
// found-by: explore:structure native:structure
@@
expression mm, pmd, new;
@@
- if (pmd_present(pmd_get(pmd))) {
-	pgtable_page_free(new);
- } else {
 	mm->nr_ptes++;
 	pmd_populate(pmd, new);
- }
