#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how all suites of tests went; exit 1 unless every one passed.

usage: check_summary.py RESULT...

What a failed suite said comes last: of a long log only the end may be kept.
Its result is removed, so that it runs again next time.
"""

import json
import os
import sys
from collections import Counter

import verdict


def main():
    tests, failed = Counter(), []
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8') as file:
            result = json.load(file)
        tests[path.split('/')[1]] += result['tested']
        if result['why']:
            failed.append(result)
            os.unlink(path)
    per_flavour = ', '.join(f'{name} {n}' for name, n in tests.items())
    total = f'{tests.total()} tests in {len(sys.argv) - 1} suites'
    for result in failed:
        print(f"!!! {result['program']}: {result['why']}")
        for line in verdict.excerpt(result['said']):
            print(f'    {line}')
    if failed or not tests.total():
        print(f'check: FAIL: {len(failed)} suites failed; {total}'
              f' ({per_flavour})')
        return 1
    print(f'check: PASS: {total} ({per_flavour})')
    return 0


sys.exit(main())
