// SPDX-License-Identifier: GPL-2.0-or-later
// title: a COW fault lets go of the old page before it compares the PTE
//   again
// origin: fixed by Linux c3704ceb4ad0 (Hugh Dickins, 2007)
// year: 2007
// area: cow
// consequence: use-after-free
// file: mm/memory.c
// applies: 3
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: truncate-cow
// explore-options: --strategy pct
// found-by: explore:assertion
@hold@
expression old, new;
@@
 install_copy(...)
 {
 ...
 if (...) {
 	...
 	put_page(new);
-	put_page(old);
 	return;
 }
 ...
 put_page(old);
- put_page(old);
 }

@drop@
expression mm, f, old, new;
@@
+if (!PageReserved(old))
+	put_page(old);
 spin_lock(&mm->page_table_lock);
 install_copy(mm, f, old, new);
