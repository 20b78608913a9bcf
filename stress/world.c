// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/world.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/shmem.h"
#include "mm/vma.h"

struct world world;

int world_room(void)
{
	if (READ_ONCE(world.draining))
		return 0;
	return (int)world.target + world.daemons - READ_ONCE(nr_threads);
}

void stress_add(enum stress_counter which, uint64_t nr)
{
	unsigned int row = lthread_self()->id % STRESS_COUNTER_ROWS;
	uint64_t *n = &world.sh->counters.rows[row].n[which];

	__atomic_fetch_add(n, nr, __ATOMIC_RELAXED);
}

void stress_count(enum stress_counter which)
{
	stress_add(which, 1);
}

static struct file *make_file(const char *name, unsigned long pages,
			      unsigned int flags)
{
	struct inode *inode = inode_create(name, pages * PAGE_SIZE, NULL);
	struct file *file;

	if (!inode)
		return NULL;
	file = file_open(inode, flags);
	iput(inode);
	return IS_ERR(file) ? NULL : file;
}

struct file *world_open(const char *name, unsigned long pages,
			unsigned int flags)
{
	struct file **open = realloc(world.open, (world.nr_open + 1) *
				     sizeof(*open));

	if (!open)
		return NULL;
	world.open = open;
	open[world.nr_open] = make_file(name, pages, flags);
	return open[world.nr_open] ? open[world.nr_open++] : NULL;
}

/* Pages the layout's areas need of each file, and whether one is shared. */
static int make_layout_files(const struct layout *l)
{
	world.files = calloc(l->nr_files + 1, sizeof(*world.files));
	if (!world.files)
		return -ENOMEM;
	for (unsigned int id = 1; id <= l->nr_files; id++) {
		unsigned int flags = FILE_READ | FILE_EXEC;
		unsigned long pages = 1;
		const char *name = "?";

		for (unsigned int i = 0; i < l->nr; i++) {
			const struct layout_vma *v = &l->vmas[i];
			unsigned long end = (v->offset + v->end - v->start) >>
					    PAGE_SHIFT;

			if (v->file_id != id)
				continue;
			name = v->name;
			pages = max(pages, end);
			if (v->shared && v->write)
				flags |= FILE_WRITE;
		}
		world.files[id - 1] = world_open(name, pages, flags);
		if (!world.files[id - 1])
			return -ENOMEM;
	}
	return 0;
}

static unsigned int layout_prot(const struct layout_vma *v)
{
	return (v->read ? PROT_READ : 0) | (v->write ? PROT_WRITE : 0) |
	       (v->exec ? PROT_EXEC : 0);
}

static unsigned long file_ino(const struct file *file)
{
	return file->f_inode->i_ino;
}

static void add_data_page(struct program_image *img, uaddr_t addr,
			  const struct exec_segment *seg)
{
	struct data_page *d = &img->data[img->nr_data];

	if (img->nr_data == MAX_DATA_PAGES)
		return;
	img->nr_data++;
	d->addr = addr;
	d->ino = seg && seg->file ? file_ino(seg->file) : 0;
	d->index = seg && seg->file ?
		   seg->pgoff + ((addr - seg->start) >> PAGE_SHIFT) : 0;
}

static void add_common_data(struct program_image *img)
{
	for (int i = COMMON_DATA; i < COMMON_PAGES; i++)
		add_data_page(img, world.common + i * PAGE_SIZE, NULL);
}

/* What of a segment the data oracle can use. */
static void add_expectations(struct program_image *img,
			     const struct exec_segment *seg)
{
	struct pattern_range *p = &img->patterns[img->nr_patterns];

	if ((seg->prot & PROT_WRITE) && (seg->prot & PROT_READ) &&
	    !seg->shared) {
		add_data_page(img, seg->start, seg);
		if (seg->len > 2 * PAGE_SIZE)
			add_data_page(img, seg->start + seg->len - PAGE_SIZE,
				      seg);
		return;
	}
	if (!seg->file || !(seg->prot & PROT_READ) ||
	    img->nr_patterns == ARRAY_SIZE(img->patterns))
		return;
	/* Shared and writable: nobody writes it, so it is a pattern too. */
	p->start = seg->start;
	p->pages = seg->len >> PAGE_SHIFT;
	p->ino = file_ino(seg->file);
	p->index = seg->pgoff;
	img->nr_patterns++;
}

