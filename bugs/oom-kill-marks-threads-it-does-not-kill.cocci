// SPDX-License-Identifier: GPL-2.0-or-later
// title: threads of the victim are marked as dying and not killed
// origin: an optimisation of this harness itself; found by it
// year: 2026
// area: task-life
// consequence: deadlock
// file: mm/oom_kill.c
// applies: 1
// threads: 3
// depth: 2
// expected: explore:stall
// blind: races
// bounded: oom-kill
// found-by: explore:livelock
@@
symbol stats;
expression p, victim;
@@
-if (p->tgid != victim->tgid)
-	atomic_long_inc(&stats.sharers);
+if (p->tgid == victim->tgid) {
+	set_tsk_thread_flag(p, TIF_MEMDIE);
+	continue;
+}
+atomic_long_inc(&stats.sharers);
