/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpumask.h - sets of emulated CPUs; every operation on a bit is atomic */
#ifndef MM_CPUMASK_H
#define MM_CPUMASK_H

#include <stdbool.h>

#include "locking/bitops.h"
#include "locking/compiler.h"

#ifndef NR_CPUS
#define NR_CPUS 1024 /* build limit; nr_cpu_ids is the run's number */
#endif

#define CPUMASK_LONGS ((NR_CPUS + 63) / 64)

/* Number of CPUs of this run: 1 to NR_CPUS, constant after boot. */
extern int nr_cpu_ids;

typedef struct {
	unsigned long bits[CPUMASK_LONGS];
} cpumask_t;

#define cpumask_longs() ((nr_cpu_ids + 63) / 64)

static inline void cpu_set(int cpu, cpumask_t *mask)
{
	set_bit(cpu, mask->bits);
}

static inline void cpu_clear(int cpu, cpumask_t *mask)
{
	clear_bit(cpu, mask->bits);
}

static inline bool cpu_isset(int cpu, const cpumask_t *mask)
{
	return test_bit(cpu, mask->bits);
}

static inline bool cpu_test_and_set(int cpu, cpumask_t *mask)
{
	return test_and_set_bit(cpu, mask->bits);
}

static inline void cpus_clear(cpumask_t *mask)
{
	for (int i = 0; i < cpumask_longs(); i++)
		WRITE_ONCE(mask->bits[i], 0);
}

static inline void cpus_setall(cpumask_t *mask)
{
	for (int cpu = 0; cpu < nr_cpu_ids; cpu++)
		set_bit(cpu, mask->bits);
}

/* A snapshot, word by word: what flush_tlb_mm() passes by value (TLB-10). */
static inline void cpumask_copy(cpumask_t *dst, const cpumask_t *src)
{
	for (int i = 0; i < cpumask_longs(); i++)
		WRITE_ONCE(dst->bits[i], READ_ONCE(src->bits[i]));
}

static inline bool cpus_empty(const cpumask_t *mask)
{
	for (int i = 0; i < cpumask_longs(); i++)
		if (READ_ONCE(mask->bits[i]))
			return false;
	return true;
}

/* The first CPU of @mask above @prev (-1 to begin), or nr_cpu_ids. */
static inline int cpumask_next(int prev, const cpumask_t *mask)
{
	for (int cpu = prev + 1; cpu < nr_cpu_ids;) {
		unsigned long word = READ_ONCE(mask->bits[cpu / 64]);

		word >>= cpu % 64;
		if (word) {
			cpu += __builtin_ctzl(word);
			return cpu < nr_cpu_ids ? cpu : nr_cpu_ids;
		}
		cpu = (cpu / 64 + 1) * 64;
	}
	return nr_cpu_ids;
}

#define for_each_cpu(cpu, mask)                                     \
	for ((cpu) = cpumask_next(-1, (mask)); (cpu) < nr_cpu_ids; \
	     (cpu) = cpumask_next((cpu), (mask)))

#endif /* MM_CPUMASK_H */
