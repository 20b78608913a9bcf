// SPDX-License-Identifier: GPL-2.0-or-later
// title: access_process_vm() keeps its reference on the address space
// origin: break of PROC-1; no commit
// year: -
// area: mm-ref
// consequence: leak
// file: mm/ptrace.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:leak explore:leak
// blind: races
// bounded: remote-access
// found-by: native:refcount native:leak tsan:refcount explore:leak
@@
expression mm;
@@
 access_process_vm(...)
 {
 ...
- mmput_outside(mm);
 ...
 }
