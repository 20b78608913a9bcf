// SPDX-License-Identifier: GPL-2.0-or-later
// title: swap-out copies a page before other CPUs have left their translations
// origin: fixed by history.git d4598417b45e (2.4.0-test12-pre1, 2000)
// year: 2000
// area: tlb
// consequence: broken-invariant
// file: mm/rmap_unmap.c mm/page_io.c
// applies: 2 2
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: races
// bounded: unmap-store
// found-by: explore:data
@declare@
@@
 #include "mm/vma.h"
+
+void write_out_now(struct page *page);

@early@
expression vma, address, ptep;
identifier pte;
@@
 try_to_unmap_one(...)
 {
 <...
- pte = ptep_clear_flush(vma, address, ptep);
- if (pte_dirty(pte))
-	set_page_dirty(page);
+ pte = ptep_get_and_clear(ptep);
+ if (PageAnon(page) && pte_dirty(pte))
+	write_out_now(page);
+ else if (pte_dirty(pte))
+	set_page_dirty(page);
+ flush_tlb_page(vma, address);
 ...>
 }

@write@
@@
+void write_out_now(struct page *page);
+
 int swap_writepage(...)
 {
 ...
 }
+
+void write_out_now(struct page *page)
+{
+	write_slot(page, page_swap_entry(page));
+	TestClearPageDirty(page);
+}
