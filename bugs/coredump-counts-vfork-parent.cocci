// SPDX-License-Identifier: GPL-2.0-or-later
// title: a vfork child that dumps waits for its parent, which waits for it
// origin: fixed by history.git a1bafab5cbe2 (Linus Torvalds, 2003)
// year: 2003
// area: coredump
// consequence: deadlock
// file: mm/coredump.c
// applies: 1
// threads: 2
// depth: 1
// expected: native:stall explore:stall
// blind: races
// bounded: vfork-dump
// found-by: explore:lost-wakeup native:stall
@@
identifier v;
@@
 zap_threads(...)
 {
- struct completion *v = current->vfork_done;
 ...
- if (v) {
-	current->vfork_done = NULL;
-	complete(v);
- }
 ...
 }
