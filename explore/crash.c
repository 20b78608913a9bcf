// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/crash.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "explore/engine.h"

#define CRASH_STACK (64u << 10)

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
			       SIGTRAP };

/* The program's stack ran into its guard page. */
static bool is_overflow(const struct thread *t, uintptr_t addr)
{
	uintptr_t low = (uintptr_t)t->fiber.stack;

	return low - addr <= 4096;
}

/*
 * Leaves for the host and never comes back: the kernel judges by the stack
 * pointer whether the alternate stack is in use, so this is all right.
 */
static void on_signal(int sig, siginfo_t *info, void *arg)
{
	const ucontext_t *uc = arg;
	struct thread *t = eng.cur;
	uintptr_t addr = (uintptr_t)info->si_addr;

	if (!t) {
		signal(sig, SIG_DFL);
		raise(sig);
		return;
	}
	t->op.pc = uc->uc_mcontext.gregs[REG_RIP];
	if (sig == SIGSEGV && is_overflow(t, addr))
		engine_fail(VERDICT_CRASH, "thread %u: stack overflow", t->id);
	if (sig == SIGABRT)
		engine_fail(VERDICT_CRASH, "thread %u: aborted", t->id);
	engine_fail(VERDICT_CRASH, "thread %u: signal %d (%s) at address %#lx",
		    t->id, sig, sigabbrev_np(sig), (unsigned long)addr);
}

int crash_init(void)
{
	stack_t stack = { .ss_size = CRASH_STACK };
	struct sigaction act = { .sa_sigaction = on_signal,
				 .sa_flags = SA_SIGINFO | SA_ONSTACK |
					     SA_NODEFER };

	stack.ss_sp = mmap(NULL, CRASH_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL))
		return -errno;
	for (unsigned int i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (sigaction(signals[i], &act, NULL))
			return -errno;
	return 0;
}
