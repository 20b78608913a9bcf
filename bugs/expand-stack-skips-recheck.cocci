// SPDX-License-Identifier: GPL-2.0-or-later
// title: the second of two threads that grow a stack shrinks it
// origin: CVE-2005-0001, history.git fa6e49a2497c (Linus Torvalds, 2005)
// year: 2005
// area: accounting
// consequence: broken-invariant
// file: mm/vma.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: races
// scenario: stack_growth
// bounded: one-stack
// found-by: explore:structure native:structure
@@
identifier address, vma, grow;
@@
 expand_stack(...)
 {
 ...
 address &= PAGE_MASK;
+unsigned long grow = (vma_start(vma) - address) >> PAGE_SHIFT;
 anon_vma_lock(...);
 ...
- if (address < vma->vm_start) {
-	unsigned long grow = ...;
+ {
 	...
 }
 ...
 }
