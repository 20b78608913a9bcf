#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Attack a few planted bugs, and record whether each was found.

usage: check_sample.py RESULT RUNTIME:BUG...

Writes RESULT as run_test.py does.
"""

import json
import subprocess
import sys
import tempfile

import verdict

SECS = 60


def attack(runtime, names):
    """Return [what is wrong]."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, 'scripts/corpus', 'bugs', *names, '--no-build',
             '--runtime', runtime, '--secs', str(SECS), '--results', folder,
             '--json'], capture_output=True, text=True, check=False)
    if not done.stdout:
        return [done.stderr.strip() or f'exit code {done.returncode}']
    faults = []
    for record in json.loads(done.stdout)['bugs']:
        tries = [one for seed in record['seeds'] for one in seed]
        errors = [one['error'] for one in tries if one['error']]
        if record['broken'] or errors:
            faults.append(f"{record['bug']}: {record['broken'] or errors[0]}")
        elif not any(one['found'] for one in tries):
            faults.append(f"{record['bug']}: not found in {SECS} s by"
                          f' {runtime}')
    return faults


def main():
    result, *pairs = sys.argv[1:]
    by_runtime = {}
    for pair in pairs:
        runtime, name = pair.split(':')
        by_runtime.setdefault(runtime, []).append(name)
    faults = [fault for runtime, names in by_runtime.items()
              for fault in attack(runtime, names)]
    for fault in faults:
        print(f'!!! {fault}')
    print(f'sample: {len(pairs) - len(faults)} of {len(pairs)} planted bugs'
          ' found')
    verdict.write_faults(result, 'sample', len(pairs), faults)


main()
