// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repeat.c - main() of a program linked with -Wl,--wrap=main: N ARGUMENT...
 * runs its own main() with those arguments N times, natively
 */
#include <stdlib.h>

int __real_main(int argc, char **argv, char **envp);
int __wrap_main(int argc, char **argv, char **envp);

int __wrap_main(int argc, char **argv, char **envp)
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 1;

	for (long i = 0; i < n; i++)
		if (__real_main(argc - (argc > 1), argv + (argc > 1), envp))
			return 1;
	return 0;
}
