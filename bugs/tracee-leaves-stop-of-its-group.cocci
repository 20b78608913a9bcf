// SPDX-License-Identifier: GPL-2.0-or-later
// title: a tracee that its tracer leaves early goes on in a stopped group
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: task-life
// consequence: broken-invariant
// file: mm/ptrace.c
// applies: 1
// threads: 3
// depth: 2
// expected: explore:invariant
// blind: races
// scenario: jobs ptrace
// bounded: stop-kept
// found-by: explore:structure
@@
symbol current;
@@
 rest_of_stop(...)
 {
- if (task_state(current) != TASK_STOPPED) {
 	set_current_state(TASK_RUNNING);
- 	return;
- }
- ...
 }
