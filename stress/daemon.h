/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a round has beside its user programs: kernel threads that do one thing
 * each time they are asked.  init asks and goes on: what takes a thread
 * seconds among thousands of others must not keep init from reaping them.
 */
#ifndef STRESS_DAEMON_H
#define STRESS_DAEMON_H

#include "mm/kthread.h"
#include "mm/wait.h"

struct stress_daemon {
	struct kthread *kthread; /* NULL: not started */
	struct wait_queue_head wait;
	int asked; /* (a) */
	void (*fn)(void *arg); /* (c) */
	void *arg; /* (c) */
};

/**
 * daemon_start() - make a kernel thread that waits to be asked
 * @d: to be filled in; zeroes
 * @name: its comm
 * @fn: gets @arg; what it does once for each time it has been asked, or several
 * @arg: for @fn
 *
 * It freezes with all others, but not within @fn.
 *
 * Context: init, before world.daemons is counted.
 * Return: 0 or -Exxx.
 */
int daemon_start(struct stress_daemon *d, const char *name,
		 void (*fn)(void *arg), void *arg);

/**
 * daemon_ask() - have it done once more, soon
 * @d: daemon, started or not
 *
 * Context: init.
 */
void daemon_ask(struct stress_daemon *d);

/**
 * daemon_stop() - end it
 * @d: daemon, started or not
 *
 * Context: init; waits until @fn is over.
 */
void daemon_stop(struct stress_daemon *d);

#endif
