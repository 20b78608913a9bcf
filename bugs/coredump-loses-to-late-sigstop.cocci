// SPDX-License-Identifier: GPL-2.0-or-later
// title: a stop signal taken before a dump stops its thread during the dump
// origin: fixed by Linux 788e05a67c34 (Oleg Nesterov, 2005); 2.6.11 as
//   shipped
// year: 2005
// shipped: 2.6.11
// area: coredump
// consequence: deadlock
// file: mm/signal_deliver.c
// applies: 2
// threads: 2
// depth: 3
// expected: native:stall explore:stall
// blind: races
// bounded: dump-stop
// found-by: explore:lost-wakeup
@dequeue@
symbol sig;
identifier tsk;
@@
 dequeue_signal(struct task_struct *tsk, ...)
 {
 ...
+if (sig && sig_stops(sig))
+	tsk->signal->flags |= SIGNAL_STOP_DEQUEUED;
 recalc_sigpending_tsk(tsk);
 ...
 }

@stop@
expression condition;
@@
- if (condition) {
+ if (!(current->signal->flags & SIGNAL_STOP_DEQUEUED)) {
 	read_unlock(&tasklist_lock);
 	return;
 }
