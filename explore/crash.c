// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/crash.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include "explore/engine.h"

#define CRASH_STACK (64u << 10)
#define HOST_TICKS 60 /* of the explorer's own work, a minute at least */

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
			       SIGTRAP };

/* Where to go on when what crash_protect() called crashes; or NULL. */
static sigjmp_buf *escape EXPLORE_STATE;

/* What the watchdog saw last, and how often. */
static struct {
	uint32_t exec;
	uint64_t steps;
	unsigned int ticks;
} still EXPLORE_STATE;

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

	if (!t && escape)
		siglongjmp(*escape, 1);
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

static _Noreturn void host_stands_still(void)
{
	static const char text[] = "explore: the explorer itself does not go"
				   " on\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)ignored;
	_exit(EXPLORE_EXIT_HARNESS);
}

/* Leaves as on_signal() does. */
static void on_tick(int sig)
{
	struct thread *t = eng.cur;

	(void)sig;
	if (still.exec != eng.exec || still.steps != eng.steps) {
		still.exec = eng.exec;
		still.steps = eng.steps;
		still.ticks = 0;
		return;
	}
	still.ticks++;
	if (t)
		engine_fail(VERDICT_HARNESS, "thread %u computes for seconds"
			    " without a visible operation", t->id);
	if (escape)
		siglongjmp(*escape, 1);
	if (still.ticks > HOST_TICKS)
		host_stands_still();
}

static void set_timer(long secs)
{
	const struct itimerval it = { .it_interval.tv_sec = secs,
				      .it_value.tv_sec = secs };

	setitimer(ITIMER_VIRTUAL, &it, NULL);
}

void crash_watch(void)
{
	struct sigaction act = { .sa_handler = on_tick,
				 .sa_flags = SA_ONSTACK | SA_NODEFER |
					     SA_RESTART };

	sigemptyset(&act.sa_mask);
	sigaction(SIGVTALRM, &act, NULL);
	set_timer(CRASH_TICK);
}

void crash_unwatch(void)
{
	set_timer(0);
}

bool crash_protect(void (*fn)(void *), void *arg)
{
	sigjmp_buf env;

	if (sigsetjmp(env, 1)) {
		escape = NULL;
		return false;
	}
	escape = &env;
	fn(arg);
	escape = NULL;
	return true;
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
