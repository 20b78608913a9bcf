// SPDX-License-Identifier: GPL-2.0-or-later
// title: get_mempolicy() reads an area's policy after it has dropped mmap_sem
// origin: CVE-2018-10675, fixed by Linux 73223e4e2e38 (2017); 2.6.11 as
//   shipped
// year: 2017
// shipped: 2.6.11
// area: mempolicy
// consequence: use-after-free
// file: mm/mempolicy.c
// applies: 3
// threads: 2
// depth: 2
// expected: native:use-after-free tsan:race explore:race
//   explore:use-after-free
// blind: -
// bounded: policy-rebind
// found-by: explore:data-race
@take@
identifier vma;
expression policy, nodes;
@@
- tell_policy(vma->vm_policy, policy, nodes);
+ pol = vma->vm_policy;

@late@
expression mm;
@@
 sys_get_mempolicy(...)
 {
+struct mempolicy *pol = NULL;
 ...
 up_read(&mm->mmap_sem);
+tell_policy(pol, policy, nodes);
 ...
 }
