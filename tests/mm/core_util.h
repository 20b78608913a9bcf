/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Core files that a test keeps and reads, and a dump that waits half way. */
#ifndef TESTS_MM_CORE_UTIL_H
#define TESTS_MM_CORE_UTIL_H

#include <elf.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/mm/life_util.h"

#define DUMPED(sig) ((sig) | 0x80)

static inline void raise_signal(int sig)
{
	SYSCALL(sys_tgkill(current->tgid, current->pid, sig));
	report_fatal("survived signal %d", sig);
}

static inline void dies_among_threads(void *arg)
{
	for (int i = 0; i < 5; i++)
		new_thread(pause_forever, NULL);
	raise_signal((int)(long)arg);
}

/* ---- the file ----------------------------------------------------------- */

static char core_path[] = "/tmp/mmtorture-core-XXXXXX";
static int core_fd = -1;

static inline struct core_sink *to_file(struct task_struct *tsk, int signr)
{
	(void)tsk;
	(void)signr;
	return core_sink_fd(dup(core_fd));
}

static inline void open_core(void)
{
	core_fd = mkstemp(core_path);
	cr_assert_geq(core_fd, 0);
	set_core_sink_factory(to_file);
}

static inline void close_core(void)
{
	close(core_fd);
	unlink(core_path);
}

static inline bool core_word(uaddr_t addr, uint64_t *word)
{
	Elf64_Ehdr eh;
	Elf64_Phdr ph;

	cr_assert_eq(pread(core_fd, &eh, sizeof(eh), 0), (ssize_t)sizeof(eh));
	for (int i = 0; i < eh.e_phnum; i++) {
		pread(core_fd, &ph, sizeof(ph),
		      (off_t)(eh.e_phoff + (size_t)i * sizeof(ph)));
		if (ph.p_type == PT_LOAD && addr >= ph.p_vaddr &&
		    addr + 8 <= ph.p_vaddr + ph.p_filesz)
			return pread(core_fd, word, 8,
				     (off_t)(ph.p_offset + addr -
					     ph.p_vaddr)) == 8;
	}
	return false;
}

static inline int run_tool(const char *format)
{
	char command[256];

	snprintf(command, sizeof(command), format, core_path);
	return system(command);
}

/* ---- a dump that waits before it writes --------------------------------- */

LATCH(dump_is_writing);
LATCH(dump_may_go_on);

static inline int latched_write(struct core_sink *sink, const void *buf,
				size_t len)
{
	static bool once;

	(void)sink;
	(void)buf;
	(void)len;
	if (!once) {
		once = true;
		reach(dump_is_writing);
		await(dump_may_go_on);
	}
	return 0;
}

static inline void latched_close(struct core_sink *sink, bool ok)
{
	(void)sink;
	(void)ok;
}

static struct core_sink latched_sink = { latched_write, latched_close };

static inline struct core_sink *to_latched(struct task_struct *tsk, int signr)
{
	(void)tsk;
	(void)signr;
	return &latched_sink;
}

#endif /* TESTS_MM_CORE_UTIL_H */
