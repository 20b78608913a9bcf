// SPDX-License-Identifier: GPL-2.0-or-later
// title: a new anon_vma gets its first area without its lock
// origin: DEF-16; fixed by Linux d9d332e0874f (Linus Torvalds, 2008);
//   2.6.11 as shipped
// year: 2008
// shipped: 2.6.11
// area: rmap
// consequence: data-race
// file: mm/rmap.c
// applies: 2
// threads: 3
// depth: 3
// expected: tsan:race explore:race
// blind: -
// bounded: unmap-replaced
// explore-options: --strategy pct
// found-by: explore:data-race
@@
expression av, mm;
@@
 anon_vma_prepare(...)
 {
 ...
+const bool unlocked = fresh;
+
+if (!unlocked)
 spin_lock(&av->lock);
 spin_lock(&mm->page_table_lock);
 ...
 spin_unlock(&mm->page_table_lock);
+if (!unlocked)
 spin_unlock(&av->lock);
 ...
 }
