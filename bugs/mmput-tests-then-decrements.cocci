// SPDX-License-Identifier: GPL-2.0-or-later
// title: mmput() looks at mm_users and lowers it in a second step
// origin: FreeBSD 582ec34cd83d, the same slip with vmspace references
// year: -
// area: mm-ref
// consequence: leak
// file: mm/fork_mm.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:leak explore:leak
// blind: races
// bounded: get-mm
// found-by: explore:leak
@@
expression mm;
@@
 mmput(...)
 {
 ...
+if (atomic_read(&mm->mm_users) > 1) {
+	atomic_dec(&mm->mm_users);
+	return;
+}
 if (ref_put_and_test(&mm->mm_users, ..., mm))
 	end_address_space(mm);
 }
