// SPDX-License-Identifier: GPL-2.0-or-later
// title: a handler that begins blocks a signal of the group its thread was
//   woken for, and tells nobody else
// origin: Linux until handle_signal() retargeted (2011); 2.6.11 as shipped;
//   found by this harness
// year: 2011
// shipped: 2.6.11
// area: task-life
// consequence: lost-wakeup
// file: mm/signal_deliver.c
// applies: 1
// threads: 3
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs
// bounded: signal-handled
// found-by: explore:lost-wakeup
@@
identifier ka, sig;
@@
-leave_to_others(left);
 ka->handler(sig);
