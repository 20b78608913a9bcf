/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A place in the source: who took the lock, who waits, who reports. */
#ifndef LOCKING_SITE_H
#define LOCKING_SITE_H

struct lock_site {
	const char *file;
	const char *func;
	int line;
};

/* The address of a constant record of the place where this is written. */
#define LOCK_SITE() ({							\
	static const struct lock_site __lock_site = {			\
		.file = __FILE__, .func = __func__, .line = __LINE__	\
	};								\
	&__lock_site; })

/* For printf("%s:%d"); @s may be NULL. */
#define SITE_FMT "%s:%d"
#define SITE_ARGS(s) ((s) ? (s)->file : "?"), ((s) ? (s)->line : 0)

#endif
