// SPDX-License-Identifier: GPL-2.0-or-later
// title: exec empties an mm that nobody else seems to use, and keeps it
// origin: fixed by history.git b8391722e97b (Anton Blanchard, 2002)
// year: 2002
// area: exec
// consequence: use-after-free
// file: mm/exec.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:use-after-free tsan:race explore:use-after-free
//   explore:race
// blind: -
// bounded: exec-readers
// found-by: explore:data-race
@@
identifier mm;
expression tsk, old;
@@
 exec_mmap(struct mm_struct *mm)
 {
 ...
 mm_release(tsk, old);
+if (old && atomic_read(&old->mm_users) == 1) {
+	exit_mmap(old);
+	old->start_code = 0;
+	old->start_data = 0;
+	old->shared_vm = 0;
+	old->exec_vm = 0;
+	old->reserved_vm = 0;
+	old->def_flags = 0;
+	old->free_area_cache = TASK_UNMAPPED_BASE;
+	old->mmap_base = TASK_UNMAPPED_BASE;
+	atomic_long_set(&old->stack_vm, 0);
+	mmdrop(mm);
+	return 0;
+}
 ...
 }
