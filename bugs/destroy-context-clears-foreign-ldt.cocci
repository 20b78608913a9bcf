// SPDX-License-Identifier: GPL-2.0-or-later
// title: whoever frees an mm with an LDT unloads his own
// origin: fixed by history.git f6daaf1a4d0f (Linus Torvalds, 2002)
// year: 2002
// area: ldt
// consequence: broken-invariant
// file: mm/ldt.c
// applies: 1
// threads: 2
// depth: 1
// expected: native:invariant explore:invariant
// blind: races
// bounded: ldt-fork
// found-by: explore:assertion
@@
expression cpu, mm;
@@
 destroy_context(...)
 {
 ...
- if (cpu && current && current->active_mm == mm)
+ if (cpu)
 {...}
 ...
 }
