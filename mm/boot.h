/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot.h - start and stop the emulated machine */
#ifndef MM_BOOT_H
#define MM_BOOT_H

#include "mm/mm_types.h"

struct boot_params {
	int nr_cpus; /* 1 to NR_CPUS; 0: 64 */
	unsigned long ram_frames; /* 4 KiB each; 0: 65,536 */
	int max_threads; /* 0: by memory, as fork_init() computes it */
	unsigned long commit_limit; /* pages; 0: none */
	unsigned int carriers; /* host threads to create in advance */
	int aio_workers; /* kernel threads of each kind; 0: no io_submit() */
	uint64_t seed; /* of init's random numbers */
};

/**
 * start_kernel() - bring the machine up
 * @params: sizes; copied
 *
 * The calling host thread becomes init: pid 1, a kernel thread on CPU 0.
 * jiffies are advanced by the program (jiffies_tick()).
 *
 * Context: a host thread outside any emulation; one machine at a time.
 * Return: 0 or -Exxx with nothing left behind.
 */
int start_kernel(const struct boot_params *params);

/**
 * stop_kernel() - tear the machine down
 *
 * Context: init, every other task gone and reaped.  Leaks are findings.
 */
void stop_kernel(void);

#endif /* MM_BOOT_H */
