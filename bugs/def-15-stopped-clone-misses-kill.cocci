// SPDX-License-Identifier: GPL-2.0-or-later
// title: a child that begins stopped does not see that it was killed
// origin: DEF-15 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: coredump
// consequence: deadlock
// file: mm/fork.c
// applies: 1
// threads: 2
// depth: 3
// expected: native:stall explore:stall
// blind: -
// bounded: stopped-child
// found-by: explore:lost-wakeup
@@
expression p, stopped;
@@
- if (sigkill_pending(p))
-	stopped = false;
