// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * coredump.c - stop everybody who uses an mm, then write it out
 *
 * The protocol is drawn at the top of exit.c.  D is the dumper, M its mm, S
 * the other tasks with M; core_waiters counts those of S that have not parked
 * yet, and D itself during the scan (DUMP-15).
 */
#include <errno.h>
#include <unistd.h>

#include "mm/binfmt_elf.h"
#include "mm/coredump.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/slab.h"

struct core_stats core_stats;

static core_sink_factory_t core_sink_factory; /* (a) */

/* ---- sinks ---------------------------------------------------------------- */

static int null_sink_write(struct core_sink *sink, const void *buf, size_t len)
{
	(void)sink;
	(void)buf;
	(void)len;
	return 0;
}

static void null_sink_close(struct core_sink *sink, bool ok)
{
	(void)sink;
	(void)ok;
}

static struct core_sink null_sink = {
	.write = null_sink_write, .close = null_sink_close,
};

struct fd_sink {
	struct core_sink sink;
	int fd; /* (c) */
};

static int fd_sink_write(struct core_sink *sink, const void *buf, size_t len)
{
	struct fd_sink *fds = container_of(sink, struct fd_sink, sink);
	const char *pos = buf;

	while (len) {
		ssize_t n = write(fds->fd, pos, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		pos += n;
		len -= (size_t)n;
	}
	return 0;
}

static void fd_sink_close(struct core_sink *sink, bool ok)
{
	struct fd_sink *fds = container_of(sink, struct fd_sink, sink);

	(void)ok;
	close(fds->fd);
	kfree(fds);
}

struct core_sink *core_sink_fd(int fd)
{
	struct fd_sink *fds = kmalloc(sizeof(*fds), GFP_KERNEL);

	if (!fds)
		return NULL;
	fds->sink.write = fd_sink_write;
	fds->sink.close = fd_sink_close;
	fds->fd = fd;
	return &fds->sink;
}

void set_core_sink_factory(core_sink_factory_t factory)
{
	smp_store_release(&core_sink_factory, factory);
}

static struct core_sink *open_sink(int signr)
{
	core_sink_factory_t factory = smp_load_acquire(&core_sink_factory);

	return factory ? factory(current, signr) : &null_sink;
}

int coredump_init(void)
{
	set_core_sink_factory(NULL);
	core_stats = (struct core_stats){ 0 };
	return 0;
}

/* ---- the scan (DUMP-9) ---------------------------------------------------- */

bool task_uses_mm(struct task_struct *p, const struct mm_struct *mm)
{
	bool uses;

	/* Most tasks use another one; their stores are WRITE_ONCE. */
	if (READ_ONCE(p->mm) != mm)
		return false;
	/*
	 * DEF-11: a worker that borrowed the mm never comes to exit_mm().
	 * use_mm() changes mm and flag together under task_lock (TLB-30).
	 */
	task_lock(p);
	uses = p->mm == mm && !(READ_ONCE(p->flags) & PF_BORROWED_MM);
	task_unlock(p);
	return uses;
}

/* Is @p in S?  W(mmap_sem) of @mm is held, so members stay (DUMP-16). */
static bool uses_mm(struct task_struct *p, struct mm_struct *mm)
{
	return p != current && task_uses_mm(p, mm);
}

static bool traced_by_user_of(struct task_struct *p, struct mm_struct *mm)
	__must_hold_shared(&tasklist_lock)
{
	return READ_ONCE(p->ptrace) && READ_ONCE(p->parent->mm) == mm;
}

/* Kill and count S.  Return: whether some of S are traced by others of S. */
static bool kill_users(struct mm_struct *mm)
	__must_hold(&mm->mmap_sem)
{
	struct task_struct *leader, *p;
	bool traced = false;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p) {
		if (!uses_mm(p, mm))
			continue;
		force_sig_specific(SIGKILL, p);
		mm->core_waiters++;
		if (traced_by_user_of(p, mm))
			traced = true;
	}
	read_unlock(&tasklist_lock);
	return traced;
}

/* A tracee must not wait for a tracer that is going to be parked. */
static void unlink_tracees(struct mm_struct *mm)
	__must_hold(&mm->mmap_sem)
{
	struct task_struct *leader, *p;

	write_lock_irq(&tasklist_lock);
	for_each_process_thread(leader, p)
		/* No task_lock under W(tasklist_lock), LOCK-4. */
		if (p != current && READ_ONCE(p->mm) == mm &&
		    traced_by_user_of(p, mm))
			__ptrace_unlink(p);
	write_unlock_irq(&tasklist_lock);
}

