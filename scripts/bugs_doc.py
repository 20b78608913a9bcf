#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write docs/bugs.md, the table of planted bugs, from their headers.

usage: bugs_doc.py [--check RESULT]

--check: only compare it, and write RESULT as run_test.py does.
"""

import os
import sys
from collections import Counter

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'scripts'))
import bugs  # noqa: E402
import sources  # noqa: E402
import verdict  # noqa: E402

PAGE = 'docs/bugs.md'
HEAD = '''# Planted bugs

Written by `scripts/bugs_doc.py` from the headers of `bugs/*.cocci`; `ninja
check` compares. [bugs](../bugs/README.md) explains the columns,
[detectors](detectors.md) says what was learnt from them.

{total} bugs: {shipped} of them are in 2.6.11 as shipped, {found} have been
found by a run ({explore} by `explore`), {none} by none so far.

| area | bugs | found |
|---|---:|---:|
{areas}

| consequence | bugs | found |
|---|---:|---:|
{consequences}

'''
SECTION = '''## {area}

| bug | what is wrong | year | consequence | threads | depth | expected | blind | found by |
|---|---|---|---|---:|---:|---|---|---|
'''


def counts(every, field):
    total = Counter(bug[field] for bug in every)
    found = Counter(bug[field] for bug in every if bug.found_by)
    return '\n'.join(f'| {value} | {n} | {found[value]} |'
                     for value, n in sorted(total.items()))


def row(bug):
    year = bug['year'] + (', shipped' if bug.shipped else '')
    cells = [f'[{bug.name}](../{bug.path})', bug['title'].replace('|', '\\|'),
             year, bug['consequence'], bug['threads'], bug['depth'],
             ', '.join(bug.expected), ', '.join(bug.blind) or '-',
             ', '.join(bug.found_by) or '**none**']
    return f"| {' | '.join(cells)} |\n"


def page(every):
    text = HEAD.format(
        total=len(every), shipped=sum(bug.shipped for bug in every),
        found=sum(bool(bug.found_by) for bug in every),
        explore=sum('explore' in bug.runtimes for bug in every
                    if bug.found_by),
        none=sum(not bug.found_by for bug in every),
        areas=counts(every, 'area'), consequences=counts(every, 'consequence'))
    for area in bugs.AREAS:
        rows = [row(bug) for bug in every if bug['area'] == area]
        if rows:
            text += SECTION.format(area=area) + ''.join(rows) + '\n'
    return text.rstrip('\n') + '\n'


def current(text):
    try:
        with open(PAGE, encoding='utf-8') as old:
            return old.read() == text
    except OSError:
        return False


def main():
    os.chdir(ROOT)
    every = [bugs.read(path) for path in sources.BUGS]
    text = page(every)
    if sys.argv[1:2] != ['--check']:
        with open(PAGE, 'w', encoding='utf-8') as out:
            out.write(text)
        return
    why = '' if current(text) else \
        f'{PAGE} is not what the headers say: run scripts/bugs_doc.py'
    if why:
        print(f'!!! {why}')
    verdict.write(sys.argv[2], PAGE, len(every), why)


main()
