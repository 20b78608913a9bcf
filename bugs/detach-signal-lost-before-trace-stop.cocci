// SPDX-License-Identifier: GPL-2.0-or-later
// title: a tracee that its tracer detaches early puts back the signal it
//   stopped for
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: task-life
// consequence: lost-wakeup
// file: mm/ptrace.c
// applies: 1
// threads: 3
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs ptrace
// bounded: trace-father
// found-by: explore:lost-wakeup
@@
@@
 rest_of_stop();
+current->exit_code = code;
