// SPDX-License-Identifier: GPL-2.0-or-later
// title: the child looks areas up in the tree of its parent until fork ends
// origin: fixed by history.git bc3d0059577f (Hugh Dickins, 2004)
// year: 2004
// area: fork
// consequence: use-after-free
// file: mm/fork_mm.c
// applies: 3
// threads: 2
// depth: 2
// expected: native:invariant native:use-after-free explore:invariant
//   explore:use-after-free
// blind: races
// bounded: cow-fork
// found-by: explore:lock native:lock
@layout@
expression mm, oldmm;
@@
 dup_layout(mm, oldmm);
+mm->mm_rb = oldmm->mm_rb;
+WRITE_ONCE(mm->mmap_cache, READ_ONCE(oldmm->mmap_cache));

@append@
expression mm, pprev, tmp;
@@
- vma_append(mm, pprev, tmp);
+ **pprev = tmp;
+ *pprev = &tmp->vm_next;
+ mm->map_count++;

@tree@
expression mm, oldmm, err;
@@
 err = dup_mmap(mm, oldmm);
+if (!err)
+	build_mmap_rb(mm);
