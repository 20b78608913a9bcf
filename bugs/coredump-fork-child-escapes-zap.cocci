// SPDX-License-Identifier: GPL-2.0-or-later
// title: publication in copy_process() does not look for a pending SIGKILL
// origin: LKML 40BF3D17.8030504@acm.org (Corey Minyard, 2004)
// year: 2004
// area: coredump
// consequence: broken-invariant
// file: mm/copy_process.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: races
// bounded: clone-dump
// found-by: native:structure native:stall tsan:structure explore:lost-wakeup
@@
expression parent;
@@
 check_publication(...)
 {
 <+...
- sigkill_pending(parent)
+ 0
 ...+>
 }
