// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ptrace.c - tracing: links, stops, and access to another address space
 *
 * A tracee hangs on its tracer's children list by ->sibling, and on its real
 * parent's ptrace_children by ->ptrace_list.  ->ptrace and the links change
 * together, under W(tasklist_lock); who attaches holds task_lock too.
 */
#include <errno.h>

#include "mm/filemap.h"
#include "mm/gup.h"
#include "mm/page.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/vma.h"

/* ---- links ---------------------------------------------------------------- */

void __ptrace_link(struct task_struct *child, struct task_struct *new_parent)
{
	mm_bug_on(!cds_list_empty(&child->ptrace_list),
		  "pid %d is traced twice", child->pid);
	if (child->parent == new_parent)
		return;
	cds_list_add_tail(&child->ptrace_list,
			  &child->real_parent->ptrace_children);
	cds_list_del(&child->sibling);
	child->parent = new_parent;
	cds_list_add_tail(&child->sibling, &new_parent->children);
}

void ptrace_adopt(struct task_struct *child)
{
	cds_list_del(&child->ptrace_list);
	CDS_INIT_LIST_HEAD(&child->ptrace_list);
	/* Else its father is the tracer: it is on his list once. */
	if (child->parent != child->real_parent)
		cds_list_add_tail(&child->ptrace_list,
				  &child->real_parent->ptrace_children);
}

void ptrace_untrace(struct task_struct *child)
{
	unsigned long flags;

	spin_lock_irqsave(&child->sighand->siglock, flags);
	if (task_state(child) == TASK_TRACED) {
		if (child->signal->flags & SIGNAL_STOP_STOPPED)
			set_task_state(child, TASK_STOPPED);
		else
			signal_wake_up(child, true);
	}
	spin_unlock_irqrestore(&child->sighand->siglock, flags);
}

void __ptrace_unlink(struct task_struct *child)
{
	WRITE_ONCE(child->ptrace, 0);
	if (!cds_list_empty(&child->ptrace_list)) {
		cds_list_del(&child->ptrace_list);
		CDS_INIT_LIST_HEAD(&child->ptrace_list);
		cds_list_del(&child->sibling);
		child->parent = child->real_parent;
		cds_list_add_tail(&child->sibling, &child->parent->children);
	}
	ptrace_untrace(child);
}

/* ---- stops ---------------------------------------------------------------- */

static bool may_ptrace_stop(void)
	__must_hold_shared(&tasklist_lock)
{
	struct task_struct *tracer = current->parent;
	bool may;

	if (!(READ_ONCE(current->ptrace) & PT_PTRACED))
		return false;
	spin_lock_irq(&current->sighand->siglock);
	may = !sigkill_pending(current) &&
	      (tracer->signal != current->signal ||
	       !(current->signal->flags & SIGNAL_GROUP_EXIT));
	spin_unlock_irq(&current->sighand->siglock);
	return may;
}

/*
 * No stop: no tracer, or a kill.  The tracer may have let current go before
 * it looked; then what he did holds (repaired: 2.6.11 puts back exit_code, so
 * that the signal of a detach is lost, and goes on although ptrace_untrace()
 * has found its group stopped).
 */
static void rest_of_stop(void)
	__must_hold(&current->sighand->siglock)
{
	if (task_state(current) != TASK_STOPPED) {
		set_current_state(TASK_RUNNING);
		return;
	}
	spin_unlock_irq(&current->sighand->siglock);
	schedule_on(LWAIT_IDLE, current->signal);
	spin_lock_irq(&current->sighand->siglock);
}

void ptrace_stop(int code)
{
	/*
	 * A stop of the group, if one is due, does not wait for this thread.
	 * Repaired: 2.6.11 counts it, and if it was the last one tells nobody.
	 */
	bool last = leave_group_stop(current);

	current->last_siginfo_code = code;
	current->exit_code = code;
	/* Under siglock: a SIGKILL from here on finds a sleeper to wake. */
	set_current_state(TASK_TRACED);
	spin_unlock_irq(&current->sighand->siglock);

	read_lock(&tasklist_lock);
	if (last)
		do_notify_parent_cldstop(current, false);
	if (may_ptrace_stop()) {
		do_notify_parent_cldstop(current, true);
		read_unlock(&tasklist_lock);
		schedule_on(LWAIT_IDLE, current);
		spin_lock_irq(&current->sighand->siglock);
	} else {
		read_unlock(&tasklist_lock);
		spin_lock_irq(&current->sighand->siglock);
		rest_of_stop();
	}
	recalc_sigpending();
}

