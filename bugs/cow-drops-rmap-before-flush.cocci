// SPDX-License-Identifier: GPL-2.0-or-later
// title: reuse goes by the map count, which falls before the old PTE is
//   gone
// origin: fixed by Linux 945754a1754f (Nick Piggin, 2008); 2.6.11 goes by
//   the page count
// year: 2008
// area: cow
// consequence: broken-invariant
// file: mm/memory.c
// applies: 2
// threads: 3
// depth: 3
// expected: native:invariant explore:invariant
// blind: races
// found-by: none
@@
expression old;
statement S;
@@
 install_copy(...)
 {
 ...
+ if (!PageReserved(old))
+	page_remove_rmap(old);
 ptep_establish(...);
 if (PageReserved(old))
	S
- else
-	page_remove_rmap(old);
 ...
 }
