// SPDX-License-Identifier: GPL-2.0-or-later
// title: a CPU looks whether the task it left is dead after others can run
//   it
// origin: fixed by history.git 4c0d73225a5e (Manfred Spraul, 2003)
// year: 2003
// area: task-life
// consequence: use-after-free
// file: mm/runqueue.c
// applies: 2
// threads: 3
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: lazy-tlb
// explore-options: --strategy=pct --depth=2
// found-by: explore:data-race native:crash
@leave@
expression cpu, dead, prev;
@@
- cpu->prev_dead = dead ? prev : NULL;
+ cpu->prev_dead = dead || next ? prev : NULL;

@test@
identifier dead;
@@
- if (dead)
+ if (dead && (READ_ONCE(dead->flags) & PF_DEAD))
 put_task_struct(dead);
