/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one run is asked to do.  Driver and workers share it as bytes. */
#ifndef STRESS_CONFIG_H
#define STRESS_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRESS_MAX_SCENARIOS 32
#define STRESS_NAME_MAX 32

/* Exit codes of the program and of its workers. */
enum stress_exit {
	STRESS_EXIT_CLEAN = 0,
	STRESS_EXIT_FINDINGS = 1,
	STRESS_EXIT_USAGE = 2,
	STRESS_EXIT_HARNESS = 3,
	STRESS_EXIT_TSAN = 66, /* workers only: ThreadSanitizer's own */
};

enum stress_runtime {
	RUNTIME_NATIVE,
	RUNTIME_TSAN,
	RUNTIME_TSAN_BARE,
	NR_RUNTIMES,
};

/* What a runtime costs and how it is run; a row each in config.c. */
struct runtime_info {
	const char *name;
	const char *why;
	bool tsan;
	unsigned int default_tasks;
	unsigned int default_round_secs; /* 0: one round, the whole run */
	unsigned int maps_per_task10; /* host mappings of ten tasks */
	unsigned int kib_per_task; /* host memory beside emulated frames */
	unsigned int shadow; /* host bytes per emulated byte */
};

extern const struct runtime_info stress_runtimes[NR_RUNTIMES];

struct stress_config {
	enum stress_runtime runtime;
	unsigned int nr_scenarios;
	char scenarios[STRESS_MAX_SCENARIOS][STRESS_NAME_MAX];
	unsigned int tasks; /* live at once */
	unsigned int cpus; /* emulated */
	unsigned int ram_mib; /* emulated */
	unsigned int ram_share; /* per cent of the working set; 0: all fits */
	bool swap_given; /* with ram_share: swap_mib is not to be adapted */
	unsigned int swap_mib; /* of swap devices; 0: none */
	unsigned int secs; /* per run; 0: until ops */
	unsigned int round_secs; /* per worker process; 0: no limit */
	uint64_t ops; /* life-cycle operations; 0: until secs */
	uint64_t seed;
	bool json;
	bool verbose;
	char layout[PATH_MAX];
	char results[PATH_MAX];
	char swap_file[PATH_MAX]; /* swap devices live there; "": in memory */
};

/**
 * runtime_find() - look a runtime up by name
 * @name: as the command line takes it
 *
 * Context: any.
 * Return: enum stress_runtime, or -1.
 */
int runtime_find(const char *name);

/**
 * config_init() - what holds when no option is given
 * @cfg: filled in; 0 in tasks, ram_mib and secs means "not chosen yet"
 *
 * Context: any.
 */
void config_init(struct stress_config *cfg);

/**
 * config_complete() - choose what the command line left open
 * @cfg: runtime and given options are set
 *
 * Context: reads a random seed from the host if none was given.
 */
void config_complete(struct stress_config *cfg);

/**
 * config_command() - the command line that repeats the run
 * @cfg: complete
 * @buf: for the text
 * @size: bytes of @buf
 *
 * Context: any.
 * Return: @buf.
 */
const char *config_command(const struct stress_config *cfg, char *buf,
			   size_t size);

#endif
