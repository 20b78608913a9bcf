// SPDX-License-Identifier: GPL-2.0-or-later
/* user.c - a user_struct exists while somebody has a reference */
#include "mm/user.h"

#include <errno.h>

#include "mm/lock_classes.h"
#include "mm/refcount.h"
#include "mm/sched.h"
#include "mm/slab.h"

struct user_struct root_user;

static struct kmem_cache *uid_cachep;
static DEFINE_SPINLOCK(uid_lock, &uid_class);
static CDS_LIST_HEAD(uid_list); /* under uid_lock */

/* With a reference for the caller, or NULL. */
static struct user_struct *uid_find(uid_t uid) __must_hold(&uid_lock)
{
	struct user_struct *up;

	cds_list_for_each_entry(up, &uid_list, uid_node)
		if (up->uid == uid)
			return get_uid(up);
	return NULL;
}

struct user_struct *alloc_uid(uid_t uid)
{
	struct user_struct *up, *new;

	spin_lock(&uid_lock);
	up = uid_find(uid);
	spin_unlock(&uid_lock);
	if (up)
		return up;
	new = kmem_cache_alloc(uid_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!new)
		return NULL;
	new->uid = uid;
	atomic_set(&new->__count, 1);

	spin_lock(&uid_lock);
	up = uid_find(uid);
	if (!up)
		cds_list_add(&new->uid_node, &uid_list);
	spin_unlock(&uid_lock);
	if (!up)
		return new;
	kmem_cache_free(uid_cachep, new);
	return up;
}

struct user_struct *get_uid(struct user_struct *up)
{
	ref_get(&up->__count, "user count", up);
	return up;
}

void free_uid(struct user_struct *up)
{
	bool last;

	/* Falling to 0 and leaving the list are one step to uid_find(). */
	if (atomic_add_unless(&up->__count, -1, 1))
		return;
	spin_lock(&uid_lock);
	last = ref_put_and_test(&up->__count, "user count", up);
	if (last)
		cds_list_del(&up->uid_node);
	spin_unlock(&uid_lock);
	if (!last)
		return;
	if (atomic_read(&up->processes))
		report_finding(FINDING_REFCOUNT,
			       "user %u freed with %d processes", up->uid,
			       atomic_read(&up->processes));
	kmem_cache_free(uid_cachep, up);
}

void switch_uid(struct user_struct *new_user)
{
	struct user_struct *old = current->user;

	atomic_inc(&new_user->processes);
	atomic_dec(&old->processes);
	current->user = new_user;
	free_uid(old);
}

int user_init(void)
{
	uid_cachep = kmem_cache_create("user_struct",
				       sizeof(struct user_struct), 0, 0,
				       NULL, NULL);
	if (!uid_cachep)
		return -ENOMEM;
	atomic_set(&root_user.__count, 1);
	atomic_set(&root_user.processes, 1); /* init_task */
	root_user.uid = 0;
	cds_list_add(&root_user.uid_node, &uid_list);
	return 0;
}

void user_exit(void)
{
	if (atomic_read(&root_user.__count) != 1 ||
	    atomic_read(&root_user.processes) != 1)
		report_finding(FINDING_LEAK, "root: %d references, %d processes",
			       atomic_read(&root_user.__count),
			       atomic_read(&root_user.processes));
	cds_list_del(&root_user.uid_node);
	kmem_cache_destroy(uid_cachep);
	uid_cachep = NULL;
}
