// SPDX-License-Identifier: GPL-2.0-or-later
// title: an exec gives up for a SIGKILL that woke another thread, and goes on
//   as if there was no signal
// origin: this harness itself, in its repair of the wait for other threads;
//   found by it
// year: 2026
// area: exec
// consequence: lost-wakeup
// file: mm/exec_de_thread.c
// applies: 1
// threads: 3
// depth: 2
// expected: explore:stall
// blind: races
// scenario: exec_threads
// bounded: exec-told
// found-by: explore:lost-wakeup
@@
@@
 die_with_group(...)
 {
 <...
-recalc_sigpending_tsk(tsk);
 ...>
 }
