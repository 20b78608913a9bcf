/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU, a facade over liburcu that TSan understands: publication by acquire
 * and release, grace periods told by annotation (rcu.c).  Never include
 * liburcu's own RCU or hash table headers beside it; <urcu/list.h> is fine.
 */
#ifndef LOCKING_RCU_H
#define LOCKING_RCU_H

#include "locking/compiler.h"
#include "locking/site.h"

/* For call_rcu(), embedded in the object to be freed. */
struct rcu_head {
	void *opaque[2];		/* liburcu's */
	void (*func)(struct rcu_head *head);
};

/* Read and publish a pointer to an RCU-protected object. */
#define rcu_dereference(p) smp_load_acquire(&(p))
#define rcu_assign_pointer(p, v) smp_store_release(&(p), (v))

/**
 * rcu_read_lock() - what is seen from here on stays until rcu_read_unlock()
 *
 * Context: any registered thread (lthread_register()); nests; no sleeping.
 */
void rcu_read_lock(void);

/** rcu_read_unlock() - undo one rcu_read_lock().  Context: as there. */
void rcu_read_unlock(void);

/**
 * synchronize_rcu() - wait until all present readers have left
 *
 * Context: may sleep; not inside rcu_read_lock().
 */
void synchronize_rcu(void);

/**
 * call_rcu() - run @func after a grace period
 * @head: inside the object
 * @func: runs in a helper thread of liburcu; may take locks
 *
 * Context: any registered thread.
 */
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));

/**
 * rcu_barrier() - wait until the callbacks queued so far have run
 *
 * Context: may sleep; not inside rcu_read_lock().
 */
void rcu_barrier(void);

/** rcu_thread_register() - called by lthread_register(). */
void rcu_thread_register(void);

/** rcu_thread_unregister() - called by lthread_unregister(). */
void rcu_thread_unregister(void);

/* A hash table of fixed size, found under rcu_read_lock(). */
struct rcu_hash;

struct rcu_hash_node {
	void *opaque[2];
} __attribute__((aligned(8)));

typedef bool (*rcu_hash_match_t)(const struct rcu_hash_node *node,
				 const void *key);

/**
 * rcu_hash_new() - make an empty table
 * @buckets: a power of two
 *
 * Context: may allocate from the host.
 * Return: table or NULL.
 */
struct rcu_hash *rcu_hash_new(unsigned long buckets);

/**
 * rcu_hash_destroy() - free an empty table
 * @ht: table without users
 *
 * Context: may sleep; not inside rcu_read_lock().
 * Return: 0, or -EBUSY if it has nodes.
 */
int rcu_hash_destroy(struct rcu_hash *ht);

/**
 * rcu_hash_add() - publish a node; equal keys may coexist
 * @ht: table
 * @hash: of its key, well mixed
 * @node: inside an object that is fully made
 *
 * Context: any registered thread.
 */
void rcu_hash_add(struct rcu_hash *ht, unsigned long hash,
		  struct rcu_hash_node *node);

/**
 * rcu_hash_del() - take a node out; its memory may go after a grace period
 * @ht: table
 * @node: node
 *
 * Context: rcu_read_lock() is not needed.
 * Return: 0, or -ENOENT if somebody else was faster.
 */
int rcu_hash_del(struct rcu_hash *ht, struct rcu_hash_node *node);

/**
 * rcu_hash_lookup() - find a node
 * @ht: table
 * @hash: of @key
 * @match: whether a node has the key
 * @key: for @match
 *
 * Context: under rcu_read_lock().
 * Return: node or NULL.
 */
struct rcu_hash_node *rcu_hash_lookup(struct rcu_hash *ht, unsigned long hash,
				      rcu_hash_match_t match,
				      const void *key);

/**
 * rcu_hash_for_each() - visit all nodes, some that come or go meanwhile
 * @ht: table
 * @fn: called for each; returns false to stop
 * @arg: for @fn
 *
 * Context: takes rcu_read_lock().
 */
void rcu_hash_for_each(struct rcu_hash *ht,
		       bool (*fn)(struct rcu_hash_node *node, void *arg),
		       void *arg);

#endif
