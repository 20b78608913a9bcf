// SPDX-License-Identifier: GPL-2.0-or-later
// title: SIGCONT does not undo a pending stop of a group that de_thread() is
//   taking apart, and the new program stops after all
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: exec
// consequence: lost-wakeup
// file: mm/signal.c
// applies: 2
// threads: 3
// depth: 2
// expected: explore:stall
// blind: races
// scenario: jobs
// bounded: exec-continued
// found-by: explore:lost-wakeup
@early@
symbol sig, p;
@@
 if (sig_stops(sig))
 	cancel_sigcont(p);
- else if (sig == SIGCONT)
- 	cancel_stops(p);

@late@
symbol p;
@@
+cancel_stops(p);
 continue_group(p);
