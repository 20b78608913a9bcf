// SPDX-License-Identifier: GPL-2.0-or-later
// title: a fork that fails at its end leaks the I/O bitmap
// origin: DEF-8 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: fork
// consequence: leak
// file: mm/process.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:leak explore:leak
// blind: races
// bounded: sweep
// found-by: explore:leak
@@
expression p;
@@
 unwind_thread(...)
 {
 ...
- kfree(p->io_bitmap);
 ...
 }