static void zap_threads(struct mm_struct *mm)
	__must_hold(&mm->mmap_sem)
{
	struct completion *vfork_done = current->vfork_done;

	/* The vfork parent is in S, and sleeps where no SIGKILL wakes it. */
	if (vfork_done) {
		current->vfork_done = NULL;
		complete(vfork_done);
	}
	if (kill_users(mm))
		unlink_tracees(mm);
}

/* DUMP-8: returns when all of S are parked, with W(mmap_sem) released. */
static void coredump_wait(struct mm_struct *mm)
	__releases(&mm->mmap_sem)
{
	DECLARE_COMPLETION_ONSTACK(startup_done);
	int waiters;

	mm->core_waiters++; /* ourselves: nobody reaches 0 during the scan */
	mm->core_startup_done = &startup_done;
	yield();
	zap_threads(mm);
	waiters = --mm->core_waiters;
	up_write(&mm->mmap_sem);

	if (waiters)
		wait_for_completion(&startup_done);
	atomic_long_add(waiters, &core_stats.waited_for);
	/* Plain read: whoever could change it is parked (DUMP-20). */
	mm_bug_on(mm->core_waiters, "core_waiters is %d with all parked,"
		  " expected 0", mm->core_waiters);
}

/* ---- the dump (DUMP-5) ---------------------------------------------------- */

/* Steps 2 to 4.  Return: 0, or -EAGAIN with nothing changed. */
static int claim_dump(struct mm_struct *mm, int exit_code)
	__must_hold(&mm->mmap_sem)
{
	struct signal_struct *signal = current->signal;
	int err = 0;

	if (!READ_ONCE(mm->dumpable))
		return -EAGAIN; /* DUMP-7 */
	spin_lock_irq(&current->sighand->siglock);
	if (signal->flags & SIGNAL_GROUP_EXIT) {
		/*
		 * DEF-10: the group may be exiting because of de_thread(),
		 * which waits for us; we would wait for it.
		 * DEF-14: and the code of an exit in progress stands.
		 */
		err = -EAGAIN;
	} else {
		signal->flags = SIGNAL_GROUP_EXIT;
		signal->group_exit_code = exit_code;
		/*
		 * With the flag set nobody stops any more, and with the count
		 * set everybody would keep looking at it until the scan.
		 */
		signal->group_stop_count = 0;
	}
	spin_unlock_irq(&current->sighand->siglock);
	if (err)
		return err;
	WRITE_ONCE(mm->dumpable, 0);
	init_completion(&mm->core_done);
	return 0;
}

/* Step 6: nothing must interrupt the writing of the file. */
static void ignore_signals(void)
{
	spin_lock_irq(&current->sighand->siglock);
	current->signal->group_stop_count = 0;
	clear_thread_flag(TIF_SIGPENDING);
	spin_unlock_irq(&current->sighand->siglock);
}

/* Steps 7 and 8.  Return: 0 with a complete file, or -errno. */
static int write_core(int signr)
{
	rlim_t limit = READ_ONCE(current->signal->rlim[RLIMIT_CORE].rlim_cur);
	struct core_sink *sink;
	bool ok;

	if (limit < PAGE_SIZE)
		return -EFBIG;
	sink = open_sink(signr);
	if (!sink)
		return -ENOENT;
	WRITE_ONCE(current->flags, current->flags | PF_DUMPCORE);
	ok = elf_core_dump(signr, sink, limit);
	sink->close(sink, ok);
	if (!ok)
		return -EIO;
	spin_lock_irq(&current->sighand->siglock);
	current->signal->group_exit_code |= 0x80;
	spin_unlock_irq(&current->sighand->siglock);
	return 0;
}

int do_coredump(int signr, int exit_code)
{
	struct mm_struct *mm = current->mm;
	int err;

	if (!mm)
		return -EAGAIN;
	down_write(&mm->mmap_sem);
	err = claim_dump(mm, exit_code);
	if (err) {
		up_write(&mm->mmap_sem);
		atomic_long_inc(&core_stats.refused);
		return err;
	}
	coredump_wait(mm);
	ignore_signals();
	err = write_core(signr);
	atomic_long_inc(err ? &core_stats.failed : &core_stats.dumps);
	/* Step 9: also after a failure, or S would be parked for ever. */
	complete_all(&mm->core_done);
	return err;
}
