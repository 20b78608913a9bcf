// SPDX-License-Identifier: GPL-2.0-or-later
// title: a fault maps a page that was cut off while it looked it up
// origin: fixed by history.git 3e63f0be44b9 (Dave McCracken, 2003)
// year: 2003
// area: truncate
// consequence: broken-invariant
// file: mm/memory.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: races
// bounded: truncate-fault
// found-by: explore:assertion
@@
expression mapping, seq;
@@
- if (!mapping || seq == READ_ONCE(mapping->truncate_count))
+ (void)seq;
+ if (1)
 	break;
