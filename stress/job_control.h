/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a shell does for its jobs: none stays stopped for ever. */
#ifndef STRESS_JOB_CONTROL_H
#define STRESS_JOB_CONTROL_H

/**
 * job_control_look() - continue processes that nobody else continues
 *
 * User programs stop each other and themselves, and die before they have sent
 * the SIGCONT.  A process that is stopped at two looks in a row gets one.
 *
 * Context: init, every few seconds; takes R(tasklist_lock), siglock.
 */
void job_control_look(void);

#endif
