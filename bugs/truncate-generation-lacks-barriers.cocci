// SPDX-License-Identifier: GPL-2.0-or-later
// title: a fault may see the new generation of a file with its old size
// origin: fixed by history.git 08f26bb20579 (Andrea Arcangeli, 2005); i_size
//   as on 64-bit machines, where a load of it needs no sequence counter, whose
//   barrier in read_seqcount_retry() would order the two loads
// year: 2005
// area: barrier
// consequence: weak-memory
// file: mm/memory.c mm/file.c
// applies: 1 2
// threads: 2
// depth: wm
// expected: explore:invariant
// blind: races sc x86
// bounded: truncate-cached
// found-by: explore:rmap
@generation@
expression mapping;
@@
- smp_load_acquire(&mapping->truncate_count)
+ READ_ONCE(mapping->truncate_count)

@begin@
expression inode;
@@
- read_seqcount_begin(&inode->i_size_seq)
+ 0

@retry@
expression inode, seq;
@@
- read_seqcount_retry(&inode->i_size_seq, seq)
+ seq
