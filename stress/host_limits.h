/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many tasks this host can carry, and what says so. */
#ifndef STRESS_HOST_LIMITS_H
#define STRESS_HOST_LIMITS_H

#include <stdint.h>

#include "stress/config.h"
#include "stress/errbuf.h"

/* UINT64_MAX: no limit, or not known. */
struct host_limits {
	uint64_t nproc; /* RLIMIT_NPROC, unless privileged */
	uint64_t pid_max; /* /proc/sys/kernel/pid_max */
	uint64_t threads_max; /* /proc/sys/kernel/threads-max */
	uint64_t map_count; /* /proc/sys/vm/max_map_count */
	uint64_t cgroup_pids; /* pids.max of our control groups */
	uint64_t memory_kib; /* MemAvailable, or less by a control group */
	uint64_t threads_now; /* threads that exist on the host */
};

/**
 * host_limits_read() - ask the host
 * @hl: filled in
 *
 * Context: reads files.
 */
void host_limits_read(struct host_limits *hl);

/**
 * host_limits_check() - can the host carry this run
 * @hl: limits
 * @cfg: complete
 * @err: on failure a line with the limit and where it comes from
 *
 * Context: any.
 * Return: 0 or -EAGAIN.
 */
int host_limits_check(const struct host_limits *hl,
		      const struct stress_config *cfg, struct errbuf *err);

#endif
