// SPDX-License-Identifier: GPL-2.0-or-later
// title: a child whose LDT cannot be copied keeps its parent's
// origin: CVE-2017-17053, Linux ccd5b3235180 (Eric Biggers, 2017)
// year: 2017
// area: ldt
// consequence: use-after-free
// file: mm/ldt.c
// applies: 1
// threads: 2
// depth: 1
// expected: native:use-after-free explore:use-after-free
// blind: -
// bounded: ldt-fork
// found-by: explore:assertion
@@
expression mm, old, err;
@@
 err = copy_ldt(mm, old);
+if (err) {
+	mm->context.ldt = old->context.ldt;
+	mm->context.size = old->context.size;
+	err = 0;
+}
