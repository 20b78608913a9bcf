// SPDX-License-Identifier: GPL-2.0-or-later
// title: a thread that executes loses its tracer, who waits for it for ever
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: exec
// consequence: lost-wakeup
// file: mm/exec_de_thread.c
// applies: 1
// threads: 3
// depth: 1
// expected: explore:stall
// blind: races
// scenario: jobs ptrace
// bounded: trace-exec
// found-by: explore:lost-wakeup
@@
expression tracer;
@@
- wake_up_parent(tracer);
