// SPDX-License-Identifier: GPL-2.0-or-later
// title: exec keeps the charge of a stack that found no place
// origin: DEF-18 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: exec
// consequence: leak
// file: mm/exec.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:leak explore:leak
// blind: races
// bounded: exec-broken
// found-by: explore:leak
@@
expression mm, vma, err, pages;
@@
 err = insert_vm_struct(mm, vma);
 if (err) {
- vm_unacct_memory(pages);
 return err;
 }
