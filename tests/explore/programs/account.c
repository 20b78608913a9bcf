// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The classical bank account: deposit, withdraw, check.  The deposit reads
 * the balance under the lock, but adds outside of it.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int balance = 10;

static int get(void)
{
	int now;

	pthread_mutex_lock(&lock);
	now = balance;
	pthread_mutex_unlock(&lock);
	return now;
}

static void set(int value)
{
	pthread_mutex_lock(&lock);
	balance = value;
	pthread_mutex_unlock(&lock);
}

static void *deposit(void *arg)
{
	set(get() + 5);
	return arg;
}

static void *withdraw(void *arg)
{
	pthread_mutex_lock(&lock);
	balance -= 3;
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, deposit, NULL);
	pthread_create(&b, NULL, withdraw, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(balance == 12);
	return 0;
}
