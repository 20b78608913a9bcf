// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uaccess.c - loads and stores of user memory
 *
 * One access = translation and data access under the CPU's interrupt lock, as
 * an instruction is not interrupted half way.  Data are accessed with relaxed
 * atomics: user programs race with each other as they like.
 */
#include <errno.h>
#include <string.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fault.h"
#include "mm/mmu.h"
#include "mm/page.h"
#include "mm/uaccess.h"

/* ---- user mode -------------------------------------------------------- */

/* Return: 0 to try again, -EFAULT if it was bad and the task survived. */
static __noinline int user_fault(int error, uaddr_t addr)
{
	int err = do_page_fault((unsigned long)error, addr, true, false);

	exit_to_user();
	return err;
}

/*
 * Do @op on the user word at addr, of type @type, through pointer `p`.
 * A macro, as the operation runs inside the interrupt lock.
 */
#define USER_ACCESS(type, addr, access, op) do {			\
	mm_bug_on((addr) & (sizeof(type) - 1),				\
		  "misaligned user access at %lx", (addr));		\
	for (;;) {							\
		struct cpu *cpu = this_cpu();				\
		void *host;						\
		int error;						\
									\
		cpu_irq_lock(cpu);					\
		error = mmu_translate(cpu, (addr), (access), &host);	\
		if (likely(error < 0)) {				\
			type *p = host;					\
									\
			op;						\
			cpu_irq_unlock(cpu);				\
			break;						\
		}							\
		cpu_irq_unlock(cpu);					\
		error = user_fault(error, (addr));			\
		if (error)						\
			return error;					\
	}								\
} while (0)

#define DEFINE_USER_ACCESS(bits)					\
int user_read##bits(uaddr_t addr, uint##bits##_t *value)		\
{									\
	USER_ACCESS(uint##bits##_t, addr, PF_ERR_USER,			\
		    *value = READ_ONCE(*p));				\
	return 0;							\
}									\
									\
int user_write##bits(uaddr_t addr, uint##bits##_t value)		\
{									\
	USER_ACCESS(uint##bits##_t, addr, PF_ERR_USER | PF_ERR_WRITE,	\
		    WRITE_ONCE(*p, value));				\
	return 0;							\
}

DEFINE_USER_ACCESS(8)
DEFINE_USER_ACCESS(16)
DEFINE_USER_ACCESS(32)
DEFINE_USER_ACCESS(64)

#define DEFINE_USER_CMPXCHG(bits)					\
int user_cmpxchg##bits(uaddr_t addr, uint##bits##_t *old,		\
		       uint##bits##_t new)				\
{									\
	bool done = false;						\
									\
	USER_ACCESS(uint##bits##_t, addr, PF_ERR_USER | PF_ERR_WRITE,	\
		    done = __atomic_compare_exchange_n(p, old, new,	\
				false, __ATOMIC_SEQ_CST,		\
				__ATOMIC_SEQ_CST));			\
	return done;							\
}

DEFINE_USER_CMPXCHG(32)
DEFINE_USER_CMPXCHG(64)

int user_exec(uaddr_t addr)
{
	USER_ACCESS(uint8_t, addr, PF_ERR_USER | PF_ERR_EXEC, (void)p);
	return 0;
}

/* ---- kernel mode ------------------------------------------------------ */

struct kernel_copy {
	uaddr_t user;
	char *kernel; /* NULL: clear */
	bool to_user;
};

static void move_words(void *user, char *kernel, size_t n, bool to_user)
{
	uint64_t *u = user, w = 0;

	for (; n >= sizeof(w); n -= sizeof(w), u++) {
		if (!to_user) {
			w = READ_ONCE(*u);
			memcpy(kernel, &w, sizeof(w));
		} else {
			if (kernel)
				memcpy(&w, kernel, sizeof(w));
			WRITE_ONCE(*u, w);
		}
		if (kernel)
			kernel += sizeof(w);
	}
}

static void move_bytes(void *user, char *kernel, size_t n, bool to_user)
{
	char *u = user;

	for (size_t i = 0; i < n; i++) {
		if (!to_user)
			kernel[i] = READ_ONCE(u[i]);
		else
			WRITE_ONCE(u[i], kernel ? kernel[i] : 0);
	}
}

