// SPDX-License-Identifier: GPL-2.0-or-later
// title: a debugger's fault has a page behind the end of the file
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: truncate
// consequence: broken-invariant
// file: mm/filemap.c
// applies: 1
// threads: 2
// depth: 2
// expected: explore:invariant
// blind: races
// bounded: truncate-poked
// found-by: explore:assertion
@@
expression index, size;
@@
 filemap_nopage(...)
 {
 ...
- if (index >= size)
+ if (index >= size && vma->vm_mm == current->mm)
 	return NOPAGE_SIGBUS;
 ...
 }
