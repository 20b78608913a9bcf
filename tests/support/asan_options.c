// SPDX-License-Identifier: GPL-2.0-or-later
/* Options of the asan flavour's test programs; the environment overrides. */

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

/* handle_segv=0 leaves SIGSEGV to tests that expect it. */
const char *__asan_default_options(void)
{
	return "handle_segv=0:strict_string_checks=1";
}

const char *__ubsan_default_options(void)
{
	return "print_stacktrace=1";
}
