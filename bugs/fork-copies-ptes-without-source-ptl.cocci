// SPDX-License-Identifier: GPL-2.0-or-later
// title: fork reads the parent's page tables without their lock
// origin: fixed by history.git 43e9282d088b (2.4.1-pre1, 2001)
// year: 2001
// area: fork
// consequence: use-after-free
// file: mm/memory_copy.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:use-after-free tsan:race explore:race
//   explore:use-after-free
// blind: -
// bounded: truncate-fork
// found-by: explore:leak
@@
expression src;
@@
- spin_lock_nested(&src->page_table_lock, 1);
 ...
- spin_unlock(&src->page_table_lock);
