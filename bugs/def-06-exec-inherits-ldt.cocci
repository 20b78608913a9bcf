// SPDX-License-Identifier: GPL-2.0-or-later
// title: a new program begins with the LDT of the old one
// origin: DEF-6 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: exec
// consequence: broken-invariant
// file: mm/exec.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:invariant explore:invariant
// blind: races
// bounded: ldt-fork
// found-by: explore:assertion
@@
identifier bprm;
@@
- init_new_context(bprm->mm, NULL)
+ init_new_context(bprm->mm, current->mm)
