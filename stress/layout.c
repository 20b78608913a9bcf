// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsing /proc/PID/maps and smaps; see proc(5) for the format. */
#include "stress/layout.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAYOUT_PAGE 4096ull
#define LAYOUT_FILE_MAX (16u << 20)
#define KERNEL_HALF (1ull << 63)

/* Where the parser stands, for its messages. */
struct cursor {
	const char *source;
	unsigned int line;
	uint64_t limit;
	struct errbuf *err;
};

/* A path's identity while parsing: smaps and maps name a file by path. */
struct seen_file {
	uint64_t hash;
};

static uint64_t hash_string(const char *s)
{
	uint64_t h = 0xcbf29ce484222325ull;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ull;
	return h;
}

static int bad(const struct cursor *at, const char *what)
{
	errbuf_set(at->err, "%s:%u: %s", at->source, at->line, what);
	return -EINVAL;
}

/* "start-end perms offset dev inode path": is this the first line of a VMA? */
static bool is_vma_line(const char *line)
{
	const char *p = line;

	while (isxdigit((unsigned char)*p))
		p++;
	return p > line && *p == '-';
}

static int parse_perms(struct layout_vma *vma, const char *perms,
		       const struct cursor *at)
{
	if (strlen(perms) != 4 || !strchr("r-", perms[0]) ||
	    !strchr("w-", perms[1]) || !strchr("x-", perms[2]) ||
	    !strchr("ps", perms[3]))
		return bad(at, "permissions are not like 'rw-p'");
	vma->read = perms[0] == 'r';
	vma->write = perms[1] == 'w';
	vma->exec = perms[2] == 'x';
	vma->shared = perms[3] == 's';
	return 0;
}

static void set_name(struct layout_vma *vma, const char *path)
{
	const char *base = strrchr(path, '/');

	snprintf(vma->name, sizeof(vma->name), "%.*s", LAYOUT_NAME_MAX - 1,
		 base && base[1] ? base + 1 : path);
}

static int check_range(const struct layout *out, const struct layout_vma *vma,
		       const struct cursor *at)
{
	if (vma->start >= vma->end)
		return bad(at, "the area ends before it starts");
	if ((vma->start | vma->end | vma->offset) & (LAYOUT_PAGE - 1))
		return bad(at, "an address or offset is no multiple of 4096");
	if (vma->end > at->limit)
		return bad(at, "the area lies above the top of an emulated"
			       " process");
	if (out->nr && vma->start < out->vmas[out->nr - 1].end)
		return bad(at, "the area overlaps, or lies below, the line"
			       " before");
	if (out->nr == LAYOUT_MAX_VMAS)
		return bad(at, "more than 4096 areas");
	return 0;
}

static void classify(struct layout *out, struct layout_vma *vma,
		     const char *path, struct seen_file *files)
{
	uint64_t hash = hash_string(path);

	vma->kind = LAYOUT_ANON;
	if (!strcmp(path, "[heap]"))
		vma->kind = LAYOUT_HEAP;
	else if (!strcmp(path, "[stack]"))
		vma->kind = LAYOUT_STACK;
	if (path[0] != '/')
		return;
	vma->kind = LAYOUT_FILE;
	for (unsigned int i = 0; i < out->nr_files; i++)
		if (files[i].hash == hash)
			vma->file_id = i + 1;
	if (!vma->file_id) {
		files[out->nr_files++].hash = hash;
		vma->file_id = out->nr_files;
	}
}

static int parse_vma(struct layout *out, const char *line,
		     const struct cursor *at, struct seen_file *files)
{
	struct layout_vma vma = { 0 };
	char perms[8];
	int used = 0;
	int err;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %*x:%*x %*u%n",
		   &vma.start, &vma.end, perms, &vma.offset, &used) != 4 ||
	    !used)
		return bad(at, "not a line of a maps file"
			       " ('start-end perms offset dev inode path')");
	if (vma.start >= KERNEL_HALF)
		return 0; /* [vsyscall]: not part of the process */
	err = parse_perms(&vma, perms, at);
	if (!err)
		err = check_range(out, &vma, at);
	if (err)
		return err;
	line += used;
	line += strspn(line, " \t");
	set_name(&vma, line);
	classify(out, &vma, line, files);
	vma.resident = (vma.end - vma.start) / LAYOUT_PAGE;
	out->vmas[out->nr++] = vma;
	return 0;
}