void ptrace_notify(int code)
{
	spin_lock_irq(&current->sighand->siglock);
	ptrace_stop(code);
	current->exit_code = 0;
	spin_unlock_irq(&current->sighand->siglock);
}

/* ---- requests ------------------------------------------------------------- */

/*
 * task_lock and W(tasklist_lock) at once: neither may be waited for with the
 * other held (LOCK-4), so the second is tried, and waited for alone.
 */
static void lock_for_attach(struct task_struct *task)
	__acquires(&task->alloc_lock) __acquires(&tasklist_lock)
{
	for (;;) {
		task_lock(task);
		local_irq_disable();
		if (write_trylock(&tasklist_lock))
			return;
		local_irq_enable();
		task_unlock(task);
		write_lock_irq(&tasklist_lock);
		write_unlock_irq(&tasklist_lock);
	}
}

static bool may_attach(struct task_struct *task)
	__must_hold(&task->alloc_lock) __must_hold(&tasklist_lock)
{
	return task->pid > 1 && task->tgid != current->tgid &&
	       !(READ_ONCE(task->ptrace) & PT_PTRACED) && task->mm &&
	       READ_ONCE(task->mm->dumpable);
}

/*
 * PROC-7, repaired: 2.6.11 sets ->ptrace under task_lock, and the links only
 * later, under W(tasklist_lock).
 *
 * tracer A              father                     tracer B
 * ->ptrace = PTRACED
 *                       exits: "a tracee of mine",
 *                       ->ptrace = 0
 *                                                  ->ptrace = PTRACED
 *                                                  links
 * links once more
 */
