// SPDX-License-Identifier: GPL-2.0-or-later
// title: an exec or exit kills threads that a group stop still waits for
// origin: this harness: a mutant that nothing saw until a third thread took
//   part in stop-exit
// year: -
// area: exec
// consequence: lost-wakeup
// file: mm/signal.c
// applies: 1
// threads: 4
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs
// bounded: stop-exit
// found-by: explore:lost-wakeup native:structure tsan:structure
@@
@@
 zap_other_threads(...)
 {
 <...
-p->signal->group_stop_count = 0;
 ...>
 }
