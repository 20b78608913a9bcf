// SPDX-License-Identifier: GPL-2.0-or-later
// title: a task that is to die makes its mm dumpable again
// origin: DEF-12 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: coredump
// consequence: lost-wakeup
// file: mm/sys.c
// applies: 1
// threads: 3
// depth: 3
// expected: native:stall explore:stall
// blind: -
// bounded: dump-groups
// found-by: explore:lost-wakeup native:stall
@@
expression mm, err, arg;
@@
 set_dumpable(...)
 {
 ...
- if (mm->core_waiters)
-	err = -EBUSY;
- else
 	WRITE_ONCE(mm->dumpable, arg);
 ...
 }
