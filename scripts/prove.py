#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""prove.py BUG.cocci...: attack each planted bug until the harness sees it.

A bug is run in the runtimes its header names and must be found: with its
scenario for 60 seconds at most each; under explore with its bounded scenario
within 10,000 executions, and the finding must replay.  A bug of which the
header says that no run finds it is listed as a miss and not run.  Exit code 0
if every other bug was found, 1 if one was not, 3 if a run could not be made.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bugs  # noqa: E402

BUDGET = 60  # seconds a runtime
EXECUTIONS = 10000  # explore: of each scenario
GRACE = 60   # for a run to end once it was asked to
MISS = -1    # a bug that no run is expected to find
ROW = '{:<46} {:<10} {:<5} {:>7}  {}'


def first_finding_seen(folder):
    for path, _, names in os.walk(folder):
        if 'findings.jsonl' in names:
            return os.path.getsize(os.path.join(path, 'findings.jsonl')) > 0
    return False


def attack(bug, runtime, seed, extra):
    """Run until the first finding.  Return (summary or None, seconds)."""
    program = f'build/bugs/{bug.name}/native/mmtorture'
    with tempfile.TemporaryDirectory() as folder:
        command = [program, 'run', *bug.scenario, '--json',
                   '--runtime', runtime,
                   '--secs', str(BUDGET), '--seed', str(seed),
                   '--results', folder, *extra]
        start = time.monotonic()
        found_after = None
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL) as run:
            while run.poll() is None:
                if found_after is None and first_finding_seen(folder):
                    found_after = time.monotonic() - start
                    time.sleep(1)  # others on its heels
                    run.send_signal(signal.SIGINT)
                if time.monotonic() - start > BUDGET + GRACE:
                    run.kill()
                time.sleep(0.2)
            output = run.stdout.read()
        seconds = found_after or time.monotonic() - start
    try:
        return json.loads(output), seconds
    except json.JSONDecodeError:
        return None, seconds


def explore(bug, seed):
    """Try schedules of the bug's bounded scenario, then replay the finding.

    Return (summary or None, seconds); the summary has what kinds() and
    prove() look at.
    """
    program = f'build/bugs/{bug.name}/explore/mmtorture'
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [program, 'explore', *bug.bounded, '--json', '--seed', str(seed),
             '--executions', str(EXECUTIONS), '--results', folder,
             *bug.explore_options],
            capture_output=True, text=True, check=False)
        seconds = time.monotonic() - start
        if run.returncode not in (0, 1):
            return None, seconds
        found = [json.loads(line) for line in run.stdout.splitlines()]
        schedules = [os.path.join(path, 'schedule')
                     for path, _, names in os.walk(folder)
                     if 'schedule' in names]
        for path in schedules:
            again = subprocess.run([program, 'replay', path],
                                   capture_output=True, check=False)
            if again.returncode != 1:
                return None, seconds
    text = [f"{verdict} in execution {one['first_finding']}"
            for one in found if one['first_finding']
            for verdict, n in one['verdicts'].items()
            if n and verdict not in ('clean', 'redundant')]
    return {'exit_code': run.returncode,
            'findings': [{'kind': kind} for kind in text]}, seconds


def kinds(summary):
    seen = []
    for finding in summary.get('findings', []):
        if finding['kind'] not in seen:
            seen.append(finding['kind'])
    return ', '.join(seen)


def prove(bug, args):
    """Print a row for each runtime tried.  Return 0, 1, 3 or MISS."""
    if not bug.found_by:
        print(ROW.format(bug.name, '-', 'MISS', '-', 'as its header says'),
              flush=True)
        return MISS
    code = 1
    for runtime in bug.runtimes:
        if runtime == 'explore':
            summary, seconds = explore(bug, args.seed)
        else:
            summary, seconds = attack(bug, runtime, args.seed, args.extra)
        if summary is None or summary.get('exit_code') not in (0, 1):
            print(ROW.format(bug.name, runtime, 'ERROR', f'{seconds:.1f}',
                             'the run gave no verdict'), flush=True)
            code = 3
            continue
        found = summary['exit_code'] == 1
        print(ROW.format(bug.name, runtime, 'yes' if found else 'NO',
                         f'{seconds:.1f}', kinds(summary)), flush=True)
        if found:
            code = 0
            if not args.all_runtimes:
                break
    return code


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--all-runtimes', action='store_true',
                        help='go on in the other runtimes after a find')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--extra', type=str.split, default=[],
                        help='more options for mmtorture run, in one word')
    parser.add_argument('bugs', nargs='+', metavar='BUG.cocci')
    args = parser.parse_args()
    print(ROW.format('bug', 'runtime', 'found', 'seconds', 'by'), flush=True)
    codes = [prove(bugs.read(path), args) for path in args.bugs]
    found, expected = codes.count(0), codes.count(MISS)
    print(f'{found} of {len(codes)} planted bugs found, {expected} expected'
          f' misses, {len(codes) - found - expected} others')
    return max(0, *codes)


if __name__ == '__main__':
    sys.exit(main())
