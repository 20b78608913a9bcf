// SPDX-License-Identifier: GPL-2.0-or-later
// title: a failing fork drops a file reference that it has not taken yet
// origin: same shape as CVE-2017-17052, Linux 2b7e8665b4ff (Eric Biggers,
//   2017)
// year: 2017
// area: fork
// consequence: use-after-free
// file: mm/fork_mm.c
// applies: 2
// threads: 2
// depth: 1
// expected: native:use-after-free native:invariant explore:use-after-free
//   explore:invariant
// blind: -
// scenario: accounting
// bounded: truncate-fork
// explore-options: --fail-alloc
// found-by: explore:refcount native:crash
@early@
expression file;
@@
 link_file_vma(...)
 {
 ...
- get_file(file);
 ...
 }

@late@
expression e, mm, oldmm, tmp;
@@
 e = copy_page_range(mm, oldmm, tmp);
 spin_unlock(&mm->page_table_lock);
+if (!e && tmp->vm_file)
+	get_file(tmp->vm_file);
