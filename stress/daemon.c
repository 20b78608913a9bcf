// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/daemon.h"

#include "mm/cpu.h"
#include "mm/freezer.h"
#include "mm/sched.h"

static void sleep_until_asked(struct stress_daemon *d)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(&d->wait, &wait, TASK_UNINTERRUPTIBLE);
	if (!READ_ONCE(d->asked) && !kthread_should_stop())
		schedule_on(LWAIT_IDLE, &d->wait);
	finish_wait(&d->wait, &wait);
}

static void daemon_main(void *data)
{
	struct stress_daemon *d = data;

	while (!kthread_should_stop()) {
		sleep_until_asked(d);
		try_to_freeze();
		if (xchg(&d->asked, 0) && !kthread_should_stop())
			d->fn(d->arg);
	}
}

int daemon_start(struct stress_daemon *d, const char *name,
		 void (*fn)(void *arg), void *arg)
{
	struct kthread *k;

	init_waitqueue_head(&d->wait);
	d->fn = fn;
	d->arg = arg;
	k = kthread_run(daemon_main, d, name);
	if (IS_ERR(k))
		return (int)PTR_ERR(k);
	d->kthread = k;
	return 0;
}

void daemon_ask(struct stress_daemon *d)
{
	if (!d->kthread)
		return;
	xchg(&d->asked, 1);
	wake_up_all(&d->wait);
}

void daemon_stop(struct stress_daemon *d)
{
	if (d->kthread)
		kthread_stop(d->kthread);
	d->kthread = NULL;
}
