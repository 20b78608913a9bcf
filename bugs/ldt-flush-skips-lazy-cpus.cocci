// SPDX-License-Identifier: GPL-2.0-or-later
// title: a CPU that has borrowed the mm keeps the LDT that is freed
// origin: fixed by history.git a14f13f826b2 (Manfred Spraul, 2002)
// year: 2002
// area: ldt
// consequence: use-after-free
// file: mm/ldt.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:use-after-free native:invariant explore:use-after-free
//   explore:invariant
// blind: -
// bounded: ldt-grow
// found-by: explore:assertion
@@
expression cpu, m;
@@
 reload_LDT(...)
 {
 ...
+if (cpu->curr->mm)
 load_LDT_nolock(cpu, m);
 }
