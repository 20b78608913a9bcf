// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * actions_aio.c - requests into an area of the caller's own
 *
 * Word w of page p of the scratch file is either the file's pattern or
 * written_word(p, w): whoever writes writes the same.  So a read has one of
 * two right answers for each word, whatever else is in flight.
 */
#include "stress/actions_aio.h"

#include <errno.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/aio.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/mmap.h"
#include "mm/uaccess.h"

#define AREA_PAGE 230 /* of the thread's area: no lot comes so far */
#define BUF_PAGES 2
#define SCRATCH_PAGES 32
#define WORDS_PER_PAGE (PAGE_SIZE / 8)
#define UNTOUCHED 0 /* what the area was mapped with */

static struct file *scratch;

int aio_world_make(void)
{
	if (scratch)
		return 0;
	scratch = world_open("aio", SCRATCH_PAGES, FILE_READ | FILE_WRITE);
	return scratch ? 0 : -ENOMEM;
}

void aio_world_unmake(void)
{
	scratch = NULL; /* world_unmake() closes it */
}

static uint64_t written_word(pgoff_t page, unsigned int word)
{
	return 0xa10a10ULL << 40 | (uint64_t)page << 16 | word;
}

static uaddr_t buffer(const struct stress_user *u, unsigned int nr)
{
	return prog_arena(u->slot) + (AREA_PAGE + nr * BUF_PAGES) * PAGE_SIZE;
}

bool aio_map_buffers(struct stress_user *u)
{
	uaddr_t addr = buffer(u, 0);

	return SYSCALL(sys_mmap(addr, AIO_REQUESTS * BUF_PAGES * PAGE_SIZE,
				PROT_READ | PROT_WRITE, MAP_PRIVATE |
				MAP_ANONYMOUS | MAP_FIXED, NULL, 0)) == addr;
}

/* ---- requests ------------------------------------------------------------- */

/* What a write is to carry: right at its place in the file. */
static void fill_buffer(const struct aio_iocb *iocb)
{
	for (size_t i = 0; i < iocb->nbytes; i += 8) {
		uint64_t pos = (uint64_t)iocb->offset + i;

		user_write64(iocb->buf + i,
			     written_word(pos / PAGE_SIZE,
					  pos % PAGE_SIZE / 8));
	}
}

static void plan_request(struct stress_user *u, unsigned int nr,
			 struct aio_iocb *iocb)
{
	unsigned int words = 1 + rng_below(&u->rng, WORDS_PER_PAGE);

	*iocb = (struct aio_iocb){
		.data = nr,
		.opcode = IOCB_CMD_PREAD,
		.direct = rng_chance(&u->rng, 1, 2),
		.file = scratch,
		.buf = buffer(u, nr) +
		       8 * (1 + rng_below(&u->rng, WORDS_PER_PAGE - 1)),
		.nbytes = words * 8,
		.offset = 8 * rng_below(&u->rng, (SCRATCH_PAGES - 1) *
					WORDS_PER_PAGE),
	};
	switch (rng_below(&u->rng, 6)) {
	case 0:
		iocb->opcode = IOCB_CMD_POLL;
		break;
	case 1:
	case 2:
		iocb->opcode = IOCB_CMD_PWRITE;
		fill_buffer(iocb);
	default:
		break;
	}
}

unsigned long aio_make_context(struct stress_user *u)
{
	/* The handle's word: in the area, so that no other thread uses it. */
	uaddr_t word = buffer(u, 0);
	uint64_t id = 0;

	if (SYSCALL(sys_io_setup(AIO_CTX_EVENTS, word)))
		return 0; /* no memory, or too many */
	user_read64(word, &id);
	user_write64(word, UNTOUCHED);
	return id;
}

/*
 * Words no request uses: if the process has forked since the pages were
 * pinned, the write gives it other ones (DEF-26).
 */
static void write_beside(const struct stress_user *u)
{
	for (unsigned int nr = 0; nr < AIO_REQUESTS; nr++) {
		user_write64(buffer(u, nr), UNTOUCHED);
		user_write64(buffer(u, nr) + BUF_PAGES * PAGE_SIZE - 8,
			     UNTOUCHED);
	}
}

