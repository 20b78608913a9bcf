// SPDX-License-Identifier: GPL-2.0-or-later
// title: a thread that could not be made counts as alive for ever
// origin: DEF-1 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: fork
// consequence: leak
// file: mm/copy_process.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:leak explore:leak
// blind: races
// bounded: fork-exit
// explore-options: --fail-alloc
// found-by: explore:refcount
@@
expression p;
@@
 unwind_signal(...)
 {
- atomic_dec(&p->signal->live);
 ...
 }
