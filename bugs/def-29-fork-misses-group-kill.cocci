// SPDX-License-Identifier: GPL-2.0-or-later
// title: publication looks for a SIGKILL of the thread, not of its group
// origin: DEF-29 of the specification: 2.6.11 as shipped, where a SIGKILL stays
//   in the shared set if its target neither runs nor is free of signals; one
//   that has stopped still gets it, which is another rule (FORK-6)
// year: 2005
// shipped: 2.6.11
// area: fork
// consequence: broken-invariant
// file: mm/copy_process.c mm/signal.c
// applies: 1 1
// threads: 3
// depth: 3
// expected: native:invariant explore:invariant explore:stall
// blind: races
// bounded: sweep-signalled
// found-by: explore:lost-wakeup
@publish@
identifier parent;
@@
 check_publication(...)
 {
 ...
- recalc_sigpending_tsk(parent);
- if (sigkill_pending(parent)) {
+ if (parent->pending.signal & SIGMASK(SIGKILL)) {
 ...
 } else {...}
 ...
 }

@send@
identifier sig, t, state;
@@
 wants_signal(...)
 {
	int state = task_state(t);
 ...
- if (sig == SIGKILL)
+ if (sig == SIGKILL && (state & (TASK_STOPPED | TASK_TRACED)))
	return true;
 ...
 }
