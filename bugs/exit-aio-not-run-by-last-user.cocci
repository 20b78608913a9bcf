// SPDX-License-Identifier: GPL-2.0-or-later
// title: the last user of an mm leaves its AIO contexts behind
// origin: fixed by history.git 90c4bb0523a4 (Andrew Morton, 2003)
// year: 2003
// area: aio
// consequence: leak
// file: mm/fork_mm.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:leak explore:leak
// blind: -
// bounded: aio-exit
// found-by: explore:data-race native:crash
@@
expression mm;
@@
 end_address_space(...)
 {
 ...
- exit_aio(mm);
 ...
 }
