// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/world.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>

#include "explore/engine.h"

#define TRACK_FROM (64u << 10) /* bytes of variables */
#define DIRTY (PAGE_WRITTEN | PAGE_ALWAYS)

/* Set by the linker. */
extern char __data_start[], _end[];
extern char __start_explore_state[], __stop_explore_state[];

/* Variables below and above the explorer's own. */
static struct part {
	char *start;
	size_t size;
	char *copy; /* at the snapshot */
	char *kept; /* at the end of the prologue; pages that differ, if any */
} parts[2] EXPLORE_STATE;

struct tracked tracked EXPLORE_STATE;

static uint64_t nr_restores EXPLORE_STATE;
static bool at_kept EXPLORE_STATE; /* what was restored last */
static uintptr_t load_address EXPLORE_STATE;
static char build_id[64] EXPLORE_STATE;
static char **start_argv EXPLORE_STATE;

/* Runs before main() and sees its arguments. */
__attribute__((constructor)) static void keep_argv(int argc, char **argv)
{
	(void)argc;
	start_argv = argv;
}

static void read_build_id(const char *note, size_t size)
{
	while (size >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *n = (const void *)note;
		size_t name = (n->n_namesz + 3u) & ~3u;
		size_t desc = (n->n_descsz + 3u) & ~3u;
		const unsigned char *id = (const unsigned char *)(n + 1) + name;

		if (n->n_type == NT_GNU_BUILD_ID)
			for (unsigned int i = 0; i < n->n_descsz && i < 20; i++)
				sprintf(build_id + 2 * i, "%02x", id[i]);
		note += sizeof(*n) + name + desc;
		size -= sizeof(*n) + name + desc;
	}
}

static int look_at_executable(struct dl_phdr_info *info, size_t size,
			      void *arg)
{
	(void)size;
	(void)arg;
	load_address = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_NOTE)
			read_build_id((const char *)info->dlpi_addr +
				      info->dlpi_phdr[i].p_vaddr,
				      info->dlpi_phdr[i].p_memsz);
	return 1; /* the executable is the first */
}

void world_fix_addresses(void)
{
	int old = personality(0xffffffff);

	if (old != -1 && !(old & ADDR_NO_RANDOMIZE) && start_argv &&
	    !getenv("EXPLORE_RESTARTED")) {
		personality(old | ADDR_NO_RANDOMIZE);
		setenv("EXPLORE_RESTARTED", "1", 1);
		execv("/proc/self/exe", start_argv);
	}
}

uintptr_t world_init(void)
{
	dl_iterate_phdr(look_at_executable, NULL);
	return load_address;
}

const char *world_id(void)
{
	if (!build_id[0])
		world_init();
	return build_id[0] ? build_id : "none";
}

static uintptr_t nr_pages(void)
{
	return tracked.size ? tracked.size / WORLD_PAGE + 1 : 0;
}

