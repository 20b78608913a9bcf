// SPDX-License-Identifier: GPL-2.0-or-later
/* Two locks taken in both orders: deadlock in some schedules. */
#include <pthread.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void *forwards(void *arg)
{
	pthread_mutex_lock(&first);
	pthread_mutex_lock(&second);
	pthread_mutex_unlock(&second);
	pthread_mutex_unlock(&first);
	return arg;
}

static void *backwards(void *arg)
{
	pthread_mutex_lock(&second);
	pthread_mutex_lock(&first);
	pthread_mutex_unlock(&first);
	pthread_mutex_unlock(&second);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, forwards, NULL);
	pthread_create(&b, NULL, backwards, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
