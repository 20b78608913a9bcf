// SPDX-License-Identifier: GPL-2.0-or-later
// title: a flush looks at the task's active_mm, which exec sets before it
//   switches
// origin: fixed by Linux d53c3dfb23c4 (Nicholas Piggin, 2020)
// year: 2020
// area: exec
// consequence: stale-tlb
// file: mm/tlb.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: exec-flush
// found-by: explore:data-race
@@
expression cpu;
@@
 smp_invalidate_interrupt(...)
 {
 ...
- if (flush_mm == cpu->tlbstate.active_mm)
+ if (flush_mm == cpu->curr->active_mm)
 {...}
 ...
 }
