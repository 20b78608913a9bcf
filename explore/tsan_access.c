// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What clang's -fsanitize=thread calls for plain accesses, memory functions
 * and function entry and exit.  The compiler declares none of these.
 */
#include <string.h>

#include "explore/race.h"
#include "explore/tsan_callbacks.h"

#define PC ((uintptr_t)__builtin_return_address(0))

#define ACCESS(name, size, flags)					\
void __tsan_##name(void *addr)						\
{									\
	if (size > 8)							\
		race_access((uintptr_t)addr, size, flags, PC);		\
	else								\
		race_plain((uintptr_t)addr, size, flags, PC);		\
}

#define ACCESS_PC(name, size, flags)					\
void __tsan_##name##_pc(void *addr, void *pc)				\
{									\
	race_access((uintptr_t)addr, size, flags, (uintptr_t)pc);	\
}

#define ACCESSES(size)							\
	ACCESS(read##size, size, 0)					\
	ACCESS(write##size, size, RACE_WRITE)				\
	ACCESS(unaligned_read##size, size, 0)				\
	ACCESS(unaligned_write##size, size, RACE_WRITE)			\
	ACCESS(volatile_read##size, size, 0)				\
	ACCESS(volatile_write##size, size, RACE_WRITE)			\
	ACCESS(unaligned_volatile_read##size, size, 0)			\
	ACCESS(unaligned_volatile_write##size, size, RACE_WRITE)	\
	ACCESS(read_write##size, size, RACE_WRITE)			\
	ACCESS(unaligned_read_write##size, size, RACE_WRITE)		\
	ACCESS_PC(read##size, size, 0)					\
	ACCESS_PC(write##size, size, RACE_WRITE)

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

void __tsan_read_range(void *addr, unsigned long size)
{
	race_access((uintptr_t)addr, size, 0, PC);
}

void __tsan_write_range(void *addr, unsigned long size)
{
	race_access((uintptr_t)addr, size, RACE_WRITE, PC);
}

void *__tsan_memcpy(void *to, const void *from, unsigned long size)
{
	race_access((uintptr_t)from, size, 0, PC);
	race_access((uintptr_t)to, size, RACE_WRITE, PC);
	return memcpy(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, unsigned long size)
{
	race_access((uintptr_t)from, size, 0, PC);
	race_access((uintptr_t)to, size, RACE_WRITE, PC);
	return memmove(to, from, size);
}

void *__tsan_memset(void *to, int byte, unsigned long size)
{
	race_access((uintptr_t)to, size, RACE_WRITE, PC);
	return memset(to, byte, size);
}

void __tsan_func_entry(void *call_site)
{
	struct thread *t = eng.cur;

	if (unlikely(!t))
		return;
	if (unlikely(t->frame - t->frames >= EX_STACK_DEPTH - 1))
		engine_fail(VERDICT_CRASH,
			    "thread %u: calls nested more than %d deep",
			    t->id, EX_STACK_DEPTH);
	*t->frame++ = (uintptr_t)call_site;
}

void __tsan_func_exit(void)
{
	struct thread *t = eng.cur;

	if (likely(t != NULL) && t->frame > t->frames)
		t->frame--;
}

void __tsan_init(void)
{
}

void __tsan_vptr_update(void **slot, void *value)
{
	(void)value;
	race_access((uintptr_t)slot, sizeof(*slot), RACE_WRITE, PC);
}

void __tsan_vptr_read(void **slot)
{
	race_access((uintptr_t)slot, sizeof(*slot), 0, PC);
}

void __tsan_ignore_thread_begin(void)
{
}

void __tsan_ignore_thread_end(void)
{
}
