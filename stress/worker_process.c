// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The folder of the running program. */
static int own_folder(char *dir)
{
	ssize_t n = readlink("/proc/self/exe", dir, PATH_MAX - 1);
	char *slash;

	if (n <= 0)
		return -ENOENT;
	dir[n] = '\0';
	slash = strrchr(dir, '/');
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	return 0;
}

int worker_find(enum stress_runtime runtime, char *path, struct errbuf *err)
{
	return program_find(stress_runtimes[runtime].name, path, err);
}

int program_find(const char *name, char *path, struct errbuf *err)
{
	char dir[PATH_MAX] = "";

	if (own_folder(dir)) {
		errbuf_set(err, "cannot tell where this program is");
		return -ENOENT;
	}
	if (snprintf(path, PATH_MAX, "%s/../%s/mmtorture", dir, name) <
	    PATH_MAX && !access(path, X_OK))
		return 0;
	if (snprintf(path, PATH_MAX, "%s/../libexec/mmtorture/mmtorture-%s",
		     dir, name) < PATH_MAX && !access(path, X_OK))
		return 0;
	errbuf_set(err, "the program of runtime %s is missing: neither"
		   " ../%s/mmtorture nor ../libexec/mmtorture/mmtorture-%s"
		   " beside %.600s (ninja builds it)", name, name, name, dir);
	return -ENOENT;
}

/* TSan's options, after what the user gave, so that ours cannot be lost. */
static void set_tsan_options(void)
{
	static const char *const symbolizers[] = {
		"/usr/bin/llvm-symbolizer-19",
		"/usr/lib/llvm-19/bin/llvm-symbolizer",
		"/usr/bin/llvm-symbolizer",
	};
	const char *given = getenv("TSAN_OPTIONS");
	char options[2048];
	size_t at;

	at = snprintf(options, sizeof(options), "%.1024s%s",
		      given ? given : "", given && *given ? ":" : "");
	for (size_t i = 0; i < sizeof(symbolizers) / sizeof(*symbolizers);
	     i++) {
		if (access(symbolizers[i], X_OK))
			continue;
		at += snprintf(options + at, sizeof(options) - at,
			       "external_symbolizer_path=%s:",
			       symbolizers[i]);
		break;
	}
	/* Reports go to the standard error, which is the run's own file. */
	snprintf(options + at, sizeof(options) - at,
		 "halt_on_error=0:second_deadlock_stack=1:history_size=7:"
		 "exitcode=%d:log_path=stderr", STRESS_EXIT_TSAN);
	setenv("TSAN_OPTIONS", options, 1);
}

static void limit_core_files(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

static _Noreturn void exec_worker(const char *path, int shared_fd,
				  int findings_fd, int output_fd)
{
	char shared[16], findings[16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The driver decides when to stop, not the terminal. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	dup2(output_fd, STDOUT_FILENO);
	dup2(output_fd, STDERR_FILENO);
	if (findings_fd >= 0)
		fcntl(findings_fd, F_SETFD, 0);
	fcntl(shared_fd, F_SETFD, 0);
	limit_core_files();
	set_tsan_options();
	snprintf(shared, sizeof(shared), "%d", shared_fd);
	snprintf(findings, sizeof(findings), "%d", findings_fd);
	execl(path, path, "worker", shared, findings, (char *)NULL);
	dprintf(STDERR_FILENO, "cannot execute %s: %s\n", path,
		strerror(errno));
	_exit(STRESS_EXIT_HARNESS);
}

int worker_start(struct worker *w, const char *path, int shared_fd,
		 int findings_fd, const char *output, struct errbuf *err)
{
	int fd = open(output, O_RDWR | O_CREAT | O_TRUNC | O_APPEND |
		      O_CLOEXEC, 0644);

	memset(w, 0, sizeof(*w));
	if (fd < 0)
		fd = memfd_create("mmtorture-output", MFD_CLOEXEC);
	if (fd < 0) {
		errbuf_set(err, "no file for the worker's output: %s",
			   strerror(errno));
		return -errno;
	}
	w->output_fd = fd;
	w->pid = fork();
	if (w->pid < 0) {
		errbuf_set(err, "cannot start a worker: %s", strerror(errno));
		close(fd);
		w->pid = 0;
		return -EAGAIN;
	}
	if (!w->pid)
		exec_worker(path, shared_fd, findings_fd, fd);
	return 0;
}

ssize_t worker_output(struct worker *w, char *buf, size_t size)
{
	ssize_t n = pread(w->output_fd, buf, size, w->output_at);

	if (n > 0)
		w->output_at += n;
	return n > 0 ? n : 0;
}

bool worker_ended(struct worker *w)
{
	if (!w->pid || waitpid(w->pid, &w->status, WNOHANG) != w->pid)
		return false;
	w->pid = 0;
	return true;
}

void worker_kill(struct worker *w)
{
	if (!w->pid)
		return;
	kill(w->pid, SIGKILL);
	while (waitpid(w->pid, &w->status, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
}

void worker_close(struct worker *w)
{
	worker_kill(w);
	if (w->output_fd > 0)
		close(w->output_fd);
	w->output_fd = 0;
}
