/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_SUPPORT_LEAKCHECK_H
#define TESTS_SUPPORT_LEAKCHECK_H

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define LEAKCHECK_LSAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define LEAKCHECK_LSAN 1
#endif

#ifdef LEAKCHECK_LSAN
#include <sanitizer/lsan_interface.h>
#endif

/**
 * leaks_found() - is host memory lost at this point
 *
 * LeakSanitizer speaks up when a process exits, after Criterion has called
 * the test a success; so every suite asserts in its .fini that this is 0.
 *
 * Context: no other thread may be allocating.
 * Return: nonzero after printing the leaks; always 0 without ASan.
 */
static inline int leaks_found(void)
{
#ifdef LEAKCHECK_LSAN
	return __lsan_do_recoverable_leak_check();
#else
	return 0;
#endif
}

#endif /* TESTS_SUPPORT_LEAKCHECK_H */
