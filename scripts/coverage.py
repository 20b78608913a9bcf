#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Merge the profiles of the coverage tests and judge line coverage.

usage: coverage.py RESULT... [--program PROGRAM]

Prints a row per source file of mm/ and locking/, leaves an HTML report in
results/coverage/, and exits 1 when a test failed or a folder as a whole has
less than 90 % of its lines covered.
"""

import argparse
import glob
import json
import os
import subprocess
import sys

GOAL_PERCENT = 90.0
FOLDERS = ('mm', 'locking')
PROFILE = 'build/coverage/merged.profdata'
REPORT = 'results/coverage'


def failed_tests(results):
    """Programs that failed; their results go, so that they run again."""
    failed = []
    for path in results:
        with open(path, encoding='utf-8') as file:
            result = json.load(file)
        if result['why']:
            failed.append(f"{result['program']}: {result['why']}")
            os.unlink(path)
    return failed


def merge(results):
    raw = [profile for path in results
           for profile in glob.glob(f'{glob.escape(path)}-*.profraw')]
    if not raw:
        sys.exit('coverage: FAIL: the tests left no profile')
    subprocess.run(['llvm-profdata-19', 'merge', '-sparse', '-o', PROFILE,
                    *raw], check=True)


def objects(results, program):
    binaries = [path.removesuffix('.result') for path in results]
    if program:
        binaries.append(program)
    words = [binaries[0]]
    for binary in binaries[1:]:
        words += ['-object', binary]
    return words


def line_counts(binaries):
    """{file: (lines, covered lines)} of the folders that count."""
    done = subprocess.run(['llvm-cov-19', 'export', '-summary-only',
                           f'-instr-profile={PROFILE}', *binaries, *FOLDERS],
                          stdout=subprocess.PIPE, check=True)
    here = os.getcwd() + os.sep
    rows = {}
    for file in json.loads(done.stdout)['data'][0]['files']:
        lines = file['summary']['lines']
        name = file['filename'].removeprefix(here)
        if lines['count']:
            rows[name] = (lines['count'], lines['covered'])
    return rows


def percent(lines, covered):
    return 100.0 * covered / lines if lines else 0.0


def print_folder(folder, rows):
    """Print the folder's table; return its percentage."""
    mine = {name: row for name, row in rows.items()
            if name.startswith(f'{folder}/')}
    for name in sorted(mine):
        lines, covered = mine[name]
        print(f'{name:40} {lines:6} {covered:6} {percent(lines, covered):6.1f}')
    lines, covered = (sum(row[i] for row in mine.values()) for i in (0, 1))
    total = percent(lines, covered)
    print(f"{folder + '/ total':40} {lines:6} {covered:6} {total:6.1f}")
    return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('results', nargs='+')
    parser.add_argument('--program')
    args = parser.parse_args()
    failed = failed_tests(args.results)
    merge(args.results)
    binaries = objects(args.results, args.program)
    subprocess.run(['llvm-cov-19', 'show', '-format=html',
                    f'-output-dir={REPORT}', f'-instr-profile={PROFILE}',
                    *binaries, *FOLDERS], check=True)
    rows = line_counts(binaries)
    print(f"{'file':40} {'lines':>6} {'hit':>6} {'%':>6}")
    totals = {folder: print_folder(folder, rows) for folder in FOLDERS}
    for line in failed:
        print(f'!!! {line}')
    good = not failed and all(t >= GOAL_PERCENT for t in totals.values())
    per_folder = ', '.join(f'{name}/ {t:.1f} %' for name, t in totals.items())
    print(f"coverage: {'PASS' if good else 'FAIL'}: {per_folder} of lines, goal"
          f' {GOAL_PERCENT:.0f} %; {REPORT}/index.html')
    return 0 if good else 1


sys.exit(main())
