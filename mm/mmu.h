/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mmu.h - the hardware's side of a memory access: TLB, walk, A and D bits */
#ifndef MM_MMU_H
#define MM_MMU_H

#include "mm/mm_types.h"

/* What an access needs; also the error code of the fault it takes (FLT-1). */
enum {
	FAULT_PROTECTION = 0x1, /* set: forbidden; clear: not present */
	FAULT_WRITE = 0x2,
	FAULT_USER = 0x4, /* user mode */
	FAULT_EXEC = 0x10, /* instruction fetch (x86_64) */
};

/**
 * mmu_translate() - where the bytes at a user address are
 * @cpu: the caller's CPU
 * @addr: user address
 * @access: FAULT_WRITE, FAULT_USER, FAULT_EXEC as needed
 * @host: the frame's bytes at @addr, valid while the interrupt lock is held
 *
 * Sets ACCESSED, and DIRTY for a write, as the processor does: by an atomic
 * update of the PTE (OBJ-12).
 *
 * Context: @cpu's interrupt lock.
 * Return: -1 if translated, else the page fault's error code.
 */
int mmu_translate(struct cpu *cpu, uaddr_t addr, unsigned int access,
		  void **host);

#endif /* MM_MMU_H */
