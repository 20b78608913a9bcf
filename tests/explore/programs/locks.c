// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * locks KIND [THREADS]: one lock of locking/, taken once by each thread.
 * What it protects is plain, so a lock that does not exclude is a data race;
 * a wake-up it loses is a lost wake-up.
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "locking/completion.h"
#include "locking/rwlock.h"
#include "locking/rwsem.h"
#include "locking/semaphore.h"
#include "locking/spinlock.h"

DEFINE_LOCK_CLASS(test_class, "test");

static DEFINE_RAW_SPINLOCK(raw);
static spinlock_t spin;
static rwlock_t rwlock;
static struct rw_semaphore rwsem;
static struct semaphore sem;
static struct completion done;
static int shared;

static void touch(void)
{
	shared++;
}

static void use_raw(int me)
{
	(void)me;
	raw_spin_lock(&raw);
	touch();
	raw_spin_unlock(&raw);
}

static void use_spin(int me)
{
	(void)me;
	spin_lock(&spin);
	touch();
	spin_unlock(&spin);
}

static void use_rwlock(int me)
{
	if (me) {
		read_lock(&rwlock);
		assert(shared <= 1);
		read_unlock(&rwlock);
	} else {
		write_lock(&rwlock);
		touch();
		write_unlock(&rwlock);
	}
}

static void use_rwsem(int me)
{
	if (me) {
		down_read(&rwsem);
		assert(shared <= 1);
		up_read(&rwsem);
	} else {
		down_write(&rwsem);
		touch();
		up_write(&rwsem);
	}
}

static void use_writers(int me)
{
	(void)me;
	down_write(&rwsem);
	touch();
	up_write(&rwsem);
}

static void use_sem(int me)
{
	(void)me;
	down(&sem);
	touch();
	up(&sem);
}

static void use_completion(int me)
{
	if (!me) {
		touch();
		complete_all(&done);
	} else {
		wait_for_completion(&done);
		assert(shared == 1);
	}
}

static const struct {
	const char *name;
	void (*use)(int me);
} kinds[] = {
	{ "raw", use_raw },
	{ "spin", use_spin },
	{ "rwlock", use_rwlock },
	{ "rwsem", use_rwsem },
	{ "writers", use_writers },
	{ "sem", use_sem },
	{ "completion", use_completion },
};

static void (*use)(int me);

#define MAX_USERS 8

/*
 * Threads enter the registry of locking/ one by one, and leave it so: only
 * the lock under test is to have orders worth trying.
 */
static struct user {
	pthread_t thread;
	sem_t present, start, done, leave;
} users[MAX_USERS];

static void *worker(void *arg)
{
	int me = (int)(long)arg;
	struct user *u = &users[me];

	lthread_self();
	sem_post(&u->present);
	sem_wait(&u->start);
	use(me);
	sem_post(&u->done);
	sem_wait(&u->leave);
	return NULL;
}

static void enter(int i)
{
	struct user *u = &users[i];

	sem_init(&u->present, 0, 0);
	sem_init(&u->start, 0, 0);
	sem_init(&u->done, 0, 0);
	sem_init(&u->leave, 0, 0);
	pthread_create(&u->thread, NULL, worker, (void *)(long)i);
	sem_wait(&u->present);
}

static void leave(int i)
{
	sem_post(&users[i].leave);
	pthread_join(users[i].thread, NULL);
}

static void run_users(int n)
{
	for (int i = 0; i < n; i++)
		enter(i);
	for (int i = 0; i < n; i++)
		sem_post(&users[i].start);
	for (int i = 0; i < n; i++)
		sem_wait(&users[i].done);
	for (int i = 0; i < n; i++)
		leave(i);
}

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[2]) : 2;

	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (argc > 1 && !strcmp(argv[1], kinds[i].name))
			use = kinds[i].use;
	assert(use && n <= MAX_USERS);
	spin_lock_init(&spin, &test_class);
	rwlock_init(&rwlock, &test_class);
	init_rwsem(&rwsem, &test_class);
	sema_init(&sem, 1, &test_class);
	init_completion(&done);
	run_users(n);
	return 0;
}
