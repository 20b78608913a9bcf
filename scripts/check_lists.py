#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare lists in the documents with the tree.

usage: check_lists.py RESULT

docs/defects.md: each repaired DEF-n has exactly one comment "DEF-n:" in mm/ or
locking/, in the file and function its row names; tests and planted bugs named
there exist.  docs/locking.md: its table of deliberate races has one row for
each use of data_race().  docs/specification.md: it has each rule that the tree
cites.  Writes RESULT as run_test.py does, and RESULT.d with
the files it read.
"""

import glob
import os
import re
import sys
from collections import Counter

import verdict

DEFECTS = 'docs/defects.md'
RACES = 'docs/locking.md'
RULES = 'docs/specification.md'
NR_DEFECTS = 31
CODE = ['mm', 'locking', 'stress', 'bench', 'explore']
TESTS = ['tests/locking', 'tests/mm', 'tests/stress', 'tests/explore']

ROW = re.compile(r'^\| DEF-(\d+) \|(.*)\|$', re.M)
HOW = re.compile(r' (repaired|left|absent): ')
PLACE = re.compile(r'`([\w/.]+\.[ch])`(?:, `(\w+)\(\)`)?')
FIX = re.compile(r'\bDEF-(\d+): ')
TEST = re.compile(r'`(\w+)::(\w+)`')
BUG = re.compile(r'\[(?P<name>[\w-]+)\]\(\.\./bugs/(?P=name)\.cocci\)')
DEFINED = re.compile(r'^(?:\w+_)?(?:Test|TEST)\((\w+), (\w+)', re.M)
FUNCTION = re.compile(r'^[a-z].*?\b(\w+)\([^;]*$')
TOPICS = ('OBJ LOCK REF FORK CPR FLT MAP EXIT DUMP EXEC TLB RECL SWOFF PRIM PROC'
          ' INV ORD DEF B').split()
CITED = re.compile(rf"\b(?:{'|'.join(TOPICS)})-\d+\b")
RULE = re.compile(rf'^[|\s*-]*({CITED.pattern})', re.M)
USE = re.compile(r'\bdata_race\(')
RACE_ROW = re.compile(r'^\| `([\w/.]+)` \| `(\w+)\(\)` \| `(.*?)` \|', re.M)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def sources(folders):
    return {path: read(path) for folder in folders
            for path in sorted(glob.glob(f'{folder}/**/*.[ch]',
                                         recursive=True))}


def function_at(text, position):
    """The function that @position of a file is in, or stands above."""
    lines = text[:position].splitlines()
    for line in reversed(lines):
        if line.startswith('}'):
            break
        found = FUNCTION.match(line)
        if found:
            return found[1]
    for line in text[position:].splitlines()[1:]:
        found = FUNCTION.match(line)
        if found:
            return found[1]
    return ''


def argument(text, position):
    """What stands between the bracket at @position and its partner."""
    depth = 0
    for end in range(position, len(text)):
        depth += (text[end] == '(') - (text[end] == ')')
        if not depth:
            return ' '.join(text[position + 1:end].split())
    return ''


def check_fix(number, row, fixes):
    """Why the row of a repaired defect is wrong, or ''."""
    places = fixes.get(number, [])
    if len(places) != 1:
        where = ', '.join(path for path, _ in places) or 'nowhere'
        return (f'is repaired, so one comment "DEF-{number}:" is expected in'
                f' mm/ and locking/, found {len(places)} ({where})')
    named = PLACE.search(row)
    if not named:
        return 'is repaired, but its row names no file'
    if (named[1], named[2]) != places[0]:
        return (f'is said to be repaired in {named[1]}, {named[2]}(), its'
                f' comment is in {places[0][0]}, {places[0][1]}()')
    return ''


def defect_faults(code):
    page = read(DEFECTS)
    rows = {int(number): row for number, row in ROW.findall(page)}
    fixes = {}
    for path, text in code.items():
        if path.startswith(('mm/', 'locking/')):
            for fix in FIX.finditer(text):
                fixes.setdefault(int(fix[1]), []).append(
                    (path, function_at(text, fix.start())))
    for number in range(1, NR_DEFECTS + 1):
        row = rows.get(number, '')
        how = HOW.search(row)
        if not how:
            yield f'DEF-{number} has no row that says repaired, left or absent'
        elif how[1] == 'repaired':
            why = check_fix(number, row, fixes)
            if why:
                yield f'DEF-{number} {why}'
    tests = {pair for text in sources(TESTS).values()
             for pair in DEFINED.findall(text)}
    for pair in sorted(set(TEST.findall(page)) - tests):
        yield f'no test {"::".join(pair)}'
    for name in sorted(set(BUG.findall(page))):
        if not os.path.exists(f'bugs/{name}.cocci'):
            yield f'no planted bug {name}'


def race_faults(code):
    listed = Counter(RACE_ROW.findall(read(RACES)))
    used = Counter()
    for path, text in code.items():
        for use in USE.finditer(text):
            line = text[text.rfind('\n', 0, use.start()) + 1:use.start()]
            if not line.startswith('#define'):
                used[path, function_at(text, use.start()),
                     argument(text, use.end() - 1)] += 1
    for path, function, what in sorted((used - listed).elements()):
        yield (f'data_race({what}) of {path}, {function}() is not in the'
               ' table')
    for path, function, what in sorted((listed - used).elements()):
        yield (f'the table has data_race({what}) in {path}, {function}(),'
               ' the code has not')


def citing():
    """The files in which rules are cited."""
    return [*sources([*CODE, 'tests']),
            *(path for pattern in ('bugs/*.cocci', 'docs/*.md', '*/README.md',
                                   'README.md')
              for path in sorted(glob.glob(pattern)) if path != RULES)]


def rule_faults():
    rules = set(RULE.findall(read(RULES)))
    for path in citing():
        for rule in sorted(set(CITED.findall(read(path))) - rules):
            yield f'{path} cites {rule}, which {RULES} has not'


def main():
    result = sys.argv[1]
    code = sources(CODE)
    faults = [f'{DEFECTS}: {why}' for why in defect_faults(code)]
    faults += [f'{RACES}: {why}' for why in race_faults(code)]
    faults += rule_faults()
    for fault in faults:
        print(f'!!! {fault}')
    with open(f'{result}.d', 'w', encoding='utf-8') as out:
        files = sorted({*code, *sources(TESTS), *citing(), RULES})
        out.write(f"{result}: {' '.join(files)}\n")
    verdict.write_faults(result, 'lists', NR_DEFECTS + 2, faults)


main()
