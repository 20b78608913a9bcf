/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mmu.h - the hardware's side of a memory access: TLB, walk, A and D bits */
#ifndef MM_MMU_H
#define MM_MMU_H

#include "mm/fault.h"
#include "mm/mm_types.h"

/*
 * What an access needs, in the bits of the error code of its fault (FLT-1):
 * PF_ERR_WRITE, PF_ERR_USER of fault.h, and an instruction fetch.
 */
enum { PF_ERR_EXEC = 0x10 };

/**
 * mmu_walk() - find the PTE of an address, as the hardware does
 * @pgd: directory
 * @addr: user address
 *
 * Context: nobody frees these tables meanwhile: the interrupt lock of a CPU
 *	that is in cpu_vm_mask, or the ptl.
 * Return: the PTE, or NULL where a table is missing.
 */
pte_t *mmu_walk(pgd_t *pgd, uaddr_t addr);

/**
 * mmu_speculate() - load translations ahead of any access
 * @cpu: the caller's CPU, which has just loaded its page tables
 *
 * As a processor may at any time: here pages that were used last and are
 * marked accessed, through whatever tables are loaded.  So a CPU has something
 * to lose if it loads tables at the wrong moment.
 *
 * Context: @cpu's interrupt lock.
 */
void mmu_speculate(struct cpu *cpu);

/**
 * mmu_translate() - where the bytes at a user address are
 * @cpu: the caller's CPU
 * @addr: user address
 * @access: PF_ERR_WRITE, PF_ERR_USER, PF_ERR_EXEC as needed
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
