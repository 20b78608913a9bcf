/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uaccess.h - user memory, as user mode and as the kernel access it
 *
 * user_*() is what an instruction of the user program does: it faults, and a
 * fault that cannot be resolved raises SIGSEGV or SIGBUS, which is delivered
 * before the call returns; usually it does not.  The kernel's copies return
 * an error instead, and the _inatomic ones never fault (FLT-9).
 */
#ifndef MM_UACCESS_H
#define MM_UACCESS_H

#include "mm/mm_types.h"

static inline bool access_ok(uaddr_t addr, unsigned long size)
{
	return size <= TASK_SIZE && addr <= TASK_SIZE - size;
}

/*
 * One access of 1, 2, 4 or 8 bytes, not crossing a page; atomic, unordered.
 * Return: 0, or -EFAULT if a signal handler survived the fault.
 * Context: user mode: a task on a CPU, no lock held, interrupts enabled.
 */
int user_read8(uaddr_t addr, uint8_t *value);
int user_read16(uaddr_t addr, uint16_t *value);
int user_read32(uaddr_t addr, uint32_t *value);
int user_read64(uaddr_t addr, uint64_t *value);
int user_write8(uaddr_t addr, uint8_t value);
int user_write16(uaddr_t addr, uint16_t value);
int user_write32(uaddr_t addr, uint32_t value);
int user_write64(uaddr_t addr, uint64_t value);

/**
 * user_cmpxchg64() - compare-and-exchange by the user program
 * @addr: aligned user address
 * @old: expected; receives what was found
 * @new: stored if it was as expected
 *
 * Context: as user_read64().
 * Return: 1 if exchanged, 0 if not, -EFAULT as user_read64().
 */
int user_cmpxchg64(uaddr_t addr, uint64_t *old, uint64_t new);

/** user_cmpxchg32() - as user_cmpxchg64(), for a futex word. */
int user_cmpxchg32(uaddr_t addr, uint32_t *old, uint32_t new);

/**
 * user_exec() - fetch an instruction byte, to exercise NX
 * @addr: user address
 *
 * Context: as user_read64().
 * Return: as user_read64().
 */
int user_exec(uaddr_t addr);

/**
 * copy_to_user() - kernel to user
 * @to: user address
 * @from: kernel memory
 * @n: bytes
 *
 * Context: may sleep (faults); mmap_sem of current->mm not held.
 * Return: bytes not copied, 0 if all were.
 */
unsigned long copy_to_user(uaddr_t to, const void *from, unsigned long n);

/**
 * copy_from_user() - user to kernel
 * @to: kernel memory; the part not copied is cleared
 * @from: user address
 * @n: bytes
 *
 * Context: as copy_to_user().
 * Return: bytes not copied, 0 if all were.
 */
unsigned long copy_from_user(void *to, uaddr_t from, unsigned long n);

/** clear_user() - as copy_to_user() of zeroes. */
unsigned long clear_user(uaddr_t to, unsigned long n);

/** copy_to_user_inatomic() - copy_to_user() that does not fault in. */
unsigned long copy_to_user_inatomic(uaddr_t to, const void *from,
				    unsigned long n);

/** copy_from_user_inatomic() - copy_from_user() that does not fault in. */
unsigned long copy_from_user_inatomic(void *to, uaddr_t from,
				      unsigned long n);

/**
 * get_user32() - read a user word
 * @value: where to; 0 on failure
 * @addr: user address
 *
 * Context: as copy_from_user().
 * Return: 0 or -EFAULT.
 */
int get_user32(uint32_t *value, uaddr_t addr);
/** get_user64() - as get_user32(). */
int get_user64(uint64_t *value, uaddr_t addr);
/** put_user32() - write a user word; Return: 0 or -EFAULT. */
int put_user32(uint32_t value, uaddr_t addr);
/** put_user64() - as put_user32(). */
int put_user64(uint64_t value, uaddr_t addr);
/** get_user32_inatomic() - as get_user32(), never faults in (futex). */
int get_user32_inatomic(uint32_t *value, uaddr_t addr);

/*
 * Kernel copies between frames, of pages that user code may be writing at the
 * same time: word by word, each untorn.  Private pages are simply memcpy()ed.
 */
void copy_user_page(struct page *to, struct page *from);

#endif /* MM_UACCESS_H */
