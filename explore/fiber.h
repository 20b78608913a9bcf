/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coroutines: one per thread of the program under test, all on one host
 * thread.  Each has a stack with a guard page and the thread-local storage
 * of a host thread that was started once and sleeps for ever, its donor; a
 * switch changes the stack pointer and the FS base.
 *
 * A program without thread-local variables has none but libc's errno, which
 * a switch keeps apart by itself: setting the FS base takes as long as the
 * rest of a step.
 */
#ifndef EXPLORE_FIBER_H
#define EXPLORE_FIBER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/cdefs.h>
#include <sys/syscall.h>
#include <asm/prctl.h>

#include "explore/host.h"

#define FIBER_STACK_SIZE (256u << 10)

struct fiber {
	void *sp; /* fiber_switch() needs these two first; both are valid */
	void *ip; /* while not running: where to go on */
	uintptr_t fsbase;
	char *stack; /* lowest usable byte */
	int saved_errno; /* while not running, if fiber_errno is set */
};

/**
 * fiber_init() - prepare the switch and the host's own context
 * @host: becomes the context of the calling host thread
 *
 * Context: host, once.
 * Return: 0, or -errno.
 */
int fiber_init(struct fiber *host);

/**
 * fiber_prepare() - give @f a stack and a donor, unless it has them
 *
 * Context: host; may start a host thread.
 * Return: 0, or -errno.
 */
int fiber_prepare(struct fiber *f);

/**
 * fiber_start() - let the next switch to @f call @entry on a fresh stack
 * @f: prepared
 * @entry: never returns
 *
 * Context: any.  Re-initialises the program's thread-local variables.
 */
void fiber_start(struct fiber *f, void (*entry)(void));

/** fiber_keep() - prologue_keep() of the stack and variables of @f. */
void fiber_keep(const struct fiber *f);

extern EXPLORE_OWN bool fiber_slow; /* the processor has no wrfsbase for us */
extern EXPLORE_OWN int *fiber_errno; /* one for all; NULL: each has a donor's storage */

/** fiber_tls() - make @fsbase the thread-local storage. */
static __always_inline void fiber_tls(uintptr_t fsbase)
{
	long ret = SYS_arch_prctl;

	if (__builtin_expect(!fiber_slow, 1))
		asm volatile("wrfsbase %0" : : "r"(fsbase));
	else
		asm volatile("syscall" : "+a"(ret)
			     : "D"((long)ARCH_SET_FS), "S"(fsbase)
			     : "rcx", "r11", "memory");
}

/**
 * fiber_switch() - save the caller in @from and continue @to
 *
 * Inline and without call or ret: the processor predicts a return from the
 * calls before it, and after a switch those were another thread's.  The
 * first instruction leaves the caller's red zone alone.
 *
 * Context: any.
 */
static __always_inline void fiber_switch(struct fiber *from, struct fiber *to)
{
	if (fiber_errno) {
		from->saved_errno = *fiber_errno;
		*fiber_errno = to->saved_errno;
	} else {
		fiber_tls(to->fsbase);
	}
	asm volatile("sub $128,%%rsp\n\t"
		     "push %%rbp\n\t"
		     "lea 1f(%%rip),%%rax\n\t"
		     "mov %%rax,8(%%rdi)\n\t"
		     "mov %%rsp,(%%rdi)\n\t"
		     "mov (%%rsi),%%rsp\n\t"
		     "jmp *8(%%rsi)\n"
		     "1:\tpop %%rbp\n\t"
		     "sub $-128,%%rsp"
		     : "+D"(from), "+S"(to)
		     :
		     : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11",
		       "r12", "r13", "r14", "r15", "xmm0", "xmm1", "xmm2",
		       "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
		       "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
		       "cc", "memory");
}

#endif
