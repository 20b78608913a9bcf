// SPDX-License-Identifier: GPL-2.0-or-later
/* Two users drop a count by compare-and-swap; the last one reuses its memory. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static struct {
	atomic_int users;
} object = { .users = 2 };

static void *user(void *arg)
{
	int two = 2;

	if (!atomic_compare_exchange_strong(&object.users, &two, 1))
		memset((void *)&object, 0, sizeof(object));
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, user, NULL);
	pthread_create(&b, NULL, user, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