/* "Key:   123 kB" below a VMA line of smaps. */
static int parse_detail(struct layout *out, const char *line,
			const struct cursor *at)
{
	struct layout_vma *vma;
	uint64_t kb = 0, pages;
	char key[40];

	if (sscanf(line, "%39[A-Za-z_]:", key) != 1 || !strchr(line, ':'))
		return bad(at, "neither an area nor a detail of smaps");
	if (!out->nr)
		return bad(at, "a detail of smaps before the first area");
	if (strcmp(key, "Rss") && strcmp(key, "Private_Dirty"))
		return 0;
	if (sscanf(strchr(line, ':') + 1, " %" SCNu64 " kB", &kb) != 1)
		return bad(at, "no size in kB");
	vma = &out->vmas[out->nr - 1];
	pages = kb * 1024 / LAYOUT_PAGE;
	if (pages > (vma->end - vma->start) / LAYOUT_PAGE)
		return bad(at, "more memory resident than the area has");
	if (key[0] == 'R') {
		vma->resident = pages;
		out->has_residency = true;
	} else {
		vma->private_dirty = pages;
	}
	return 0;
}

static int parse_line(struct layout *out, char *line, struct cursor *at,
		      struct seen_file *files, bool *in_kernel_area)
{
	unsigned int before = out->nr;
	int err;

	if (line[0] == '\0')
		return bad(at, "empty line");
	if (!is_vma_line(line))
		return *in_kernel_area ? 0 : parse_detail(out, line, at);
	err = parse_vma(out, line, at, files);
	*in_kernel_area = !err && out->nr == before;
	return err;
}

int layout_parse(struct layout *out, const char *text, size_t len,
		 const char *source, uint64_t limit, struct errbuf *err)
{
	struct cursor at = { .source = source, .limit = limit, .err = err };
	struct seen_file *files;
	bool in_kernel_area = false;
	const char *end = text + len;
	char line[PATH_MAX + 128];
	int ret = 0;

	memset(out, 0, sizeof(*out));
	files = calloc(LAYOUT_MAX_VMAS, sizeof(*files));
	if (!files) {
		errbuf_set(err, "%s: out of memory", source);
		return -ENOMEM;
	}
	while (text < end && !ret) {
		const char *nl = memchr(text, '\n', end - text);
		size_t n = (nl ? nl : end) - text;

		at.line++;
		if (n >= sizeof(line) || memchr(text, '\0', n)) {
			ret = bad(&at, "not text, or a line too long");
			break;
		}
		memcpy(line, text, n);
		line[n] = '\0';
		ret = parse_line(out, line, &at, files, &in_kernel_area);
		text += n + 1;
	}
	free(files);
	if (!ret && !out->nr) {
		errbuf_set(err, "%s: no area in it", source);
		ret = -EINVAL;
	}
	return ret;
}

/* Read a whole file, /proc files of unknown size included. */
static int read_all(const char *path, char **text, size_t *len)
{
	size_t room = 1 << 16;
	char *buf = malloc(room);
	ssize_t n = 0;
	int fd, err = 0;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || !buf) {
		err = fd < 0 ? -errno : -ENOMEM;
		goto out;
	}
	*len = 0;
	while ((n = read(fd, buf + *len, room - *len)) > 0) {
		*len += n;
		if (*len == room) {
			char *bigger = realloc(buf, room *= 2);

			if (!bigger || room > LAYOUT_FILE_MAX) {
				buf = bigger ? bigger : buf;
				err = -EFBIG;
				goto out;
			}
			buf = bigger;
		}
	}
	if (n < 0)
		err = -errno;
out:
	if (fd >= 0)
		close(fd);
	if (err)
		free(buf);
	else
		*text = buf;
	return err;
}

static bool all_digits(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

int layout_load(struct layout *out, const char *what, uint64_t limit,
		struct errbuf *err)
{
	char path[PATH_MAX];
	char *text;
	size_t len = 0;
	int ret;

	for (const struct builtin_layout *b = builtin_layouts; b->name; b++)
		if (!strcmp(b->name, what))
			return layout_parse(out, b->text,
					    b->text_end - b->text, what,
					    limit, err);
	if (all_digits(what))
		snprintf(path, sizeof(path), "/proc/%.20s/smaps", what);
	else
		snprintf(path, sizeof(path), "%s", what);
	ret = read_all(path, &text, &len);
	if (ret) {
		errbuf_set(err, "--layout: cannot read %s: %s", path,
			   strerror(-ret));
		return ret;
	}
	ret = layout_parse(out, text, len, path, limit, err);
	free(text);
	return ret;
}

uint64_t layout_pages(const struct layout *layout, uint64_t *resident)
{
	uint64_t pages = 0, touched = 0;

	for (unsigned int i = 0; i < layout->nr; i++) {
		const struct layout_vma *vma = &layout->vmas[i];

		pages += (vma->end - vma->start) / LAYOUT_PAGE;
		touched += vma->resident;
	}
	if (resident)
		*resident = touched;
	return pages;
}
