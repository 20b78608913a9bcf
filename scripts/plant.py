#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""plant.py BUG.cocci OUTPUT.c: apply a bug to a copy of its source file.

Fails by the bug's name if the patch changes more or fewer places than its
header says: it no longer fits the code then.
"""

import difflib
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bugs  # noqa: E402

# Lock contracts, which spatch takes for syntax errors where there are two.
MACROS = '''
#define __must_hold(x)
#define __must_hold_shared(x)
#define __acquires(...)
#define __releases(x)
#define __no_lock_analysis
'''


def lines(path):
    with open(path, encoding='utf-8') as source:
        return source.readlines()


def places(before, after):
    """Separate places in which two texts differ."""
    return sum(line.startswith('@@') for line in
               difflib.unified_diff(before, after, n=0))


def main():
    bug = bugs.read(sys.argv[1])
    out = sys.argv[2]
    if os.path.exists(out):
        os.unlink(out)
    with tempfile.NamedTemporaryFile('w', suffix='.h') as macros:
        macros.write(MACROS)
        macros.flush()
        done = subprocess.run(
            ['spatch', '--very-quiet', '--no-includes',
             '--macro-file', macros.name, '--sp-file', bug.path,
             '-o', out, bug.file], capture_output=True, text=True,
            check=False)
    changed = 0
    if os.path.exists(out):
        changed = places(lines(bug.file), lines(out))
    if done.returncode or changed != bug.applies:
        print(f'{bug.name}: changes {changed} places of {bug.file}, its header'
              f' says {bug.applies}', file=sys.stderr)
        print(done.stderr, end='', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
