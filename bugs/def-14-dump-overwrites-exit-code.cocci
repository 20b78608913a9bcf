// SPDX-License-Identifier: GPL-2.0-or-later
// title: a dump replaces the code of a group exit in progress
// origin: DEF-14 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: coredump
// consequence: broken-invariant
// file: mm/coredump.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: exit-status
// found-by: explore:assertion
@@
identifier signal;
@@
 claim_dump(...)
 {
 ...
- if (signal->flags & SIGNAL_GROUP_EXIT)
+ if ((signal->flags & SIGNAL_GROUP_EXIT) && signal->group_exit_task)
 {...}
 else
 {...}
 ...
 }
