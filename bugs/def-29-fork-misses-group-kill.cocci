// SPDX-License-Identifier: GPL-2.0-or-later
// title: publication looks for a SIGKILL of the thread, not of its group
// origin: DEF-29 of the specification: 2.6.11 as shipped
// area: fork
// consequence: broken-invariant
// file: mm/copy_process.c
// applies: 1
// threads: 2
// depth: 2
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
