/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec.h - replace the program and the address space of a task */
#ifndef MM_EXEC_H
#define MM_EXEC_H

#include "mm/mm_types.h"

/* One mapping of a program. */
struct exec_segment {
	uaddr_t start; /* page aligned */
	unsigned long len; /* bytes */
	unsigned int prot; /* PROT_* */
	bool shared; /* MAP_SHARED, else MAP_PRIVATE */
	struct file *file; /* NULL: anonymous */
	pgoff_t pgoff; /* first page of the file */
};

/* A program, as a linker and a shell would have left it. */
struct exec_image {
	const char *name; /* task->comm */
	struct file *file; /* executable, writers are denied; or NULL */
	bool secret; /* unreadable or set-id: not dumpable */
	bool aout; /* the older format: its loader makes the stack last */
	const struct exec_segment *segments; /* by address */
	int nr_segments;
	uaddr_t brk; /* start of the heap; 0: behind the last segment */
	uaddr_t stack_top; /* 0: STACK_TOP */
	const char *const *argv; /* NULL-terminated, or NULL */
	const char *const *envp; /* likewise */
	void (*entry)(void *arg); /* user code */
	void *arg;
	void *program; /* task->program from now on */
};

#define STACK_TOP (TASK_SIZE - PAGE_SIZE)
#define MAX_ARG_PAGES 32

/* State of an exec in progress, on the stack of its task. */
struct linux_binprm {
	const struct exec_image *image;
	struct mm_struct *mm; /* new mm until exec_mmap() */
	struct file *file; /* one reference, writers denied; or NULL */
	struct page *page[MAX_ARG_PAGES]; /* loose argument pages */
	unsigned long p; /* next free byte in page[], going down */
	int argc, envc;
};

/**
 * sys_execve() - the system call (EXEC-1)
 * @image: program; must live until the call is over
 *
 * On success the task continues at image->entry(image->arg) on an empty host
 * stack.  A failure after the old mm has gone kills the task.
 *
 * Context: user task or kernel thread; no lock; sleeps.
 * Return: only on failure: -ENOMEM, -ETXTBSY, -E2BIG, -EINTR (a dump of the
 *         old mm, EXEC-4), -EAGAIN (the group is exiting), -EINVAL.
 */
int sys_execve(const struct exec_image *image);

/**
 * flush_old_exec() - the point of no return (EXEC-2)
 * @bprm: prepared; bprm->mm is NULL on success
 *
 * Context: no lock; sleeps.
 * Return: 0, -EAGAIN, -EINTR, -ENOMEM; the old mm is still there then.
 */
int flush_old_exec(struct linux_binprm *bprm);

/**
 * setup_arg_pages() - turn the loose pages into the stack
 * @bprm: bprm->p becomes a user address
 * @stack_top: page aligned
 *
 * Context: current->mm is the new mm; takes W(mmap_sem); sleeps.
 * Return: 0 or -ENOMEM.
 */
int setup_arg_pages(struct linux_binprm *bprm, uaddr_t stack_top);

/**
 * de_thread() - become the only thread of the group (EXEC-3)
 * @tsk: current
 *
 * A thread that is not the leader takes over the leader's identity.
 *
 * Context: no lock; sleeps.
 * Return: 0, -EAGAIN if the group is exiting or @tsk was killed meanwhile,
 *         -ENOMEM.
 */
int de_thread(struct task_struct *tsk);

#endif /* MM_EXEC_H */