/* ---- what came of them ---------------------------------------------------- */

static bool right_word(const struct aio_iocb *iocb, size_t i, uint64_t v)
{
	uint64_t pos = (uint64_t)iocb->offset + i;
	pgoff_t page = pos / PAGE_SIZE;
	unsigned int word = pos % PAGE_SIZE / 8;

	if (v == written_word(page, word) ||
	    v == file_pattern(scratch->f_inode->i_ino, page, word))
		return true;
	/* DEF-26: the frame that was pinned went to a child of fork(). */
	return iocb->direct && v == UNTOUCHED;
}

static void check_read(struct stress_user *u, const struct aio_iocb *iocb,
		       long res)
{
	bool lost = false;
	uint64_t v;

	for (long i = 0; i < res; i += 8) {
		if (user_read64(iocb->buf + (unsigned long)i, &v))
			return;
		lost |= v == UNTOUCHED;
		if (right_word(iocb, (size_t)i, v))
			continue;
		report_finding(FINDING_DATA, "AIO read of %zu bytes at %lld%s:"
			       " word %ld at %#lx is %#llx; user %u",
			       iocb->nbytes, (long long)iocb->offset,
			       iocb->direct ? ", direct" : "", i / 8,
			       iocb->buf + (unsigned long)i,
			       (unsigned long long)v, u->serial);
		return;
	}
	stress_count(lost ? EV_PIN_LOST : EV_AIO);
}

void aio_check_event(struct stress_user *u, const struct aio_iocb *iocbs,
		     const struct io_event *ev)
{
	const struct aio_iocb *iocb;

	if (ev->data >= AIO_REQUESTS) {
		report_finding(FINDING_DATA, "AIO event of a request %llu that"
			       " was never made",
			       (unsigned long long)ev->data);
		return;
	}
	iocb = &iocbs[ev->data];
	if (ev->res > 0 && (size_t)ev->res <= iocb->nbytes) {
		if (iocb->opcode == IOCB_CMD_PREAD)
			check_read(u, iocb, (long)ev->res);
		else
			stress_count(EV_AIO);
	} else if (ev->res != -ENOMEM && ev->res != -EFAULT) {
		report_finding(FINDING_DATA, "AIO event says %lld of a request"
			       " for %zu bytes", (long long)ev->res,
			       iocb->nbytes);
	}
}

unsigned int aio_submit_some(struct stress_user *u, unsigned long ctx,
			     struct aio_iocb *iocbs)
{
	unsigned int with_event = 0;
	long done;

	for (unsigned int i = 0; i < AIO_REQUESTS; i++)
		plan_request(u, i, &iocbs[i]);
	done = SYSCALL(sys_io_submit(ctx, AIO_REQUESTS, iocbs));
	for (long i = 0; i < done; i++)
		if (iocbs[i].opcode != IOCB_CMD_POLL)
			with_event |= 1U << i;
	return with_event;
}

void act_aio(struct stress_user *u)
{
	struct aio_iocb iocbs[AIO_REQUESTS];
	struct io_event events[AIO_REQUESTS + 1];
	unsigned long ctx;
	long expected, got;

	if (!aio_map_buffers(u))
		return;
	ctx = aio_make_context(u);
	if (!ctx)
		return;
	expected = __builtin_popcount(aio_submit_some(u, ctx, iocbs));
	if (rng_chance(&u->rng, 1, 4))
		prog_fork(u, prog_brief);
	if (rng_chance(&u->rng, 1, 2))
		write_beside(u);
	/* Sometimes the context dies with its requests. */
	if (rng_chance(&u->rng, 1, 3))
		expected = 0;
	got = SYSCALL(sys_io_getevents(ctx, expected, AIO_REQUESTS + 1, events));
	for (long i = 0; i < got; i++)
		aio_check_event(u, iocbs, &events[i]);
	SYSCALL(sys_io_destroy(ctx));
	prog_count_faults(u);
}

void act_aio_leave(struct stress_user *u)
{
	struct aio_iocb iocbs[AIO_REQUESTS];
	unsigned long ctx;

	if (!aio_map_buffers(u))
		return;
	ctx = aio_make_context(u);
	if (ctx)
		aio_submit_some(u, ctx, iocbs);
}
