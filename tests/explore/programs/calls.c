// SPDX-License-Identifier: GPL-2.0-or-later
/* Every call the explorer models, used correctly: clean in all schedules. */
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t recursive;
static pthread_mutex_t checking;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static sem_t sem;
static atomic_int word;
static atomic_int destroyed;
static int once_runs;
static int shared;
static _Thread_local int mine = 7;
static _Thread_local int zero;

static void init_once(void)
{
	once_runs++;
}

static void destroy(void *value)
{
	free(value);
	atomic_fetch_add(&destroyed, 1);
}

static void init_mutex(pthread_mutex_t *m, int type)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, type);
	pthread_mutex_init(m, &attr);
	pthread_mutexattr_destroy(&attr);
}

static void use_mutexes(void)
{
	struct timespec past = { 0, 0 };

	assert(!pthread_mutex_lock(&recursive));
	assert(!pthread_mutex_trylock(&recursive));
	shared++;
	assert(!pthread_mutex_unlock(&recursive));
	assert(!pthread_mutex_unlock(&recursive));
	if (!pthread_mutex_timedlock(&checking, &past)) {
		assert(pthread_mutex_lock(&checking) == EDEADLK);
		assert(!pthread_mutex_unlock(&checking));
	}
}

static void use_rwlock(void)
{
	pthread_rwlock_wrlock(&rwlock);
	shared++;
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_tryrdlock(&rwlock);
	assert(shared > 0);
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	pthread_spin_lock(&spin);
	shared++;
	pthread_spin_unlock(&spin);
}

static void use_names(const char *mine)
{
	char name[16];

	assert(!pthread_setname_np(pthread_self(), mine));
	assert(!pthread_getname_np(pthread_self(), name, sizeof(name)));
	assert(!strcmp(name, mine));
	assert(pthread_setname_np(pthread_self(), "sixteen letters.") == ERANGE);
	assert(pthread_getname_np(pthread_self(), name, 2) == ERANGE);
}

static void *worker(void *arg)
{
	use_names(arg ? "waker" : "waiter");
	assert(mine == 7 && zero == 0);
	mine = zero = 8;
	errno = 99;
	pthread_setspecific(key, malloc(8));
	pthread_once(&once, init_once);
	assert(once_runs == 1);
	use_mutexes();
	pthread_barrier_wait(&barrier);
	while (sem_wait(&sem))
		;
	assert(errno == 99 && pthread_getspecific(key));
	sem_post(&sem);
	if (arg) {
		atomic_store(&word, 1);
		syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0);
	} else {
		while (!atomic_load(&word))
			syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
	}
	usleep(1000);
	pthread_exit(arg);
}

int main(void)
{
	struct timespec a, b;
	pthread_t t[2];
	void *result;

	init_mutex(&recursive, PTHREAD_MUTEX_RECURSIVE);
	init_mutex(&checking, PTHREAD_MUTEX_ERRORCHECK);
	pthread_spin_init(&spin, 0);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_key_create(&key, destroy);
	sem_init(&sem, 0, 1);
	clock_gettime(CLOCK_MONOTONIC, &a);
	pthread_create(&t[0], NULL, worker, NULL);
	pthread_create(&t[1], NULL, worker, &word);
	pthread_join(t[0], &result);
	assert(!result);
	pthread_join(t[1], &result);
	assert(result == &word && destroyed == 2);
	clock_gettime(CLOCK_MONOTONIC, &b);
	assert(b.tv_sec > a.tv_sec || b.tv_nsec >= a.tv_nsec + 1000000);
	use_rwlock();
	pthread_mutex_destroy(&recursive);
	pthread_mutex_destroy(&checking);
	pthread_rwlock_destroy(&rwlock);
	pthread_barrier_destroy(&barrier);
	return 0;
}
