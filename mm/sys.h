/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sys.h - small system calls about the calling task */
#ifndef MM_SYS_H
#define MM_SYS_H

#include <sys/prctl.h>

#include "mm/mm_types.h"

/**
 * sys_prctl() - PR_GET_DUMPABLE, PR_SET_DUMPABLE, PR_GET/SET_PDEATHSIG
 * @option: one of these
 * @arg: 0 or 1; a signal, 0 for none
 *
 * PR_SET_DUMPABLE is refused while the mm is being dumped (DEF-12).
 *
 * Context: user task, no lock; may take R(mmap_sem).
 * Return: 0 or the value asked for, -EINVAL, -EBUSY.
 */
int sys_prctl(int option, unsigned long arg);

/** sys_getpid() - the thread group's number. */
pid_t sys_getpid(void);

/** sys_gettid() - the thread's own number. */
pid_t sys_gettid(void);

/** sys_getppid() - the real parent's group, 0 without one. */
pid_t sys_getppid(void);

/**
 * sys_getrlimit() - read a limit of the group
 * @resource: RLIMIT_*
 * @rlim: filled
 *
 * Context: takes task_lock of the leader.
 * Return: 0 or -EINVAL.
 */
int sys_getrlimit(unsigned int resource, struct rlimit *rlim);

/**
 * sys_setrlimit() - change a limit of the group
 * @resource: RLIMIT_*
 * @rlim: rlim_cur not above rlim_max
 *
 * Context: takes task_lock of the leader.
 * Return: 0 or -EINVAL.
 */
int sys_setrlimit(unsigned int resource, const struct rlimit *rlim);

#endif /* MM_SYS_H */
