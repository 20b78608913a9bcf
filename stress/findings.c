// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/findings.h"

#include <ctype.h>

static uint64_t hash_byte(uint64_t h, unsigned char c)
{
	return (h ^ c) * 0x100000001b3ull;
}

/* Words without a digit in them; everything else is a detail of one run. */
static uint64_t hash_words(uint64_t h, const char *text)
{
	while (*text) {
		const char *word = text;
		bool digits = false;

		for (; *text && !isspace((unsigned char)*text); text++)
			digits |= isdigit((unsigned char)*text) != 0;
		for (; !digits && word < text; word++)
			h = hash_byte(h, *word);
		while (isspace((unsigned char)*text))
			text++;
		h = hash_byte(h, ' ');
	}
	return h;
}

uint64_t finding_signature(const char *kind, const char *where,
			   const char *text)
{
	uint64_t h = 0xcbf29ce484222325ull;

	h = hash_words(h, kind);
	h = hash_words(hash_byte(h, '|'), where);
	return hash_words(hash_byte(h, '|'), text);
}

bool findings_add(struct findings *fs, const struct found *f)
{
	fs->total++;
	for (unsigned int i = 0; i < fs->nr; i++) {
		if (fs->list[i].signature == f->signature) {
			fs->list[i].count++;
			return false;
		}
	}
	if (fs->nr == FINDINGS_MAX)
		return false;
	fs->list[fs->nr] = *f;
	fs->list[fs->nr++].count = 1;
	return true;
}
