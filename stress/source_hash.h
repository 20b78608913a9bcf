/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the program was built from; scripts/source_hash.py writes the value. */
#ifndef STRESS_SOURCE_HASH_H
#define STRESS_SOURCE_HASH_H

#define SOURCE_HASH_LEN 16

extern const char source_hash[SOURCE_HASH_LEN + 1];

#endif /* STRESS_SOURCE_HASH_H */