/* Return: @old, or new memory if that is NULL; NULL if there is none. */
static void *room(void *old, size_t size)
{
	void *p = old;

	if (!p)
		p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static int take_copy(struct part *p, char *start, char *end)
{
	p->start = start;
	p->size = end - start;
	if (!p->size)
		return 0;
	p->copy = room(p->copy, p->size);
	if (!p->copy)
		return -errno;
	memcpy(p->copy, p->start, p->size);
	return 0;
}

/* Follow writes by page when copying everything would take long. */
static int start_tracking(void)
{
	uintptr_t start = (uintptr_t)__data_start & ~(uintptr_t)(WORLD_PAGE - 1);
	size_t size = (uintptr_t)_end - start;

	tracked.size = 0;
	nr_restores = 0;
	if (parts[0].size + parts[1].size < TRACK_FROM)
		return 0;
	tracked.dirty = room(tracked.dirty, size / WORLD_PAGE + 1);
	if (!tracked.dirty)
		return -errno;
	tracked.start = start;
	tracked.size = size;
	memset(tracked.dirty, 0, nr_pages());
	return 0;
}

int world_snapshot(void)
{
	int err = take_copy(&parts[0], __data_start, __start_explore_state);

	if (!err)
		err = take_copy(&parts[1], __stop_explore_state, _end);
	at_kept = false;
	return err ? err : start_tracking();
}

/* The part of @p that lies in page @i: offset and size. */
static size_t clip(const struct part *p, uintptr_t i, size_t *offset)
{
	uintptr_t low = tracked.start + i * WORLD_PAGE;
	uintptr_t high = low + WORLD_PAGE;
	uintptr_t start = (uintptr_t)p->start;
	uintptr_t end = start + p->size;

	if (low < start)
		low = start;
	if (high > end)
		high = end;
	*offset = low - start;
	return low < high ? high - low : 0;
}

/* What @p is to contain in page @i when an execution begins. */
static const char *source(const struct part *p, uintptr_t i)
{
	return at_kept && tracked.dirty[i] & PAGE_KEPT ? p->kept : p->copy;
}

/* A page that changed and nobody said so counts as written from now on. */
static void find_unannounced(const struct part *p, uintptr_t i)
{
	size_t offset;
	size_t size = clip(p, i, &offset);

	if (size && !(tracked.dirty[i] & DIRTY) &&
	    memcmp(p->start + offset, source(p, i) + offset, size))
		tracked.dirty[i] |= PAGE_ALWAYS;
}

static void restore_page(const struct part *p, uintptr_t i)
{
	size_t offset;
	size_t size = clip(p, i, &offset);

	if (size)
		memcpy(p->start + offset, source(p, i) + offset, size);
}

static void restore_pages(void)
{
	bool compare = world_compares(nr_restores++);

	for (uintptr_t i = 0; i < nr_pages(); i++) {
		if (compare) {
			find_unannounced(&parts[0], i);
			find_unannounced(&parts[1], i);
		}
		if (!(tracked.dirty[i] & DIRTY))
			continue;
		restore_page(&parts[0], i);
		restore_page(&parts[1], i);
		tracked.dirty[i] &= ~PAGE_WRITTEN;
	}
}

/* All pages that have other contents there are out of date. */
static void turn_to(bool kept)
{
	if (at_kept == kept)
		return;
	at_kept = kept;
	for (uintptr_t i = 0; i < nr_pages(); i++)
		if (tracked.dirty[i] & PAGE_KEPT)
			tracked.dirty[i] |= PAGE_WRITTEN;
}

void world_restore(bool kept)
{
	if (tracked.size) {
		turn_to(kept);
		restore_pages();
		return;
	}
	for (int i = 0; i < 2; i++)
		if (parts[i].size)
			memcpy(parts[i].start,
			       kept ? parts[i].kept : parts[i].copy,
			       parts[i].size);
}

static bool make_kept(struct part *p)
{
	if (p->size)
		p->kept = room(p->kept, p->size);
	return p->kept || !p->size;
}

static void keep_page(const struct part *p, uintptr_t i)
{
	size_t offset;
	size_t size = clip(p, i, &offset);

	if (size)
		memcpy(p->kept + offset, p->start + offset, size);
}

static void keep_pages(void)
{
	for (uintptr_t i = 0; i < nr_pages(); i++) {
		find_unannounced(&parts[0], i);
		find_unannounced(&parts[1], i);
		if (!(tracked.dirty[i] & DIRTY))
			continue;
		keep_page(&parts[0], i);
		keep_page(&parts[1], i);
		tracked.dirty[i] |= PAGE_KEPT;
	}
}

bool world_keep(void)
{
	if (!make_kept(&parts[0]) || !make_kept(&parts[1]))
		return false;
	if (tracked.size) {
		keep_pages();
		return true;
	}
	for (int i = 0; i < 2; i++)
		if (parts[i].size)
			memcpy(parts[i].kept, parts[i].start, parts[i].size);
	return true;
}

void world_forget(void)
{
	turn_to(false);
	for (uintptr_t i = 0; i < nr_pages(); i++)
		tracked.dirty[i] &= ~PAGE_KEPT;
}

void world_after(void)
{
	errno = 0;
}

bool world_in_data(uintptr_t addr)
{
	for (int i = 0; i < 2; i++)
		if (addr - (uintptr_t)parts[i].start < parts[i].size)
			return true;
	return false;
}

static void scan(const char *start, size_t size, void (*fn)(uintptr_t word))
{
	uintptr_t from = ((uintptr_t)start + 7) & ~7ull;
	uintptr_t end = (uintptr_t)start + size;

	for (; from + 8 <= end; from += 8)
		fn(*(uintptr_t *)from);
}

static void scan_written(const struct part *p, void (*fn)(uintptr_t word))
{
	for (uintptr_t i = 0; i < nr_pages(); i++) {
		size_t offset;
		size_t size = tracked.dirty[i] ? clip(p, i, &offset) : 0;

		if (size)
			scan(p->start + offset, size, fn);
	}
}

void world_scan(void (*fn)(uintptr_t word), bool all)
{
	for (int i = 0; i < 2; i++) {
		if (tracked.size && !all)
			scan_written(&parts[i], fn);
		else
			scan(parts[i].start, parts[i].size, fn);
	}
}
