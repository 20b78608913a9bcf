// SPDX-License-Identifier: GPL-2.0-or-later
// title: a child pays for areas it was not given
// origin: DEF-2 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: fork
// consequence: broken-invariant
// file: mm/fork_mm.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:invariant explore:invariant
// blind: races
// bounded: fork-device
// found-by: explore:assertion
@@
expression pages, mm;
@@
 skip_vma(...)
 {
 ...
- atomic_long_sub(pages, &mm->total_vm);
 }
