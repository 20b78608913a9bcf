#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run one file of Python tests and record how it went, as run_test.py does.

usage: run_unittest.py TESTS.py RESULT
"""

import os
import sys
import unittest

import verdict

sys.dont_write_bytecode = True


def main():
    path, result = sys.argv[1:]
    for folder in ('scripts', 'scripts/corpus', os.path.dirname(path)):
        sys.path.insert(0, os.path.abspath(folder))
    name = os.path.basename(path).removesuffix('.py')
    suite = unittest.defaultTestLoader.loadTestsFromName(name)
    done = unittest.TextTestRunner(verbosity=0).run(suite)
    failed = [str(test) for test, _ in done.failures + done.errors]
    why = f'{len(failed)} failing: {failed[0]}' if failed else \
        '' if done.testsRun else 'no test ran'
    os.makedirs(os.path.dirname(result), exist_ok=True)
    verdict.write(result, path, done.testsRun, why,
                  '\n'.join(text for _, text in done.failures + done.errors))


main()
