/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that compile: scripts of the source tree carry them out. */
#ifndef STRESS_TREE_TOOLS_H
#define STRESS_TREE_TOOLS_H

#include <limits.h>

#include "stress/errbuf.h"

/**
 * tree_find() - the nearest source tree
 * @tree: gets its path, PATH_MAX bytes: at or above the current folder, else
 *        at or above the folder of the running program
 * @err: says what is needed if there is none
 *
 * Context: driver.
 * Return: 0 or -ENOENT.
 */
int tree_find(char *tree, struct errbuf *err);

/**
 * tree_tool() - have a command carried out by the source tree's scripts
 * @argc: words of @argv
 * @argv: the command and its options
 *
 * Context: driver; replaces the process.
 * Return: an exit code, and only if that was not possible.
 */
int tree_tool(int argc, const char **argv);

#endif
