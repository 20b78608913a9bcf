// SPDX-License-Identifier: GPL-2.0-or-later
// title: an anon_vma goes straight back to the allocator, while a walk may
//   still lock it
// origin: fixed by history.git 77631565ae40 and edcc56dc6a7c (Hugh Dickins,
//   2004)
// year: 2004
// area: rmap
// consequence: use-after-free
// file: mm/rmap.c
// applies: 4
// threads: 2
// depth: 2
// expected: native:use-after-free explore:use-after-free
// blind: -
// bounded: unmap-replaced
// found-by: explore:data-race
@alloc@
expression fresh;
@@
- fresh = kmem_cache_alloc(anon_vma_cachep, GFP_KERNEL);
+ fresh = kmalloc(sizeof(*fresh), GFP_KERNEL);
 if (!fresh)
	return -ENOMEM;
+ anon_vma_ctor(fresh);

@free@
expression object;
@@
- kmem_cache_free(anon_vma_cachep, object);
+ kfree(object);
