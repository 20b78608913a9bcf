// SPDX-License-Identifier: GPL-2.0-or-later
// title: the end of a dump wakes one parked thread instead of all
// origin: history.git 8a0611595372 (Ingo Molnar, 2002), which added
//   complete_all() because the one-shot form lost sharers
// year: 2002
// area: coredump
// consequence: lost-wakeup
// file: mm/coredump.c
// applies: 1
// threads: 3
// depth: 1
// expected: native:stall explore:stall
// blind: races
// bounded: clone-dump
// found-by: native:stall tsan:stall explore:lost-wakeup
@@
expression mm;
@@
- complete_all(&mm->core_done);
+ complete(&mm->core_done);
