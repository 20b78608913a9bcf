// SPDX-License-Identifier: GPL-2.0-or-later
// title: an anon_vma's memory is reused while a walk may still lock it
// origin: fixed by history.git 77631565ae40 and edcc56dc6a7c (Hugh Dickins,
//   2004)
// year: 2004
// area: rmap
// consequence: use-after-free
// file: mm/rmap.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:use-after-free explore:use-after-free
// blind: -
// found-by: none
@@
expression ctor;
@@
 kmem_cache_create(..., 
- SLAB_DESTROY_BY_RCU
+ 0
 , ctor, ...)
