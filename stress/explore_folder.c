// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/explore_folder.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "stress/results.h"

#define MAX_SUFFIX 1000
#define NAME_SIZE (PATH_MAX + 32)

static struct {
	const char *results; /* folder it is in */
	char base[PATH_MAX]; /* its name without suffix */
	int *suffix; /* (shared, atomic) the one made has this; 0: none yet */
	bool named; /* the names below are right */
	char schedule[NAME_SIZE], report[NAME_SIZE];
	char diagram[NAME_SIZE], trace[NAME_SIZE];
	FILE *text; /* the report, in memory that workers share */
	int err; /* of what could not be written, the first time */
} folder;

/* results/20261122-170102-fork-exit-explore-1, with -2 and so on if taken */
static int name_base(const struct explore_args *args, const char *scenario)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	if (snprintf(folder.base, sizeof(folder.base),
		     "%s/%s-%s-explore-%" PRIx64, args->results, stamp,
		     scenario, args->opt.seed) >= PATH_MAX - 8)
		return -ENAMETOOLONG;
	return 0;
}

static void name_folder(char *dir, int suffix)
{
	snprintf(dir, NAME_SIZE, "%.4080s%s%.0d", folder.base,
		 suffix > 1 ? "-" : "", suffix > 1 ? suffix : 0);
}

static void name_files(int suffix)
{
	char dir[NAME_SIZE];

	name_folder(dir, suffix);
	snprintf(folder.schedule, NAME_SIZE, "%.4100s/schedule", dir);
	snprintf(folder.report, NAME_SIZE, "%.4100s/report.txt", dir);
	snprintf(folder.diagram, NAME_SIZE, "%.4100s/diagram.mmd", dir);
	snprintf(folder.trace, NAME_SIZE, "%.4100s/trace.json", dir);
}

/* Make the first folder that is not there.  Return: its suffix, or 0. */
static int make_new(void)
{
	char dir[NAME_SIZE];

	results_make_path(folder.results);
	for (int i = 1; i < MAX_SUFFIX; i++) {
		int made = 0;

		name_folder(dir, i);
		if (mkdir(dir, 0777)) {
			if (errno == EEXIST)
				continue;
			break;
		}
		if (__atomic_compare_exchange_n(folder.suffix, &made, i, false,
						__ATOMIC_ACQ_REL,
						__ATOMIC_ACQUIRE))
			return i;
		rmdir(dir); /* another worker was faster */
		return made;
	}
	folder.err = errno;
	return 0;
}

static void make(void)
{
	int suffix = __atomic_load_n(folder.suffix, __ATOMIC_ACQUIRE);

	if (folder.named)
		return;
	if (!suffix)
		suffix = make_new();
	if (!suffix)
		return;
	name_files(suffix);
	folder.named = true;
}

void explore_folder_report(FILE *out)
{
	char buf[4096];
	ssize_t n;

	fflush(folder.text);
	for (off_t at = 0; (n = pread(fileno(folder.text), buf, sizeof(buf),
				      at)) > 0; at += n)
		fwrite(buf, 1, n, out);
}

/* Killed at any moment, what is there was complete once. */
static void write_report(void)
{
	char part[NAME_SIZE + 8];
	FILE *f;

	if (!folder.named)
		return;
	snprintf(part, sizeof(part), "%s.part", folder.report);
	f = fopen(part, "w");
	if (!f) {
		folder.err = errno;
		return;
	}
	explore_folder_report(f);
	if (ferror(f))
		folder.err = EIO;
	if (fclose(f) || rename(part, folder.report))
		folder.err = errno;
}

/* Is @path a folder to write to, or can be made one? */
static int check_writable(const char *path)
{
	char copy[PATH_MAX];
	const char *parent = copy;
	struct stat st;

	snprintf(copy, sizeof(copy), "%s", path);
	while (stat(parent, &st)) {
		if (errno != ENOENT)
			return -errno;
		parent = dirname(copy);
	}
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	return access(parent, W_OK | X_OK) ? -errno : 0;
}

static int prepare(const struct explore_args *args, const char *scenario)
{
	int err = check_writable(args->results);
	int fd;

	if (!err)
		err = name_base(args, scenario);
	if (err)
		return err;
	folder.results = args->results;
	folder.suffix = mmap(NULL, sizeof(*folder.suffix),
			     PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (folder.suffix == MAP_FAILED)
		return -errno;
	fd = memfd_create("report", MFD_CLOEXEC);
	folder.text = fd < 0 ? NULL : fdopen(fd, "w");
	return folder.text ? 0 : -errno;
}

int explore_folder_open(struct explore_args *args, const char *scenario)
{
	int err = prepare(args, scenario);

	if (err) {
		fprintf(stderr, "mmtorture: --results: cannot write to %s:"
			" %s\n", args->results, strerror(-err));
		return err;
	}
	name_files(1); /* until the folder is made */
	args->opt.out = folder.text;
	args->opt.schedule_file = folder.schedule;
	args->opt.mermaid_file = folder.diagram;
	args->opt.chrome_file = folder.trace;
	args->opt.before_files = make;
	args->opt.reported = write_report;
	return 0;
}

bool explore_folder_close(bool keep)
{
	if (!keep)
		return true;
	make();
	if (!folder.err)
		write_report();
	if (folder.err)
		fprintf(stderr, "mmtorture: results are incomplete, could not"
			" write %s: %s\n", folder.report,
			strerror(folder.err));
	return !folder.err;
}
