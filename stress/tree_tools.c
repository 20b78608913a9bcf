// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/tree_tools.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stress/config.h"

/* What makes a folder a source tree to us. */
static const char *const marks[] = {
	"build.ninja", "bugs", "scripts/corpus/__main__.py",
};

static bool is_tree(const char *dir)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (snprintf(path, sizeof(path), "%s/%s", dir, marks[i]) >=
		    PATH_MAX || access(path, F_OK))
			return false;
	return true;
}

/* Cut @dir short until it is a tree.  False: it was none, nor above one. */
static bool climb(char *dir)
{
	char *slash;

	while (!is_tree(dir)) {
		slash = strrchr(dir, '/');
		if (!slash || slash == dir)
			return false;
		*slash = '\0';
	}
	return true;
}

static bool own_place(char *path)
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n <= 0)
		return false;
	path[n] = '\0';
	return true;
}

int tree_find(char *tree, struct errbuf *err)
{
	if (getcwd(tree, PATH_MAX) && climb(tree))
		return 0;
	if (own_place(tree) && climb(tree))
		return 0;
	errbuf_set(err, "this command compiles, so it needs the source tree:"
		   " there is none at or above the current folder, nor above"
		   " this program; go to one");
	return -ENOENT;
}

int tree_tool(int argc, const char **argv)
{
	char tree[PATH_MAX], script[PATH_MAX + 16];
	const char **words;
	struct errbuf err;

	if (tree_find(tree, &err) < 0) {
		fprintf(stderr, "mmtorture: %s: %s\n", argv[0], err.text);
		return STRESS_EXIT_USAGE;
	}
	words = calloc((size_t)argc + 3, sizeof(*words));
	if (!words) {
		fprintf(stderr, "mmtorture: %s: out of memory\n", argv[0]);
		return STRESS_EXIT_HARNESS;
	}
	snprintf(script, sizeof(script), "%s/scripts/corpus", tree);
	words[0] = "python3";
	words[1] = script;
	memcpy(&words[2], argv, (size_t)argc * sizeof(*words));
	execvp(words[0], (char *const *)words);
	fprintf(stderr, "mmtorture: %s: python3: %s\n", argv[0],
		strerror(errno));
	free(words);
	return STRESS_EXIT_HARNESS;
}
