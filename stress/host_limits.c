// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/host_limits.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Threads and mappings of a worker beside its tasks' own. */
#define EXTRA_THREADS 64
#define EXTRA_MAPS 600
#define EXTRA_KIB (200 * 1024)

static uint64_t read_number(const char *path)
{
	unsigned long long n = UINT64_MAX;
	FILE *f = fopen(path, "re");

	if (!f)
		return UINT64_MAX;
	if (fscanf(f, "%llu", &n) != 1) /* "max" */
		n = UINT64_MAX;
	fclose(f);
	return n;
}

/* A line "Key: N ..." or "key N" of a file. */
static uint64_t read_field(const char *path, const char *format)
{
	unsigned long long n = UINT64_MAX;
	char line[256];
	FILE *f = fopen(path, "re");

	if (!f)
		return UINT64_MAX;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, format, &n) == 1)
			break;
	fclose(f);
	return n;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Visit our control group (version 2) and those above it. */
static void read_cgroups(struct host_limits *hl)
{
	char own[PATH_MAX / 2] = "", path[PATH_MAX];
	FILE *f = fopen("/proc/self/cgroup", "re");

	if (!f)
		return;
	while (fgets(own, sizeof(own), f))
		if (!strncmp(own, "0::", 3))
			break;
	fclose(f);
	if (strncmp(own, "0::/", 4))
		return;
	own[strcspn(own, "\n")] = '\0';
	for (char *end = own + strlen(own); end > own + 3;
	     end = strrchr(own, '/')) {
		*end = '\0';
		snprintf(path, sizeof(path), "/sys/fs/cgroup%s/pids.max",
			 own + 3);
		hl->cgroup_pids = least(hl->cgroup_pids, read_number(path));
		snprintf(path, sizeof(path), "/sys/fs/cgroup%s/memory.max",
			 own + 3);
		hl->memory_kib = least(hl->memory_kib,
				       read_number(path) / 1024);
	}
}

void host_limits_read(struct host_limits *hl)
{
	struct rlimit rl;
	int running, threads;
	FILE *f;

	memset(hl, 0xff, sizeof(*hl));
	if (geteuid() != 0 && !getrlimit(RLIMIT_NPROC, &rl) &&
	    rl.rlim_cur != RLIM_INFINITY)
		hl->nproc = rl.rlim_cur;
	hl->pid_max = read_number("/proc/sys/kernel/pid_max");
	hl->threads_max = read_number("/proc/sys/kernel/threads-max");
	hl->map_count = read_number("/proc/sys/vm/max_map_count");
	hl->memory_kib = read_field("/proc/meminfo", "MemAvailable: %llu");
	read_cgroups(hl);
	hl->threads_now = 0;
	f = fopen("/proc/loadavg", "re");
	if (f) {
		if (fscanf(f, "%*s %*s %*s %d/%d", &running, &threads) == 2)
			hl->threads_now = threads;
		fclose(f);
	}
}

static int refuse(const struct stress_config *cfg, uint64_t most,
		  const char *source, uint64_t limit, struct errbuf *err)
{
	errbuf_set(err, "--tasks: %u is more than this host allows: at most %"
		   PRIu64 " with --runtime=%s, because of %s (%" PRIu64 ")",
		   cfg->tasks, most, stress_runtimes[cfg->runtime].name,
		   source, limit);
	return -EAGAIN;
}

/* Tasks that fit below a limit on threads, @used of them taken. */
static int check_threads(const struct stress_config *cfg, uint64_t limit,
			 uint64_t used, const char *source,
			 struct errbuf *err)
{
	uint64_t taken = used + EXTRA_THREADS;
	uint64_t most = limit > taken ? (limit - taken) * 9 / 10 : 0;

	return cfg->tasks <= most ? 0 : refuse(cfg, most, source, limit, err);
}

static int check_memory(const struct host_limits *hl,
			const struct stress_config *cfg, struct errbuf *err)
{
	const struct runtime_info *rt = &stress_runtimes[cfg->runtime];
	uint64_t fixed = EXTRA_KIB + (uint64_t)cfg->ram_mib * 1024 * rt->shadow;
	uint64_t left = hl->memory_kib > fixed ? hl->memory_kib - fixed : 0;

	if (!left) {
		errbuf_set(err, "--ram: %u MiB need %" PRIu64
			   " MiB of the host, more than its available memory"
			   " (%" PRIu64 " MiB)", cfg->ram_mib, fixed / 1024,
			   hl->memory_kib / 1024);
		return -EAGAIN;
	}
	if (cfg->tasks <= left / rt->kib_per_task)
		return 0;
	return refuse(cfg, left / rt->kib_per_task,
		      "the host's available memory in MiB",
		      hl->memory_kib / 1024, err);
}

int host_limits_check(const struct host_limits *hl,
		      const struct stress_config *cfg, struct errbuf *err)
{
	const struct runtime_info *rt = &stress_runtimes[cfg->runtime];
	uint64_t maps = hl->map_count > EXTRA_MAPS ?
			(hl->map_count - EXTRA_MAPS) : 0;
	uint64_t most = maps / rt->maps_per_task10 * 10;
	int ret;

	ret = check_threads(cfg, hl->nproc, 0, "RLIMIT_NPROC (ulimit -u)",
			    err);
	if (!ret)
		ret = check_threads(cfg, hl->pid_max, hl->threads_now,
				    "/proc/sys/kernel/pid_max", err);
	if (!ret)
		ret = check_threads(cfg, hl->threads_max, hl->threads_now,
				    "/proc/sys/kernel/threads-max", err);
	if (!ret)
		ret = check_threads(cfg, hl->cgroup_pids, 0,
				    "pids.max of the control group", err);
	if (!ret && cfg->tasks > most)
		ret = refuse(cfg, most, "/proc/sys/vm/max_map_count",
			     hl->map_count, err);
	return ret ? ret : check_memory(hl, cfg, err);
}
