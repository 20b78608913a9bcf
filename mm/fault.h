/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.h - page faults: from the processor's report to handle_mm_fault() */
#ifndef MM_FAULT_H
#define MM_FAULT_H

#include "mm/mm_types.h"

/* FLT-1: bits of the error code. */
enum {
	PF_ERR_PROT = 1, /* else: not present */
	PF_ERR_WRITE = 2,
	PF_ERR_USER = 4, /* in user mode */
};

/**
 * do_page_fault() - resolve a fault, or tell that it cannot be (FLT-1..9)
 * @error_code: PF_ERR_*; PF_ERR_USER agrees with @user_mode
 * @addr: faulting address
 * @user_mode: the access was a user program's: failure sends a signal
 * @has_fixup: a kernel-mode access that can report -EFAULT; without it an
 *	unresolvable fault ends the run
 *
 * Context: may sleep; no spinlock and no mmap_sem held; takes R(mmap_sem).
 *	In atomic context (a spinlock held, interrupts off) it fails at once.
 * Return: 0: retry the access; -EFAULT: not resolved, in user mode SIGSEGV
 *	or SIGBUS has been forced on current.  Does not return if memory ran
 *	out in user mode (FLT-8).
 */
int do_page_fault(unsigned long error_code, uaddr_t addr, bool user_mode,
		  bool has_fixup);

/**
 * force_sig_info_fault() - tell current that an access was bad
 * @sig: SIGSEGV or SIGBUS
 * @addr: kept in task->fault_addr
 *
 * Context: current; takes siglock.
 */
void force_sig_info_fault(int sig, uaddr_t addr);

#endif /* MM_FAULT_H */
