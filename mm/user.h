/* SPDX-License-Identifier: GPL-2.0-or-later */
/* user.h - users: who owns how many processes (REF-18) */
#ifndef MM_USER_H
#define MM_USER_H

#include "mm/mm_types.h"

extern struct user_struct root_user;

/** user_init() - cache and root_user.  Context: boot.  Return: 0, -ENOMEM. */
int user_init(void);

/** user_exit() - undo user_init().  Context: only root_user is left. */
void user_exit(void);

/**
 * alloc_uid() - the user_struct of a user, made if there is none
 * @uid: user id
 *
 * Context: may sleep; takes uid_lock.
 * Return: user with a reference for free_uid(), or NULL.
 */
struct user_struct *alloc_uid(uid_t uid);

/**
 * get_uid() - another reference
 * @up: user the caller has a reference on
 *
 * Context: any.
 * Return: @up.
 */
struct user_struct *get_uid(struct user_struct *up);

/**
 * free_uid() - give a reference back
 * @up: user; freed with the last one
 *
 * Context: any, takes uid_lock.
 */
void free_uid(struct user_struct *up);

/**
 * switch_uid() - the caller becomes a task of another user
 * @new_user: the reference is consumed
 *
 * Context: current only.
 */
void switch_uid(struct user_struct *new_user);

#endif /* MM_USER_H */
