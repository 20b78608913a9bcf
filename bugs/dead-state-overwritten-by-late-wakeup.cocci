// SPDX-License-Identifier: GPL-2.0-or-later
// title: a late wake-up makes a dead task runnable
// origin: Linux 29b884921634 (Oleg Nesterov, 2006), fixed by b5740f4b2cb3
//   (Yasunori Goto, 2012)
// year: 2012
// area: task-life
// consequence: broken-invariant
// file: mm/exit.c mm/sched.c
// applies: 1 2
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: races
// bounded: futex-kill
// found-by: explore:crash
@death@
expression tsk;
@@
 WRITE_ONCE(tsk->flags, tsk->flags | PF_DEAD);
+__set_task_state(tsk, 1 << 8);
 schedule();

@look@
expression p;
@@
- p->flags & PF_DEAD
+ task_state(p) == 1 << 8

@wake@
expression p, states;
@@
- woken = state_to_running(p, states);
+ woken = true;
+ __set_task_state(p, TASK_RUNNING);
