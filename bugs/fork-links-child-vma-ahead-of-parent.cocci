// SPDX-License-Identifier: GPL-2.0-or-later
// title: truncation meets the child's area before the parent's
// origin: fixed by history.git 424e44d11e16 (Rajesh Venkatasubramanian,
//   Hugh Dickins, 2004); FORK-55
// year: 2004
// area: fork
// consequence: broken-invariant
// file: mm/prio_tree.c
// applies: 1
// threads: 2
// depth: 3
// expected: native:invariant explore:invariant
// blind: races
// bounded: truncate-family
// found-by: explore:assertion
@@
expression vma, old;
@@
- cds_list_add(&vma->shared.list, &old->shared.list);
+ cds_list_add_tail(&vma->shared.list, &old->shared.list);
