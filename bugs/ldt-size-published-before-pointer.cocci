// SPDX-License-Identifier: GPL-2.0-or-later
// title: a CPU may load a longer LDT than there is
// origin: fixed by history.git 89d637a87209 (Ingo Molnar, 2002)
// year: 2002
// area: ldt
// consequence: use-after-free
// file: mm/ldt.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:use-after-free tsan:race explore:use-after-free
//   explore:race
// blind: -
// bounded: ldt-grow
// found-by: explore:memory-error
@@
expression mm, e1, e2;
@@
- smp_store_release(&mm->context.ldt, e1);
 smp_store_release(&mm->context.size, e2);
+smp_store_release(&mm->context.ldt, e1);
