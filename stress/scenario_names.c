// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scenario_names.c - names that resemble one that there is not
 *
 * Names are words joined by '-' or '_'.
 */
#include "stress/scenario_names.h"

#include <stddef.h>
#include <string.h>

#include "stress/bounded/bounded.h"
#include "stress/scenario.h"

#define SEPARATORS "-_"
#define LEAST_COMMON 3 /* letters; of a shorter word all of them */

/* The name at @i of @list; NULL: there are not so many. */
static const char *name_at(enum scenario_list list, unsigned int i)
{
	if (list == SCENARIOS_OF_RUN)
		return stress_scenarios[i] ? stress_scenarios[i]->name : NULL;
	return bounded_scenarios[i] ? bounded_scenarios[i]->name : NULL;
}

static bool is_there(enum scenario_list list, const char *name)
{
	const char *other;

	for (unsigned int i = 0; (other = name_at(list, i)); i++)
		if (!strcmp(other, name))
			return true;
	return false;
}

/* Does the word at @a begin like the one at @b? */
static bool words_alike(const char *a, const char *b)
{
	size_t len_a = strcspn(a, SEPARATORS), len_b = strcspn(b, SEPARATORS);
	size_t shorter = len_a < len_b ? len_a : len_b, common = 0;

	while (common < shorter && a[common] == b[common])
		common++;
	return common && (common >= LEAST_COMMON || len_a == len_b) &&
	       common == shorter;
}

static const char *next_word(const char *word)
{
	word += strcspn(word, SEPARATORS);
	return *word ? word + 1 : word;
}

static bool names_alike(const char *a, const char *b)
{
	for (const char *wa = a; *wa; wa = next_word(wa))
		for (const char *wb = b; *wb; wb = next_word(wb))
			if (words_alike(wa, wb))
				return true;
	return false;
}

void scenario_unknown(struct errbuf *err, enum scenario_list list,
		      const char *name)
{
	bool of_run = list == SCENARIOS_OF_RUN;
	bool elsewhere = is_there(of_run ? SCENARIOS_OF_EXPLORE :
					   SCENARIOS_OF_RUN, name);
	const char *other, *join = of_run ? "; like it:" : "; like it here:";

	errbuf_set(err, "unknown scenario '%.64s'", name);
	if (elsewhere)
		errbuf_add(err, ", one of 'mmtorture %s'",
			   of_run ? "explore" : "run");
	for (unsigned int i = 0; (other = name_at(list, i)); i++) {
		if (!names_alike(name, other))
			continue;
		errbuf_add(err, "%s %s", join, other);
		join = "";
	}
	errbuf_add(err, "; 'mmtorture list' shows all");
}
