// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions that would block the one host thread, or start another, behind
 * the scheduler's back.
 */
#include "explore/unmodelled.h"

#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore/engine.h"
#include "explore/host.h"

_Noreturn void unmodelled(const char *what)
{
	engine_fail(VERDICT_HARNESS, "the program calls %s, which is not"
		    " modelled", what);
}

/* One function: refused in the program, passed on in the host. */
#define REFUSE(type, name, params, ...)					\
type name params							\
{									\
	if (eng.cur)							\
		unmodelled(#name);					\
	return HOST_CALL(name, __VA_ARGS__);				\
}

REFUSE(int, pthread_cancel, (pthread_t t), t)
REFUSE(int, pthread_kill, (pthread_t t, int sig), t, sig)
REFUSE(int, pthread_mutex_consistent, (pthread_mutex_t *m), m)
REFUSE(int, pthread_tryjoin_np, (pthread_t t, void **ret), t, ret)
REFUSE(int, pthread_timedjoin_np,
       (pthread_t t, void **ret, const struct timespec *abs), t, ret, abs)
REFUSE(int, pthread_rwlock_clockrdlock,
       (pthread_rwlock_t *l, clockid_t c, const struct timespec *abs),
       l, c, abs)
REFUSE(int, pthread_rwlock_clockwrlock,
       (pthread_rwlock_t *l, clockid_t c, const struct timespec *abs),
       l, c, abs)
REFUSE(int, poll, (struct pollfd *fds, nfds_t n, int ms), fds, n, ms)
REFUSE(int, select,
       (int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *tv),
       n, r, w, e, tv)
REFUSE(int, sigwait, (const sigset_t *set, int *sig), set, sig)
REFUSE(pid_t, waitpid, (pid_t pid, int *status, int options),
       pid, status, options)

int pause(void)
{
	if (eng.cur)
		unmodelled("pause");
	return ((int (*)(void))host_symbol("pause"))();
}

pid_t fork(void)
{
	if (eng.cur)
		unmodelled("fork");
	return ((pid_t (*)(void))host_symbol("fork"))();
}
