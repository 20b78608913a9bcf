// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/shared.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct stress_shared *map(int fd)
{
	void *p = mmap(NULL, sizeof(struct stress_shared),
		       PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

struct stress_shared *shared_create(int *fd)
{
	struct stress_shared *sh;

	*fd = memfd_create("mmtorture", 0);
	if (*fd < 0)
		return NULL;
	sh = ftruncate(*fd, sizeof(*sh)) ? NULL : map(*fd);
	if (!sh) {
		close(*fd);
		return NULL;
	}
	sh->magic = SHARED_MAGIC;
	memcpy(sh->sources, source_hash, sizeof(sh->sources));
	return sh;
}

struct stress_shared *shared_attach(int fd)
{
	struct stress_shared *sh;

	if (lseek(fd, 0, SEEK_END) != (off_t)sizeof(*sh)) {
		errno = EINVAL;
		return NULL;
	}
	sh = map(fd);
	if (sh && (sh->magic != SHARED_MAGIC ||
		   memcmp(sh->sources, source_hash, sizeof(sh->sources)))) {
		munmap(sh, sizeof(*sh));
		errno = EINVAL;
		return NULL;
	}
	return sh;
}

void shared_reset(struct stress_shared *sh)
{
	memset(&sh->round, 0, sizeof(sh->round));
	sh->stop = 0;
	sh->clean_end = 0;
	sh->fatal = 0;
	sh->heartbeat = 0;
	sh->nr_findings = 0;
	sh->harness_error[0] = '\0';
	memset(&sh->counters, 0, sizeof(sh->counters));
	memset(sh->findings, 0, sizeof(sh->findings));
}
