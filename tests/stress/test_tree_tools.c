// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stress/tree_tools.h"

/* A folder with what makes a source tree, and folders below it. */
static char tree[] = "/tmp/mmtorture-tree-XXXXXX";

static const char *const folders[] = {
	"bugs", "scripts", "scripts/corpus", "mm", "mm/deep",
};
static const char *const files[] = {
	"build.ninja", "scripts/corpus/__main__.py",
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static void make_tree(void)
{
	cr_assert(mkdtemp(tree) != NULL);
	cr_assert(chdir(tree) == 0);
	for (size_t i = 0; i < COUNT(folders); i++)
		cr_assert(mkdir(folders[i], 0700) == 0);
	for (size_t i = 0; i < COUNT(files); i++)
		cr_assert(close(open(files[i], O_CREAT | O_WRONLY, 0600)) ==
			  0);
}

static void remove_tree(void)
{
	if (chdir(tree))
		return;
	for (size_t i = 0; i < COUNT(files); i++)
		unlink(files[i]);
	for (size_t i = COUNT(folders); i-- > 0;)
		rmdir(folders[i]);
	rmdir(tree);
}

TestSuite(tree_tools, .init = make_tree, .fini = remove_tree, .timeout = 20);

Test(tree_tools, nearest_tree_above_the_current_folder)
{
	char found[PATH_MAX];
	struct errbuf err;

	cr_assert(chdir("mm/deep") == 0);
	cr_assert(tree_find(found, &err) == 0);
	cr_assert_str_eq(found, tree);
}

/* This program lies in the tree it was built in. */
Test(tree_tools, else_the_tree_of_the_program)
{
	char found[PATH_MAX], program[PATH_MAX];
	struct errbuf err;
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

	cr_assert(n > 0);
	program[n] = '\0';
	cr_assert(unlink("build.ninja") == 0);
	cr_assert(tree_find(found, &err) == 0);
	cr_assert(strncmp(found, program, strlen(found)) == 0);
	cr_assert(strlen(found) < strlen(program));
}
