#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run one Criterion program and record how it went.

usage: run_test.py PROGRAM RESULT

Prints the program's Synthesis line, or everything it said when it failed.
Exits 0 either way: check_summary.py judges, so that one failure does not keep
the other programs from running.  Criterion alone would call it a success when
no test ran, and when a sanitizer reported something after the last assertion.
"""

import glob
import os
import re
import subprocess
import sys

import verdict

TIMEOUT_SECS = 600
SYNTHESIS = re.compile(r'Synthesis: Tested: (\d+) \| Passing: (\d+)'
                       r' \| Failing: (\d+) \| Crashing: (\d+)')
SANITIZER = re.compile(r'(ERROR: (Address|Leak)Sanitizer'
                       r'|WARNING: ThreadSanitizer|: runtime error: )')


def run(program, result):
    """Return (exit code, output); the code is None when time ran out."""
    env = dict(os.environ, LLVM_PROFILE_FILE=f'{result}-%c%4m.profraw')
    for stale in glob.glob(f'{glob.escape(result)}-*.profraw'):
        os.unlink(stale)
    jobs = max(1, len(os.sched_getaffinity(0)) // 2)
    try:
        done = subprocess.run([program, '--jobs', str(jobs)], env=env,
                              stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, errors='replace',
                              stderr=subprocess.STDOUT, timeout=TIMEOUT_SECS,
                              check=False)
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b'').decode(errors='replace')
    return done.returncode, done.stdout


def judge(code, output):
    """Return (number of tests, why it failed or '')."""
    found = SYNTHESIS.search(output)
    tested, _, failing, crashing = map(int, found.groups() if found else [0] * 4)
    report = SANITIZER.search(output)
    if code is None:
        why = f'no end after {TIMEOUT_SECS} s'
    elif not found:
        why = f'no Synthesis line, exit code {code}'
    elif failing or crashing or code:
        why = f'{failing} failing, {crashing} crashing, exit code {code}'
    elif not tested:
        why = 'no test ran'
    elif report:
        why = f'sanitizer report: {report.group(0)}'
    else:
        why = ''
    return tested, why


def main():
    program, result = sys.argv[1:]
    code, output = run(program, result)
    tested, why = judge(code, output)
    if why:
        print(output.rstrip())
        print(f'!!! {program}: {why}')
    else:
        print(f'{program}: Synthesis: Tested: {tested} | Passing: {tested}')
    verdict.write(result, program, tested, why, output.strip())


main()
