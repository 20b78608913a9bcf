// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "locking/compiler.h"

/* Measured with clang-19: threads, guard pages, thread control blocks. */
const struct runtime_info stress_runtimes[NR_RUNTIMES] = {
	[RUNTIME_NATIVE] = {
		.name = "native",
		.why = "speed and scale",
		.default_tasks = 2000,
		.maps_per_task10 = 25,
		.kib_per_task = 64,
		.shadow = 1,
	},
	[RUNTIME_TSAN] = {
		.name = "tsan",
		.why = "ThreadSanitizer, locks annotated: data races, lock"
		       " order",
		.tsan = true,
		.default_tasks = 500,
		.default_round_secs = 10,
		.maps_per_task10 = 90,
		.kib_per_task = 1700,
		.shadow = 3,
	},
	[RUNTIME_TSAN_BARE] = {
		.name = "tsan-bare",
		.why = "ThreadSanitizer, locks not annotated: broken locks",
		.tsan = true,
		.default_tasks = 500,
		.default_round_secs = 10,
		.maps_per_task10 = 90,
		.kib_per_task = 1700,
		.shadow = 3,
	},
};

int runtime_find(const char *name)
{
	for (int i = 0; i < NR_RUNTIMES; i++)
		if (!strcmp(stress_runtimes[i].name, name))
			return i;
	return -1;
}

void config_init(struct stress_config *cfg)
{
	memset(cfg, 0, sizeof(*cfg));
	cfg->runtime = RUNTIME_NATIVE;
	cfg->cpus = 64;
	cfg->round_secs = UINT_MAX;
	snprintf(cfg->layout, sizeof(cfg->layout), "bash");
	snprintf(cfg->results, sizeof(cfg->results), "results");
}

static uint64_t fresh_seed(void)
{
	uint32_t seed = 0;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = (uint32_t)time(NULL);
	return seed;
}

/* A large population takes a while to grow and to go: 1 s for 100 tasks. */
static unsigned int default_round_secs(const struct stress_config *cfg,
				       const struct runtime_info *rt)
{
	if (!rt->default_round_secs)
		return 0;
	return rt->default_round_secs + cfg->tasks / 100;
}

void config_complete(struct stress_config *cfg)
{
	const struct runtime_info *rt = &stress_runtimes[cfg->runtime];

	if (!cfg->nr_scenarios) {
		snprintf(cfg->scenarios[0], STRESS_NAME_MAX, "mix");
		cfg->nr_scenarios = 1;
	}
	if (!cfg->tasks)
		cfg->tasks = rt->default_tasks;
	cfg->swap_given = cfg->ram_share && cfg->swap_mib;
	/* Room for each task's page tables and some dozens of pages. */
	if (!cfg->ram_mib)
		cfg->ram_mib = 128 + cfg->tasks / 4;
	if (!cfg->swap_mib)
		cfg->swap_mib = 16;
	if (!cfg->secs && !cfg->ops)
		cfg->secs = 30;
	if (cfg->round_secs == UINT_MAX)
		cfg->round_secs = default_round_secs(cfg, rt);
	if (!cfg->seed)
		cfg->seed = fresh_seed();
}

/* Append like snprintf; @at never passes the end. */
#define APPEND(...) do {						\
	if (at < size)							\
		at += snprintf(buf + at, size - at, __VA_ARGS__);	\
} while (0)

const char *config_command(const struct stress_config *cfg, char *buf,
			   size_t size)
{
	size_t at = 0;

	APPEND("mmtorture run");
	for (unsigned int i = 0; i < cfg->nr_scenarios; i++)
		APPEND(" %s", cfg->scenarios[i]);
	APPEND(" --runtime=%s --tasks=%u --cpus=%u --ram=%u%s",
	       stress_runtimes[cfg->runtime].name, cfg->tasks, cfg->cpus,
	       cfg->ram_share ? cfg->ram_share : cfg->ram_mib,
	       cfg->ram_share ? "%" : "");
	if (!cfg->ram_share || cfg->swap_given)
		APPEND(" --swap=%u", cfg->swap_mib);
	if (*cfg->swap_file)
		APPEND(" --swap-file=%s", cfg->swap_file);
	if (cfg->secs)
		APPEND(" --secs=%u", cfg->secs);
	if (cfg->ops)
		APPEND(" --ops=%" PRIu64, cfg->ops);
	APPEND(" --round-secs=%u --seed=%" PRIu64 " --layout=%s",
	       cfg->round_secs, cfg->seed, cfg->layout);
	return buf;
}
