// SPDX-License-Identifier: GPL-2.0-or-later
// title: who is short of memory frees the address space of the one he kills
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: mm-ref
// consequence: deadlock
// file: mm/oom_kill.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: races
// scenario: aio
// run-options: --ram 25% --tasks 20
// bounded: aio-oom
// found-by: explore:lost-wakeup native:lock-order tsan:lock-order
@@
identifier mm;
@@
 pin_mm(...)
 {
 <...
-mmgrab(mm);
+mmget(mm);
 ...>
 }

@@
identifier mm;
@@
 out_of_memory(...)
 {
 <...
-mmdrop(mm);
+mmput(mm);
 ...>
 }