static void add_segment(struct program_image *img, const struct layout_vma *v)
{
	struct exec_segment *seg = &img->segments[img->nr_segments++];

	seg->start = v->start;
	seg->len = v->end - v->start;
	seg->prot = layout_prot(v);
	seg->shared = v->shared;
	seg->file = v->file_id ? world.files[v->file_id - 1] : NULL;
	seg->pgoff = v->offset >> PAGE_SHIFT;
	add_expectations(img, seg);
}

static int make_layout_image(const struct layout *l)
{
	struct program_image *img = &world.layout_image;

	img->name = "layout";
	img->residency = l;
	img->segments = calloc(l->nr + 1, sizeof(*img->segments));
	if (!img->segments)
		return -ENOMEM;
	add_common_data(img);
	for (unsigned int i = 0; i < l->nr; i++) {
		const struct layout_vma *v = &l->vmas[i];

		switch (v->kind) {
		case LAYOUT_HEAP:
			img->brk = v->start;
			img->heap_end = v->end;
			break;
		case LAYOUT_STACK:
			img->stack_top = v->end;
			img->stack_end = v->start;
			break;
		default:
			add_segment(img, v);
			if (!img->file && v->file_id && v->exec)
				img->file = world.files[v->file_id - 1];
		}
	}
	return 0;
}

/* text, data, bss: what fits on the back of an envelope */
static int make_small_image(void)
{
	struct program_image *img = &world.small_image;
	uaddr_t base = 0x400000;

	world.program_file = world_open("small", 8, FILE_READ | FILE_EXEC);
	img->segments = calloc(3, sizeof(*img->segments));
	if (!world.program_file || !img->segments)
		return -ENOMEM;
	img->name = "small";
	img->file = world.program_file;
	add_common_data(img);
	img->segments[0] = (struct exec_segment){
		base, 4 * PAGE_SIZE, PROT_READ | PROT_EXEC, false, img->file,
		0 };
	img->segments[1] = (struct exec_segment){
		base + 0x10000, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE, false,
		img->file, 4 };
	img->segments[2] = (struct exec_segment){
		base + 0x12000, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE, false,
		NULL, 0 };
	img->nr_segments = 3;
	for (int i = 0; i < img->nr_segments; i++)
		add_expectations(img, &img->segments[i]);
	img->brk = base + 0x20000;
	img->heap_end = img->brk;
	return 0;
}

static bool range_free(const struct layout *l, uaddr_t start, uaddr_t end)
{
	for (unsigned int i = 0; i < l->nr; i++)
		if (l->vmas[i].start < end && l->vmas[i].end > start)
			return false;
	return end < TASK_SIZE;
}

/* Where the layout leaves room for the threads' areas. */
static int place_arena(const struct layout *l)
{
	uaddr_t need = (MAX_SLOTS + 2) * ARENA_SIZE, start = ARENA_DEFAULT;

	for (int i = 0; i < 64; i++, start += need) {
		if (!range_free(l, start, start + need))
			continue;
		world.common = start + ARENA_SIZE / 2;
		world.arena = start + ARENA_SIZE;
		return 0;
	}
	return -ENOSPC;
}

static int make_test_files(void)
{
	for (int i = 0; i < PATTERN_FILES; i++) {
		world.pattern_files[i] = world_open("pattern",
						   PATTERN_FILE_PAGES,
						   FILE_READ);
		if (!world.pattern_files[i])
			return -ENOMEM;
	}
	for (int i = 0; i < SHARED_FILES; i++) {
		struct shared_file *s = &world.shared[i];

		s->file = world_open("shared", SHARED_FILE_PAGES,
				    FILE_READ | FILE_WRITE);
		if (!s->file)
			return -ENOMEM;
		s->ino = file_ino(s->file);
	}
	return 0;
}

int world_make(void)
{
	const struct layout *l = &world.sh->layout;
	int err = place_arena(l);

	if (!err)
		err = make_layout_files(l);
	if (!err)
		err = make_layout_image(l);
	if (!err)
		err = make_small_image();
	return err ? err : make_test_files();
}

void world_unmake(void)
{
	for (unsigned int i = 0; i < world.nr_open; i++)
		fput(world.open[i]);
	free(world.open);
	free(world.files);
	free(world.layout_image.segments);
	free(world.small_image.segments);
}
