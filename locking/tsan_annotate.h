/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What TSan is told about our locks.  Built with TSan and
 * -DLOCK_TSAN_ANNOTATE=1 it knows them as mutexes: names, lock order, races
 * between two holders of a read lock.  What a lock does between pre and post
 * is then invisible, so a broken lock does not show; that is what the bare
 * variant (the default) is for.  No foreign code may run between pre and
 * post except between pre_divert and post_divert.
 */
#ifndef LOCKING_TSAN_ANNOTATE_H
#define LOCKING_TSAN_ANNOTATE_H

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define BUILT_WITH_TSAN 1
#else
#define BUILT_WITH_TSAN 0
#endif

#ifndef LOCK_TSAN_ANNOTATE
#define LOCK_TSAN_ANNOTATE 0
#endif

#if BUILT_WITH_TSAN
#include <sanitizer/tsan_interface.h>
/* Happens-before that TSan cannot see, through an address (rcu.c). */
#define tsan_acquire(p) __tsan_acquire((void *)(p))
#define tsan_release(p) __tsan_release((void *)(p))
#else
#define tsan_acquire(p) ((void)(p))
#define tsan_release(p) ((void)(p))
#endif

#if BUILT_WITH_TSAN && LOCK_TSAN_ANNOTATE
#define tsan_lock_create(l) \
	__tsan_mutex_create((l), __tsan_mutex_not_static)
#define tsan_lock_destroy(l) \
	__tsan_mutex_destroy((l), __tsan_mutex_not_static)
#define tsan_pre_lock(l) __tsan_mutex_pre_lock((l), 0)
#define tsan_post_lock(l) __tsan_mutex_post_lock((l), 0, 0)
#define tsan_pre_trylock(l) __tsan_mutex_pre_lock((l), __tsan_mutex_try_lock)
#define tsan_post_trylock(l, ok)					\
	__tsan_mutex_post_lock((l), __tsan_mutex_try_lock |		\
		((ok) ? 0 : __tsan_mutex_try_lock_failed), 0)
#define tsan_pre_unlock(l) ((void)__tsan_mutex_pre_unlock((l), 0))
#define tsan_post_unlock(l) __tsan_mutex_post_unlock((l), 0)
#define tsan_pre_read_lock(l) \
	__tsan_mutex_pre_lock((l), __tsan_mutex_read_lock)
#define tsan_post_read_lock(l) \
	__tsan_mutex_post_lock((l), __tsan_mutex_read_lock, 0)
#define tsan_pre_read_trylock(l)					\
	__tsan_mutex_pre_lock((l), __tsan_mutex_read_lock |		\
			      __tsan_mutex_try_lock)
#define tsan_post_read_trylock(l, ok)					\
	__tsan_mutex_post_lock((l), __tsan_mutex_read_lock |		\
		__tsan_mutex_try_lock |					\
		((ok) ? 0 : __tsan_mutex_try_lock_failed), 0)
#define tsan_pre_read_unlock(l) \
	((void)__tsan_mutex_pre_unlock((l), __tsan_mutex_read_lock))
#define tsan_post_read_unlock(l) \
	__tsan_mutex_post_unlock((l), __tsan_mutex_read_lock)
#define tsan_pre_divert(l) __tsan_mutex_pre_divert((l), 0)
#define tsan_post_divert(l) __tsan_mutex_post_divert((l), 0)
#else
#define tsan_lock_create(l) ((void)(l))
#define tsan_lock_destroy(l) ((void)(l))
#define tsan_pre_lock(l) ((void)(l))
#define tsan_post_lock(l) ((void)(l))
#define tsan_pre_trylock(l) ((void)(l))
#define tsan_post_trylock(l, ok) ((void)(l), (void)(ok))
#define tsan_pre_unlock(l) ((void)(l))
#define tsan_post_unlock(l) ((void)(l))
#define tsan_pre_read_lock(l) ((void)(l))
#define tsan_post_read_lock(l) ((void)(l))
#define tsan_pre_read_trylock(l) ((void)(l))
#define tsan_post_read_trylock(l, ok) ((void)(l), (void)(ok))
#define tsan_pre_read_unlock(l) ((void)(l))
#define tsan_post_read_unlock(l) ((void)(l))
#define tsan_pre_divert(l) ((void)(l))
#define tsan_post_divert(l) ((void)(l))
#endif

#endif
