// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/schedule.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "explore/engine.h"
#include "explore/world.h"

#define MAGIC "explore-schedule"

static char file_hash[32] EXPLORE_STATE;

/* Without a build ID the executable's bytes identify it. */
static const char *hash_executable(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	uint64_t h = 0xcbf29ce484222325ull;
	struct stat st;
	const unsigned char *p;

	if (fd < 0 || fstat(fd, &st))
		return "unknown";
	p = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return "unknown";
	for (off_t i = 0; i < st.st_size; i++)
		h = (h ^ p[i]) * 0x100000001b3ull;
	munmap((void *)p, st.st_size);
	snprintf(file_hash, sizeof(file_hash), "fnv-%016" PRIx64, h);
	return file_hash;
}

const char *schedule_binary(void)
{
	const char *id = world_id();

	if (strcmp(id, "none"))
		return id;
	return file_hash[0] ? file_hash : hash_executable();
}

static void write_decisions(const struct schedule *s, FILE *f)
{
	unsigned int column = 0;

	fprintf(f, "decisions %u\n", s->n);
	for (uint32_t i = 0; i < s->n;) {
		uint32_t run = 1;

		while (i + run < s->n && s->decisions[i + run] ==
		       s->decisions[i])
			run++;
		if (run > 1)
			fprintf(f, "%u*%u", s->decisions[i], run);
		else
			fprintf(f, "%u", s->decisions[i]);
		i += run;
		fputc(++column % 16 && i < s->n ? ' ' : '\n', f);
	}
	fprintf(f, "end\n");
}

static int write_to(const struct schedule *s, const char *path)
{
	FILE *f = fopen(path, "w");
	int err;

	if (!f)
		return -errno;
	fprintf(f, MAGIC " %d\n", SCHEDULE_VERSION);
	fprintf(f, "binary %s\n", s->binary);
	fprintf(f, "program %s\n", s->program);
	fprintf(f, "variant %s\n", s->variant[0] ? s->variant : "-");
	fprintf(f, "strategy %s\n", s->strategy);
	fprintf(f, "model %s\n", s->model);
	fprintf(f, "seed %" PRIu64 "\n", s->seed);
	fprintf(f, "execution %" PRIu64 "\n", s->execution);
	fprintf(f, "max-steps %" PRIu64 "\n", s->max_steps);
	fprintf(f, "fail-alloc %d\n", s->fail_alloc);
	fprintf(f, "verdict %s\n", verdict_name(s->verdict));
	fprintf(f, "digest %016" PRIx64 "\n", s->digest);
	write_decisions(s, f);
	err = ferror(f) ? -EIO : 0;
	return fclose(f) ? -errno : err;
}

/* Killed at any moment, the older file or the newer is there. */
int schedule_write(const struct schedule *s, const char *path)
{
	char part[PATH_MAX];
	struct stat st;
	int err;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return write_to(s, path);
	if (snprintf(part, sizeof(part), "%s.part", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	err = write_to(s, part);
	if (!err && rename(part, path))
		err = -errno;
	if (err)
		unlink(part);
	return err;
}

static bool read_decisions(struct schedule *s, FILE *f)
{
	uint32_t i = 0;
	char word[32];

	if (s->n > EX_MAX_DECISIONS)
		return false;
	s->decisions = malloc(s->n + 1);
	while (s->decisions && fscanf(f, "%31s", word) == 1) {
		unsigned int value;
		unsigned int run = 1;

		if (!strcmp(word, "end"))
			return i == s->n;
		if (sscanf(word, "%u*%u", &value, &run) < 1 || value > 255 ||
		    run > s->n - i)
			return false;
		memset(s->decisions + i, (int)value, run);
		i += run;
	}
	return false;
}

static bool read_body(struct schedule *s, FILE *f)
{
	char verdict[32];
	int fail_alloc;
	int v;

	if (fscanf(f, " binary %63s program %127s variant%*1[ ]%255[^\n]"
		   " strategy %15s model %15s", s->binary, s->program,
		   s->variant, s->strategy, s->model) != 5)
		return false;
	if (fscanf(f, " seed %" SCNu64 " execution %" SCNu64 " max-steps %"
		   SCNu64 " fail-alloc %d verdict %31s digest %" SCNx64
		   " decisions %" SCNu32, &s->seed, &s->execution,
		   &s->max_steps, &fail_alloc, verdict, &s->digest,
		   &s->n) != 7)
		return false;
	v = verdict_from_name(verdict);
	s->verdict = v < 0 ? VERDICT_HARNESS : (enum verdict)v;
	s->fail_alloc = fail_alloc;
	return v >= 0 && read_decisions(s, f);
}

static int refuse(char *why, unsigned long size, const char *path,
		  const char *text)
{
	snprintf(why, size, "%s: %s", path, text);
	return -EINVAL;
}

int schedule_read(struct schedule *s, const char *path, char *why,
		  unsigned long size)
{
	FILE *f = fopen(path, "r");
	char text[256];
	int version = 0;
	bool good;

	memset(s, 0, sizeof(*s));
	if (!f) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return -errno;
	}
	if (fscanf(f, MAGIC " %d", &version) != 1 ||
	    version != SCHEDULE_VERSION) {
		fclose(f);
		snprintf(text, sizeof(text), version ? "schedule version %d,"
			 " this program reads version %d" :
			 "not a schedule file", version, SCHEDULE_VERSION);
		return refuse(why, size, path, text);
	}
	good = read_body(s, f);
	fclose(f);
	if (!good) {
		schedule_free(s);
		return refuse(why, size, path, "truncated or damaged");
	}
	if (strcmp(s->binary, schedule_binary())) {
		snprintf(text, sizeof(text), "made by binary %s, this is %s",
			 s->binary, schedule_binary());
		schedule_free(s);
		return refuse(why, size, path, text);
	}
	return 0;
}

void schedule_free(struct schedule *s)
{
	free(s->decisions);
	s->decisions = NULL;
}

void schedule_token(const struct schedule *s, char *buf)
{
	snprintf(buf, 96, "%.40s:%s:%s:%" PRIu64 ":%" PRIu64 ":%08x",
		 s->program, s->strategy, s->model, s->seed, s->execution,
		 (unsigned int)s->digest);
}
