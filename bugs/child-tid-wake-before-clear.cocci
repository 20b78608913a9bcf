// SPDX-License-Identifier: GPL-2.0-or-later
// title: a dying thread wakes its joiner before it clears the word
// origin: inversion of EXIT-10 step 3; no commit
// year: -
// area: futex-exit
// consequence: lost-wakeup
// file: mm/fork_mm.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:stall explore:stall
// blind: races
// bounded: exec-shared
// found-by: explore:lost-wakeup
@@
expression a;
@@
- put_user32(0, a);
 futex_wake(a, 1);
+put_user32(0, a);
