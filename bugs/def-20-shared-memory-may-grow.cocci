// SPDX-License-Identifier: GPL-2.0-or-later
// title: shared anonymous memory may grow downwards, under a fixed tree key
// origin: DEF-20 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: truncate
// consequence: data-race
// file: mm/mmap.c
// applies: 1
// threads: 2
// depth: 2
// expected: tsan:race explore:race
// blind: -
// bounded: grow-kinds
// found-by: explore:assertion
@@
expression r, type;
@@
- if ((r->flags & MAP_GROWSDOWN) && (r->file || type == MAP_SHARED))
+ if ((r->flags & MAP_GROWSDOWN) && r->file)
 	return -EINVAL;
