/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Things user programs do to each other; shared by the scenarios. */
#ifndef STRESS_ACTIONS_H
#define STRESS_ACTIONS_H

#include "stress/user.h"

/**
 * act_touch() - a few checked accesses to data pages
 * @u: caller
 * @nr: how many
 *
 * Context: user program.
 */
void act_touch(struct stress_user *u, unsigned int nr);

/** act_read_maps() - print some process's maps.  Context: user program. */
void act_read_maps(struct stress_user *u, pid_t pid);

/**
 * act_access_remote() - read or write another process's common area
 * @u: caller
 * @pid: whose
 * @write: write its remote word, else read somebody's
 *
 * Context: user program.
 */
void act_access_remote(struct stress_user *u, pid_t pid, bool write);

/** act_random_pid() - a pid that may exist.  Context: user program. */
pid_t act_random_pid(struct stress_user *u);

/** act_ldt() - write and read LDT entries, the own ones checked. */
void act_ldt(struct stress_user *u);

/** act_expect_no_ldt() - FORK-46.  Context: start of a new program. */
void act_expect_no_ldt(void);

/** act_kill_child() - SIGKILL or a core signal for one of the children. */
void act_kill_child(struct stress_user *u);

/**
 * act_dump() - die of a core signal, the whole process with us
 * @u: caller
 *
 * Context: user program.  Returns only while another exit is in progress.
 */
void act_dump(struct stress_user *u);

/**
 * act_last_slot() - the slot of the youngest thread of the process
 *
 * Context: user program.
 * Return: slot, 0 if it cannot be read.
 */
unsigned int act_last_slot(void);

/**
 * act_clone_settls() - clone with a TLS descriptor that cannot be read
 * @u: caller
 * @entry: program of the child that must not come to life
 *
 * Context: user program.
 */
void act_clone_settls(struct stress_user *u, prog_entry_t entry);

/**
 * act_start_crew() - start threads of the caller's process
 * @u: caller
 * @nr: how many
 * @entry: what each does
 * @steps: u->steps of each
 *
 * Context: user program.
 * Return: how many came to life.
 */
unsigned int act_start_crew(struct stress_user *u, unsigned int nr,
			    prog_entry_t entry, unsigned int steps);

/**
 * act_group_exit() - end the whole process
 * @u: caller
 *
 * Context: user program.
 */
void act_group_exit(struct stress_user *u) __noreturn;

/** prog_idle() - touch memory until the world stops; for extra threads. */
void prog_idle(struct stress_user *u);

/** prog_brief() - a few touches, then exit; for short-lived children. */
void prog_brief(struct stress_user *u);

#endif
