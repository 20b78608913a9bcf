// SPDX-License-Identifier: GPL-2.0-or-later
// title: the error path of a fork releases the mm as an exiting task would
// origin: fixed by history.git 2386894043fc (John Byrne, 2004)
// year: 2004
// area: fork
// consequence: leak
// file: mm/copy_process.c
// applies: 2
// threads: 1
// depth: 1
// expected: native:leak explore:leak
// blind: races
// bounded: exec-siblings
// found-by: explore:leak native:refcount
@@
expression p;
@@
-if (p->mm)
+if (p->mm) {
+	mmgrab(p->mm);
 	mmput(p->mm);
+}
