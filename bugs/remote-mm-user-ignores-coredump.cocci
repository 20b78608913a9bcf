// SPDX-License-Identifier: GPL-2.0-or-later
// title: a dump walks the areas unlocked while a remote access grows a
//   stack
// origin: CVE-2019-11599, Linux 04f5866e41fb (Andrea Arcangeli, 2019);
//   2.6.11 as shipped
// year: 2019
// shipped: 2.6.11
// area: coredump
// consequence: use-after-free
// file: mm/binfmt_elf_core.c
// applies: 3
// threads: 2
// depth: 2
// expected: native:use-after-free tsan:race explore:race
//   explore:use-after-free
// blind: -
// bounded: dump-grow
// found-by: explore:assertion
@header@
expression mm, e;
@@
 if (!e)
	return false;
- down_read(&mm->mmap_sem);
 ...
- up_read(&mm->mmap_sem);
 return true;

@memory@
identifier cf, mm;
@@
 write_memory(struct core_file *cf, struct mm_struct *mm)
 {
 ...
+cf->nr_vmas = 0;
+for (struct vm_area_struct *vma = mm->mmap; vma && cf->nr_vmas < cf->max_vmas; vma = vma->vm_next)
+	snapshot_vma(&cf->vmas[cf->nr_vmas++], vma);
 for (unsigned int i = 0; ...; ...) {...}
 return true;
 }
