/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory shared by the driver and one worker process at a time (a memfd).
 * The driver fills in the request before it starts the worker; the worker
 * counts and leaves findings.  What is in it survives the worker's death.
 */
#ifndef STRESS_SHARED_H
#define STRESS_SHARED_H

#include <stdint.h>

#include "stress/config.h"
#include "stress/counters.h"
#include "stress/layout.h"
#include "stress/source_hash.h"

#define SHARED_MAGIC 0x6d6d746f72743032ull
#define SHARED_FINDINGS 128
#define FINDING_TEXT_MAX 4000

/*
 * One finding.  Written by whoever claims the slot, then published by a
 * store-release of @state; never changed afterwards.
 */
struct shared_finding {
	uint32_t state; /* 0 free, 1 being written, 2 complete */
	uint32_t kind; /* enum finding_kind */
	uint32_t fatal;
	uint32_t line;
	char file[96];
	char func[64];
	char thread[64];
	char text[FINDING_TEXT_MAX];
	char held[1200];
};

struct stress_round {
	uint32_t number; /* from 0 */
	uint32_t secs; /* 0: no limit */
	uint64_t ops; /* 0: no limit */
	uint64_t seed; /* of this round */
	char scenario[STRESS_NAME_MAX];
	int32_t findings_fd; /* findings.jsonl, or -1 */
};

struct stress_shared {
	uint64_t magic;
	char sources[SOURCE_HASH_LEN + 1]; /* of the driver */
	struct stress_config config;
	struct stress_round round;
	uint32_t stop; /* driver: end soon; acquire/release */
	uint32_t clean_end; /* worker: reached its end, all audits made */
	uint32_t fatal; /* worker: a finding was fatal */
	uint64_t heartbeat; /* worker: the watchdog lives */
	uint64_t nr_findings; /* worker: claimed slots, may pass the end */
	char harness_error[512]; /* worker: why it could not run */
	struct stress_counters counters;
	struct shared_finding findings[SHARED_FINDINGS];
	struct layout layout;
};

/**
 * shared_create() - make the memory
 * @fd: a descriptor a child inherits
 *
 * Context: driver.
 * Return: the memory, or NULL with errno set.
 */
struct stress_shared *shared_create(int *fd);

/**
 * shared_attach() - map the driver's memory
 * @fd: the inherited descriptor
 *
 * Context: worker.
 * Return: the memory, or NULL with errno set.
 */
struct stress_shared *shared_attach(int fd);

/**
 * shared_reset() - make ready for the next worker
 * @sh: memory; configuration and layout stay
 *
 * Context: driver, no worker alive.
 */
void shared_reset(struct stress_shared *sh);

#endif
