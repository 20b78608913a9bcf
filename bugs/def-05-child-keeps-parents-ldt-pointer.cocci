// SPDX-License-Identifier: GPL-2.0-or-later
// title: a new mm begins with the LDT pointer of its parent
// origin: DEF-5 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: ldt
// consequence: broken-invariant
// file: mm/ldt.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: ldt-fork
// found-by: explore:assertion
@@
identifier mm, old_mm;
@@
 init_new_context(struct mm_struct *mm, struct mm_struct *old_mm)
 {
 ...
- mm->context.ldt = NULL;
+ mm->context.ldt = old_mm ? READ_ONCE(old_mm->context.ldt) : NULL;
 ...
 }
