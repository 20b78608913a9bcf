// SPDX-License-Identifier: GPL-2.0-or-later
// title: stacks that grow at once lose each other's pages in total_vm
// origin: DEF-19; linux-mm, Michel Lespinasse, 2012; 2.6.11 as shipped
// year: 2012
// shipped: 2.6.11
// area: accounting
// consequence: data-race
// file: mm/vma.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:leak tsan:race explore:race explore:leak
// blind: -
// bounded: two-stacks
// found-by: explore:assertion
@@
expression grow, mm;
@@
 acct_stack_growth(...)
 {
 ...
- atomic_long_add(grow, &mm->total_vm);
+ atomic_long_set(&mm->total_vm, atomic_long_read(&mm->total_vm) + grow);
 ...
 }
