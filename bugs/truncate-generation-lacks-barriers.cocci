// SPDX-License-Identifier: GPL-2.0-or-later
// title: a fault may see the new generation of a file with its old size
// origin: fixed by history.git 08f26bb20579 (Andrea Arcangeli, 2005)
// year: 2005
// area: barrier
// consequence: weak-memory
// file: mm/memory.c
// applies: 1
// threads: 2
// depth: wm
// expected: explore:invariant
// blind: races sc x86
// found-by: none
@@
expression mapping;
@@
- smp_load_acquire(&mapping->truncate_count)
+ READ_ONCE(mapping->truncate_count)
