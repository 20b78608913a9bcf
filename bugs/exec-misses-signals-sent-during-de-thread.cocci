// SPDX-License-Identifier: GPL-2.0-or-later
// title: signals for a group that de_thread() is taking apart wake threads
//   that die, and nobody looks for them afterwards
// origin: fixed by Linux ed5d2cac1142 (Oleg Nesterov, 2007); 2.6.11 as
//   shipped; found by this harness
// year: 2007
// shipped: 2.6.11
// area: exec
// consequence: lost-wakeup
// file: mm/exec_de_thread.c
// applies: 1
// threads: 3
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs
// bounded: exec-told
// found-by: explore:lost-wakeup
@@
expression tsk;
@@
 tsk->signal->flags = 0;
- recalc_sigpending_tsk(tsk);
