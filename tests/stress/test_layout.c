// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <string.h>

#include "mm/pgtable_types.h"
#include "stress/layout.h"

static struct layout layout;
static struct errbuf err;

static int parse(const char *text)
{
	return layout_parse(&layout, text, strlen(text), "x.maps", TASK_SIZE,
			    &err);
}

TestSuite(layout, .timeout = 20);

static const char good[] =
	"00400000-00402000 r-xp 00001000 08:01 12  /bin/a b\n"
	"00402000-00403000 rw-p 00003000 08:01 12  /bin/a b\n"
	"00500000-00521000 rw-p 00000000 00:00 0   [heap]\n"
	"10000000-10001000 rw-s 00000000 00:05 9   /dev/shm/x\n"
	"20000000-20004000 ---p 00000000 00:00 0\n"
	"30000000-30021000 rw-p 00000000 00:00 0   [stack]\n"
	"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n";

Test(layout, maps)
{
	cr_assert_eq(parse(good), 0, "%s", err.text);
	cr_assert_eq(layout.nr, 6);
	cr_assert_eq(layout.nr_files, 2);
	cr_assert(!layout.has_residency);
	cr_assert_eq(layout.vmas[0].start, 0x400000);
	cr_assert_eq(layout.vmas[0].offset, 0x1000);
	cr_assert(layout.vmas[0].exec && !layout.vmas[0].write);
	cr_assert_eq(layout.vmas[0].file_id, layout.vmas[1].file_id);
	cr_assert_str_eq(layout.vmas[0].name, "a b");
	cr_assert_eq(layout.vmas[2].kind, LAYOUT_HEAP);
	cr_assert(layout.vmas[3].shared);
	cr_assert(!layout.vmas[4].read);
	cr_assert_eq(layout.vmas[5].kind, LAYOUT_STACK);
}

Test(layout, smaps_tells_residency)
{
	uint64_t resident;

	cr_assert_eq(parse("1000-9000 rw-p 00000000 00:00 0\n"
			   "Size:                 32 kB\n"
			   "Rss:                  12 kB\n"
			   "Private_Dirty:         8 kB\n"
			   "VmFlags: rd wr mr\n"), 0, "%s", err.text);
	cr_assert(layout.has_residency);
	cr_assert_eq(layout.vmas[0].resident, 3);
	cr_assert_eq(layout.vmas[0].private_dirty, 2);
	cr_assert_eq(layout_pages(&layout, &resident), 8);
	cr_assert_eq(resident, 3);
}

/* What is wrong, and the line the message must name. */
static const struct bad_case {
	const char *text, *message;
} bad_cases[] = {
	{ "", "no area" },
	{ "hello\n", "x.maps:1:" },
	{ "1000-2000 rw-p 0 0:0 0\n\n", "x.maps:2: empty" },
	{ "2000-1000 rw-p 0 0:0 0\n", "x.maps:1: the area ends before" },
	{ "1000-2000 rwxq 0 0:0 0\n", "x.maps:1: permissions" },
	{ "1000-2000 rw- 0 0:0 0\n", "x.maps:1: permissions" },
	{ "1000-2000 rw-p zz 0:0 0\n", "x.maps:1: not a line" },
	{ "1001-2000 rw-p 0 0:0 0\n", "x.maps:1: an address" },
	{ "1000-3000 rw-p 0 0:0 0\n2000-4000 rw-p 0 0:0 0\n",
	  "x.maps:2: the area overlaps" },
	{ "7fffffff0000-800000000000 rw-p 0 0:0 0\n", "x.maps:1: the area lies"
	  " above" },
	{ "Rss: 4 kB\n", "x.maps:1: a detail" },
	{ "1000-2000 rw-p 0 0:0 0\nRss: 8 kB\n", "x.maps:2: more memory" },
	{ "1000-2000 rw-p 0 0:0 0\nRss: many kB\n", "x.maps:2: no size" },
};

Test(layout, malformed_files_name_their_line)
{
	for (size_t i = 0; i < sizeof(bad_cases) / sizeof(*bad_cases); i++) {
		const struct bad_case *c = &bad_cases[i];

		err.text[0] = '\0';
		cr_assert_neq(parse(c->text), 0, "accepted '%s'", c->text);
		cr_assert(strstr(err.text, c->message),
			  "'%s' gives '%s', without '%s'", c->text, err.text,
			  c->message);
	}
}

Test(layout, file_without_final_newline)
{
	cr_assert_eq(parse("1000-2000 rw-p 00000000 00:00 0"), 0);
	cr_assert_eq(layout.nr, 1);
}

Test(layout, built_in_ones_are_well_formed)
{
	for (const struct builtin_layout *b = builtin_layouts; b->name; b++) {
		cr_assert_eq(layout_load(&layout, b->name, 1ull << 47, &err),
			     0, "%s", err.text);
		cr_assert_gt(layout.nr, 10);
		cr_assert(layout.has_residency);
	}
}

Test(layout, own_process)
{
	cr_assert_eq(layout_load(&layout, "/proc/self/maps", 1ull << 47,
				 &err), 0, "%s", err.text);
	cr_assert_gt(layout.nr, 5);
}

Test(layout, missing_file_and_process)
{
	cr_assert_lt(layout_load(&layout, "/nonexistent/x", TASK_SIZE, &err),
		     0);
	cr_assert(strstr(err.text, "/nonexistent/x"));
	cr_assert_lt(layout_load(&layout, "999999999", TASK_SIZE, &err), 0);
	cr_assert(strstr(err.text, "/proc/999999999/smaps"));
}