/* Words where aligned and whole, so that no aligned word is torn. */
static void move_chunk(void *user, char *kernel, size_t n, bool to_user)
{
	size_t head = min(-(size_t)user & 7, n), words;

	move_bytes(user, kernel, head, to_user);
	n -= head;
	user = (char *)user + head;
	if (kernel)
		kernel += head;
	words = n & ~(size_t)7;
	move_words(user, kernel, words, to_user);
	move_bytes((char *)user + words, kernel ? kernel + words : NULL,
		   n - words, to_user);
}

/* One 32-bit word must not be torn either: futexes, tids. */
static void move_user(void *user, char *kernel, size_t n, bool to_user)
{
	uint32_t w = 0;

	if (n != sizeof(w) || ((uintptr_t)user & 3)) {
		move_chunk(user, kernel, n, to_user);
	} else if (to_user) {
		if (kernel)
			memcpy(&w, kernel, sizeof(w));
		WRITE_ONCE(*(uint32_t *)user, w);
	} else {
		w = READ_ONCE(*(uint32_t *)user);
		memcpy(kernel, &w, sizeof(w));
	}
}

/* Within one page.  Return: -1, or the error code of the fault. */
static int copy_chunk(const struct kernel_copy *c, size_t n)
{
	struct cpu *cpu = this_cpu();
	void *host;
	int error;

	cpu_irq_lock(cpu);
	error = mmu_translate(cpu, c->user, c->to_user ? PF_ERR_WRITE : 0,
			      &host);
	if (error < 0)
		move_user(host, c->kernel, n, c->to_user);
	cpu_irq_unlock(cpu);
	return error;
}

static unsigned long copy_user(struct kernel_copy c, unsigned long n,
			       bool may_fault)
{
	BUG_ON(irqs_disabled());
	if (!access_ok(c.user, n))
		return n;
	while (n) {
		size_t chunk = min(n, PAGE_SIZE - (c.user & ~PAGE_MASK));
		int error = copy_chunk(&c, chunk);

		if (error >= 0) {
			if (!may_fault ||
			    do_page_fault((unsigned long)error, c.user, false,
					  true))
				return n;
			continue;
		}
		n -= chunk;
		c.user += chunk;
		if (c.kernel)
			c.kernel += chunk;
	}
	return 0;
}

/*
 * FLT-9: a fault takes R(mmap_sem), so the caller must not have it, whether
 * or not there is a fault this time.
 */
static void might_fault(void)
{
	might_sleep();
	if (current->mm)
		lockdep_assert_not_held(&current->mm->mmap_sem);
}

unsigned long copy_to_user(uaddr_t to, const void *from, unsigned long n)
{
	struct kernel_copy c = { to, (char *)from, true };

	might_fault();
	return copy_user(c, n, true);
}

unsigned long copy_from_user(void *to, uaddr_t from, unsigned long n)
{
	struct kernel_copy c = { from, to, false };
	unsigned long left;

	might_fault();
	left = copy_user(c, n, true);
	memset((char *)to + n - left, 0, left);
	return left;
}

unsigned long clear_user(uaddr_t to, unsigned long n)
{
	struct kernel_copy c = { to, NULL, true };

	might_fault();
	return copy_user(c, n, true);
}

unsigned long copy_to_user_inatomic(uaddr_t to, const void *from,
				    unsigned long n)
{
	struct kernel_copy c = { to, (char *)from, true };

	return copy_user(c, n, false);
}

unsigned long copy_from_user_inatomic(void *to, uaddr_t from,
				      unsigned long n)
{
	struct kernel_copy c = { from, to, false };

	return copy_user(c, n, false);
}

int get_user32(uint32_t *value, uaddr_t addr)
{
	return copy_from_user(value, addr, sizeof(*value)) ? -EFAULT : 0;
}

int get_user64(uint64_t *value, uaddr_t addr)
{
	return copy_from_user(value, addr, sizeof(*value)) ? -EFAULT : 0;
}

int put_user32(uint32_t value, uaddr_t addr)
{
	return copy_to_user(addr, &value, sizeof(value)) ? -EFAULT : 0;
}

int put_user64(uint64_t value, uaddr_t addr)
{
	return copy_to_user(addr, &value, sizeof(value)) ? -EFAULT : 0;
}

int get_user32_inatomic(uint32_t *value, uaddr_t addr)
{
	return copy_from_user_inatomic(value, addr, sizeof(*value)) ?
		-EFAULT : 0;
}

void copy_user_page(struct page *to, struct page *from)
{
	const uint64_t *src = page_address(from);
	uint64_t *dst = page_address(to);

	for (size_t i = 0; i < PAGE_SIZE / sizeof(*dst); i++)
		dst[i] = READ_ONCE(src[i]);
}
