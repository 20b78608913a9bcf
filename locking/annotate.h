/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lock contracts as attributes: clang's -Wthread-safety checks them, gcc
 * ignores them.  A lock is named by its address: __must_hold(&mm->mmap_sem).
 */
#ifndef LOCKING_ANNOTATE_H
#define LOCKING_ANNOTATE_H

#if defined(__clang__)
#define __tsa(x) __attribute__((x))
#else
#define __tsa(x)
#endif

/* On a struct: it is a lock; @name appears in the compiler's messages. */
#define __capability(name) __tsa(capability(name))

/* The caller holds the lock, for writing or at least for reading. */
#define __must_hold(...) __tsa(requires_capability(__VA_ARGS__))
#define __must_hold_shared(...) __tsa(requires_shared_capability(__VA_ARGS__))

/* The function returns with the lock taken, or given back. */
#define __acquires(...) __tsa(acquire_capability(__VA_ARGS__))
#define __acquires_shared(...) __tsa(acquire_shared_capability(__VA_ARGS__))
#define __releases(...) __tsa(release_capability(__VA_ARGS__))
#define __releases_shared(...) __tsa(release_shared_capability(__VA_ARGS__))
#define __releases_generic(...) __tsa(release_generic_capability(__VA_ARGS__))

/* The lock is taken if the function returns @ret. */
#define __try_acquires(ret, ...) \
	__tsa(try_acquire_capability(ret, __VA_ARGS__))
#define __try_acquires_shared(ret, ...) \
	__tsa(try_acquire_shared_capability(ret, __VA_ARGS__))

/* The caller must not hold the lock. */
#define __excludes(...) __tsa(locks_excluded(__VA_ARGS__))

/* After the call the analysis may take the lock as held. */
#define __assert_held(...) __tsa(assert_capability(__VA_ARGS__))
#define __assert_held_shared(...) __tsa(assert_shared_capability(__VA_ARGS__))

/* Lock primitives and busted variants only. */
#define __no_lock_analysis __tsa(no_thread_safety_analysis)

/* A global protected by a global lock. */
#define __guarded_by(l) __tsa(guarded_by(l))

#endif
