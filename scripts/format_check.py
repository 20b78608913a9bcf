#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""List the lines clang-format would change; exit 1 when there are any."""

import glob
import re
import subprocess
import sys

FOLDERS = ('locking', 'mm', 'stress', 'bench', 'tests')


def main():
    files = sorted(path for folder in FOLDERS for suffix in 'ch'
                   for path in glob.glob(f'{folder}/**/*.{suffix}',
                                         recursive=True))
    if not files:
        return 0
    done = subprocess.run(['clang-format-19', '--dry-run', *files],
                          stderr=subprocess.PIPE, text=True, check=True)
    hits = re.findall(r'^(\S+:\d+):\d+: warning:', done.stderr, re.M)
    for hit in dict.fromkeys(hits):
        print(hit)
    print(f"format-check: {'FAIL' if hits else 'PASS'}: {len(set(hits))} lines"
          f' of {len(files)} files')
    return 1 if hits else 0


sys.exit(main())
