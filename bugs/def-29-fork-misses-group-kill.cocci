// SPDX-License-Identifier: GPL-2.0-or-later
// title: publication looks for a SIGKILL of the thread, not of its group
// origin: DEF-29 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: fork
// consequence: broken-invariant
// file: mm/copy_process.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// found-by: none
@@
identifier parent;
@@
 check_publication(...)
 {
 ...
- recalc_sigpending_tsk(parent);
- if (sigkill_pending(parent)) {
+ if (parent->pending.signal & SIGMASK(SIGKILL)) {
 ...
 } else {...}
 ...
 }
