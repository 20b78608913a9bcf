// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Judges the bytes of a core file as they are written: areas follow each
 * other, and the file is as long as its headers promise (DUMP-6).
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "locking/report.h"
#include "mm/pgtable.h"
#include "stress/oracle.h"

struct judged_core {
	struct core_sink sink;
	pid_t pid; /* of the dumper */
	uint64_t pos; /* bytes so far */
	uint64_t headers; /* bytes of all headers, 0: not known yet */
	uint64_t end; /* of the areas whose headers have been seen */
	size_t filled; /* of part */
	unsigned char part[sizeof(Elf64_Ehdr)]; /* header being received */
};

static void judge_program_header(struct judged_core *core)
{
	Elf64_Phdr ph;

	memcpy(&ph, core->part, sizeof(ph));
	if (ph.p_offset < core->end)
		report_finding(FINDING_STRUCTURE, "DUMP-6: core of pid %d: an"
			       " area at offset %#llx, where the one before"
			       " ends at %#llx", core->pid,
			       (unsigned long long)ph.p_offset,
			       (unsigned long long)core->end);
	core->end = ph.p_offset + ph.p_filesz;
}

static void judge_file_header(struct judged_core *core)
{
	Elf64_Ehdr eh;

	memcpy(&eh, core->part, sizeof(eh));
	core->headers = eh.e_phoff + (uint64_t)eh.e_phnum * eh.e_phentsize;
	core->end = core->headers;
}

/* @len bytes at @pos: those of the next header.  Return: how many. */
static size_t take_header(struct judged_core *core, uint64_t pos,
			  const unsigned char *bytes, size_t len)
{
	uint64_t end = core->headers ? core->headers : sizeof(Elf64_Ehdr);
	size_t size = core->headers ? sizeof(Elf64_Phdr) : sizeof(Elf64_Ehdr);
	size_t filled = core->filled;

	if (pos >= end)
		return 0;
	len = min(len, (size_t)min(end - pos, (uint64_t)(size - filled)));
	memcpy(core->part + filled, bytes, len);
	core->filled = filled + len;
	if (filled + len < size)
		return len;
	core->filled = 0;
	if (core->headers)
		judge_program_header(core);
	else
		judge_file_header(core);
	return len;
}

static int judged_write(struct core_sink *sink, const void *buf, size_t len)
{
	struct judged_core *core = container_of(sink, struct judged_core, sink);
	uint64_t pos = core->pos;
	size_t done = 0, n;

	while (done < len &&
	       (n = take_header(core, pos + done,
				(const unsigned char *)buf + done, len - done)))
		done += n;
	core->pos = pos + len;
	return 0;
}

static void judged_close(struct core_sink *sink, bool ok)
{
	struct judged_core *core = container_of(sink, struct judged_core, sink);

	if (ok && core->pos != core->end)
		report_finding(FINDING_STRUCTURE, "DUMP-6: core of pid %d has"
			       " %llu bytes, its headers promise %llu",
			       core->pid, (unsigned long long)core->pos,
			       (unsigned long long)core->end);
	free(core);
}

struct core_sink *judged_core_sink(pid_t pid)
{
	struct judged_core *core;

	if (sizeof(pteval_t) != 8)
		return NULL; /* the other class of files */
	core = calloc(1, sizeof(*core));
	if (!core)
		return NULL;
	core->sink.write = judged_write;
	core->sink.close = judged_close;
	core->pid = pid;
	return &core->sink;
}