int ptrace_attach(struct task_struct *task)
{
	int err = -EPERM;

	lock_for_attach(task);
	if (may_attach(task)) {
		WRITE_ONCE(task->ptrace, PT_PTRACED);
		__ptrace_link(task, current);
		err = 0;
	}
	task_unlock(task);
	/* Its sighand is there until somebody else has W(tasklist_lock). */
	if (!err)
		force_sig_specific(SIGSTOP, task);
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* @child is a stopped tracee of ours: let it go on with signal @data. */
static int ptrace_resume(struct task_struct *child, int data)
{
	int err = -ESRCH;

	if (data < 0 || data > NSIG_EMULATED)
		return -EIO;
	read_lock(&tasklist_lock);
	if ((READ_ONCE(child->ptrace) & PT_PTRACED) &&
	    child->parent == current && child->sighand) {
		spin_lock_irq(&child->sighand->siglock);
		if (task_state(child) & (TASK_TRACED | TASK_STOPPED)) {
			child->exit_code = data;
			wake_up_state(child, TASK_TRACED | TASK_STOPPED);
			err = 0;
		}
		spin_unlock_irq(&child->sighand->siglock);
	}
	read_unlock(&tasklist_lock);
	return err;
}

int ptrace_detach(struct task_struct *child, int data)
{
	int err = -ESRCH;

	if (data < 0 || data > NSIG_EMULATED)
		return -EIO;
	write_lock_irq(&tasklist_lock);
	if ((READ_ONCE(child->ptrace) & PT_PTRACED) &&
	    child->parent == current && child->sighand && !child->exit_state) {
		spin_lock(&child->sighand->siglock);
		if (task_state(child) & (TASK_TRACED | TASK_STOPPED))
			child->exit_code = data;
		spin_unlock(&child->sighand->siglock);
		__ptrace_unlink(child);
		err = 0;
	}
	write_unlock_irq(&tasklist_lock);
	return err;
}

static int ptrace_setoptions(struct task_struct *child, unsigned long data)
{
	static const struct { unsigned long option, flag; } map[] = {
		{ PTRACE_O_TRACEFORK, PT_TRACE_FORK },
		{ PTRACE_O_TRACEVFORK, PT_TRACE_VFORK },
		{ PTRACE_O_TRACECLONE, PT_TRACE_CLONE },
		{ PTRACE_O_TRACEEXEC, PT_TRACE_EXEC },
		{ PTRACE_O_TRACEVFORKDONE, PT_TRACE_VFORK_DONE },
		{ PTRACE_O_TRACEEXIT, PT_TRACE_EXIT },
	};
	unsigned long flags = 0;
	int err = -ESRCH;

	for (size_t i = 0; i < ARRAY_SIZE(map); i++)
		if (data & map[i].option)
			flags |= map[i].flag;
	write_lock_irq(&tasklist_lock);
	if ((READ_ONCE(child->ptrace) & PT_PTRACED) &&
	    child->parent == current) {
		flags |= READ_ONCE(child->ptrace) & PT_PTRACED;
		WRITE_ONCE(child->ptrace, flags);
		err = 0;
	}
	write_unlock_irq(&tasklist_lock);
	return err;
}

static int ptrace_traceme(void)
{
	int err = -EPERM;

	task_lock(current);
	if (!(READ_ONCE(current->ptrace) & PT_PTRACED)) {
		WRITE_ONCE(current->ptrace, PT_PTRACED);
		err = 0;
	}
	task_unlock(current);
	return err;
}

int sys_ptrace(int request, pid_t pid, unsigned long data)
{
	struct task_struct *child;
	int err;

	if (request == PTRACE_TRACEME)
		return ptrace_traceme();
	child = find_get_task(pid);
	if (!child)
		return -ESRCH;
	switch (request) {
	case PTRACE_ATTACH:
		err = ptrace_attach(child);
		break;
	case PTRACE_DETACH:
		err = ptrace_detach(child, (int)data);
		break;
	case PTRACE_CONT:
		err = ptrace_resume(child, (int)data);
		break;
	case PTRACE_KILL:
		err = ptrace_resume(child, SIGKILL);
		break;
	case PTRACE_SETOPTIONS:
		err = ptrace_setoptions(child, data);
		break;
	default:
		err = -EIO;
	}
	put_task_struct(child);
	return err;
}

/* ---- memory (PROC-5) ------------------------------------------------------ */

/* User code may access the page meanwhile: no access may be torn. */
static void copy_frame_bytes(char *to, const char *from, size_t len)
{
	while (len) {
		bool word = len >= 8 && !(((uintptr_t)to | (uintptr_t)from) & 7);

		if (word)
			WRITE_ONCE(*(uint64_t *)to,
				   READ_ONCE(*(const uint64_t *)from));
		else
			WRITE_ONCE(*to, READ_ONCE(*from));
		to += word ? 8 : 1;
		from += word ? 8 : 1;
		len -= word ? 8 : 1;
	}
}

/* At most up to the end of the page.  Return: bytes, or -errno. */
static int access_one_page(struct mm_struct *mm, uaddr_t addr, char *buf,
			   int len, bool write)
	__must_hold_shared(&mm->mmap_sem)
{
	int offset = (int)(addr & ~PAGE_MASK);
	int bytes = min(len, (int)PAGE_SIZE - offset);
	struct page *page;
	char *frame;
	int ret;

	ret = get_user_pages(mm, addr, 1, GUP_FORCE | (write ? GUP_WRITE : 0),
			     &page);
	if (ret <= 0)
		return ret ? ret : -EFAULT;
	frame = (char *)page_address(page) + offset;
	if (write) {
		copy_frame_bytes(frame, buf, (size_t)bytes);
		set_page_dirty_lock(page);
	} else {
		copy_frame_bytes(buf, frame, (size_t)bytes);
	}
	put_page(page);
	return bytes;
}

int access_process_vm(struct task_struct *tsk, uaddr_t addr, void *buf,
		      int len, bool write)
{
	struct mm_struct *mm = get_task_mm(tsk);
	char *pos = buf;

	if (!mm)
		return 0;
	down_read(&mm->mmap_sem);
	while (len > 0) {
		int n = access_one_page(mm, addr, pos, len, write);

		if (n < 0)
			break;
		pos += n;
		addr += (unsigned long)n;
		len -= n;
	}
	up_read(&mm->mmap_sem);
	mmput_outside(mm);
	return (int)(pos - (char *)buf);
}
