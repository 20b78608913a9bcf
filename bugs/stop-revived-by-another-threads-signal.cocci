// SPDX-License-Identifier: GPL-2.0-or-later
// title: a stop that SIGCONT has undone happens after all, because another
//   thread takes a stop signal with a handler
// origin: fixed by Linux ee77f0759217 (Oleg Nesterov, 2011); 2.6.11 as
//   shipped; found by this harness
// year: 2011
// shipped: 2.6.11
// area: task-life
// consequence: lost-wakeup
// file: mm/signal_deliver.c mm/signal.c
// applies: 2 1
// threads: 3
// depth: 3
// expected: explore:stall
// blind: races
// scenario: jobs
// bounded: stop-continue
// found-by: explore:lost-wakeup
@dequeue@
symbol true;
identifier tsk;
@@
- tsk->stop_dequeued = true;
+ tsk->signal->flags |= 2; /* STOP_DEQUEUED, of the group */

@stop@
symbol current;
@@
- !current->stop_dequeued
+ !(current->signal->flags & 2)

@cont@
symbol p;
@@
+p->signal->flags &= ~2u;
 continue_group(p);
