#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""plant.py BUG.cocci FILE.c OUTPUT.c: apply a bug to a copy of a source file.

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


def spatch(patch, source, out):
    """Write @source, changed by the semantic patch @patch, to @out if it
    changes.  Return the finished process."""
    if os.path.exists(out):
        os.unlink(out)
    with tempfile.NamedTemporaryFile('w', suffix='.h') as macros:
        macros.write(MACROS)
        macros.flush()
        return subprocess.run(
            ['spatch', '--very-quiet', '--no-includes',
             '--macro-file', macros.name, '--sp-file', patch,
             '-o', out, source], capture_output=True, text=True,
            errors='replace', check=False)


def apply(bug, file, out, root='.'):
    """Write @file, one of the bug's, with the bug in it to @out.

    Return '' or, in words, why that is not possible.
    """
    source = os.path.join(root, file)
    done = spatch(bug.path, source, out)
    changed = 0
    if os.path.exists(out):
        changed = places(lines(source), lines(out))
    if not done.returncode and changed == bug.applies[file]:
        return ''
    said = done.stderr.strip()
    return (f'{bug.name}: changes {changed} places of {file}, its header says'
            f' {bug.applies[file]}' + (f'\n{said}' if said else ''))


def main():
    why = apply(bugs.read(sys.argv[1]), *sys.argv[2:4])
    if why:
        print(why, file=sys.stderr)
    return 1 if why else 0


if __name__ == '__main__':
    sys.exit(main())
