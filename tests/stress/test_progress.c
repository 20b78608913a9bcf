// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <string.h>

#include "stress/progress.h"

TestSuite(progress, .timeout = 10);

/* What progress_events() prints of @totals; free() it. */
static char *events(bool tty, const struct stress_totals *totals)
{
	struct progress p;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	progress_init(&p, out);
	p.tty = tty;
	progress_events(&p, totals);
	fclose(out);
	return text;
}

Test(progress, events_on_one_line_when_piped)
{
	struct stress_totals totals = { .n = { [EV_FORK] = 7, [EV_REAP] = 12 } };
	char *text = events(false, &totals);

	cr_expect(strstr(text, " forks=7 "));
	cr_expect(strstr(text, " reaped=12 "));
	cr_expect_eq(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
}

/* Every event once, and each line of full cells as long as the next. */
Test(progress, events_line_up_on_a_terminal)
{
	struct stress_totals totals = { .n = { [EV_FORK] = 7,
					       [EV_FAULT] = 1234567890 } };
	char *text = events(true, &totals);
	char *line = strchr(text, '\n') + 1;
	size_t width = strcspn(line, "\n");
	int cells = 0;

	cr_expect_leq(width, 80);
	for (; *line; line += strcspn(line, "\n") + 1) {
		size_t n = strcspn(line, "\n");

		cr_expect_eq(width % n, 0, "%zu of %zu", n, width);
		for (size_t i = 1; i < n; i++)
			cells += line[i] == ' ' && line[i - 1] >= '0' &&
				 line[i - 1] <= '9';
		cells++;
	}
	cr_expect_eq(cells, EV_SAMPLES);
	for (int i = 0; i < EV_SAMPLES; i++)
		cr_expect(strstr(text, stress_counter_info[i].name), "%s",
			  stress_counter_info[i].name);
	cr_expect(strstr(text, " 1234567890"));
	free(text);
}
