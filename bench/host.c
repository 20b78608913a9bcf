// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host.c - the peer: the same life cycles on the kernel this machine runs
 *
 * A server process answers requests over a socket pair: prepare a shape, run
 * a batch, drop.  It is forked before the benchmark maps its emulated memory,
 * so its address space holds the measured process and little else.
 * Transparent huge pages are switched off: the emulation has none.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

#define PAGE 4096UL

enum request_kind { REQUEST_PREPARE, REQUEST_BATCH, REQUEST_DROP };

struct request {
	enum request_kind kind;
	struct bench_shape shape;
	int n;
};

struct answer {
	int err;
	struct bench_times times;
};

static int server_socket = -1;
static pid_t server_pid;

/* ---- The server's side -------------------------------------------------- */

static struct bench_shape built;
static char **areas;

static size_t area_bytes(void)
{
	return (size_t)(built.pages / built.vmas + 1) * PAGE;
}

static void serve_drop(void)
{
	for (int i = 0; areas && i < built.vmas; i++)
		munmap(areas[i], area_bytes() + PAGE);
	free(areas);
	areas = NULL;
}

/* Each area ends in an inaccessible page, so that no two of them merge. */
static int serve_prepare(const struct bench_shape *shape)
{
	int left = shape->pages;

	serve_drop();
	built = *shape;
	areas = calloc(shape->vmas, sizeof(*areas));
	if (!areas)
		return -ENOMEM;
	for (int i = 0; i < shape->vmas; i++) {
		int pages = left / (shape->vmas - i);

		areas[i] = mmap(NULL, area_bytes() + PAGE, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (areas[i] == MAP_FAILED ||
		    mprotect(areas[i], area_bytes(), PROT_READ | PROT_WRITE))
			return -errno;
		for (int j = 0; j < pages; j++)
			areas[i][j * PAGE] = 1;
		left -= pages;
	}
	return 0;
}

static int serve_batch(int n, struct bench_times *times)
{
	double fork_ns = 0, start = bench_now_ns();

	for (int i = 0; i < n; i++) {
		double before = bench_now_ns();
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid < 0)
			return -errno;
		fork_ns += bench_now_ns() - before;
		if (waitpid(pid, NULL, 0) != pid)
			return -errno;
	}
	times->fork_ns = fork_ns / n;
	times->cycle_ns = (bench_now_ns() - start) / n;
	return 0;
}

static void serve(int fd)
{
	struct request request;
	struct answer answer;

	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	while (read(fd, &request, sizeof(request)) == sizeof(request)) {
		memset(&answer, 0, sizeof(answer));
		switch (request.kind) {
		case REQUEST_PREPARE:
			answer.err = serve_prepare(&request.shape);
			break;
		case REQUEST_BATCH:
			answer.err = serve_batch(request.n, &answer.times);
			break;
		case REQUEST_DROP:
			serve_drop();
			break;
		}
		if (write(fd, &answer, sizeof(answer)) != sizeof(answer))
			break;
	}
	_exit(0);
}

/* ---- The benchmark's side ----------------------------------------------- */

int host_side_start(void)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds))
		return -errno;
	server_pid = fork();
	if (server_pid < 0)
		return -errno;
	if (server_pid == 0) {
		close(fds[0]);
		serve(fds[1]);
	}
	close(fds[1]);
	server_socket = fds[0];
	return 0;
}

void host_side_stop(void)
{
	close(server_socket);
	waitpid(server_pid, NULL, 0);
}

static int ask(const struct request *request, struct answer *answer)
{
	if (write(server_socket, request, sizeof(*request)) !=
		    sizeof(*request) ||
	    read(server_socket, answer, sizeof(*answer)) != sizeof(*answer))
		return -EPIPE;
	return answer->err;
}

static int host_prepare(const struct bench_shape *shape)
{
	struct request request = { .kind = REQUEST_PREPARE, .shape = *shape };
	struct answer answer;

	return ask(&request, &answer);
}

static int host_batch(int n, struct bench_times *times)
{
	struct request request = { .kind = REQUEST_BATCH, .n = n };
	struct answer answer;
	int err = ask(&request, &answer);

	*times = answer.times;
	return err;
}

static void host_drop(void)
{
	struct request request = { .kind = REQUEST_DROP };
	struct answer answer;

	ask(&request, &answer);
}

const struct bench_side host_side = {
	.name = "host kernel",
	.prepare = host_prepare,
	.batch = host_batch,
	.drop = host_drop,
};
