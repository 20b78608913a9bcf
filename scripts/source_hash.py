#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""source_hash.py OUTPUT.c: what the program is built from, in 16 digits.

A hash over the sources and headers of locking/, mm/ and stress/.  The driver
and its workers compare it, and every run records it.  The file is written
only when the hash changes; its dependencies go to OUTPUT.c.d.
"""

import glob
import hashlib
import os
import sys

FOLDERS = ('locking', 'mm', 'stress')

TEXT = '''/* Written by scripts/source_hash.py. */
#include "stress/source_hash.h"

const char source_hash[SOURCE_HASH_LEN + 1] = "{}";
'''


def main():
    out = sys.argv[1]
    paths = sorted(path for folder in FOLDERS
                   for path in glob.glob(f'{folder}/*.[ch]'))
    digest = hashlib.sha256()
    for path in paths:
        with open(path, 'rb') as source:
            digest.update(f'{path}\n'.encode() + source.read())
    text = TEXT.format(digest.hexdigest()[:16])
    os.makedirs(os.path.dirname(out), exist_ok=True)
    old = None
    if os.path.exists(out):
        with open(out, encoding='utf-8') as current:
            old = current.read()
    if text != old:
        with open(out, 'w', encoding='utf-8') as new:
            new.write(text)
    with open(f'{out}.d', 'w', encoding='utf-8') as depfile:
        depfile.write(f'{out}: {" ".join(paths)}\n')


if __name__ == '__main__':
    main()
