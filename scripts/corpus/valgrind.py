# SPDX-License-Identifier: GPL-2.0-or-later
"""Helgrind and DRD, for comparison.

Both follow pthread locks, and know nothing of locks made of C11 atomics, so
they report races on the tree without a bug, too.  What is counted of a run is
how many of its reports are different, and how many of those the runs without
a bug did not have.  No finding is claimed.
"""

import os
import re
import shutil
import subprocess
import time

import child
import tree
from attack import GRACE, Outcome

TOOLS = ('helgrind', 'drd')
SIZE = ('--tasks', '20', '--cpus', '4')  # valgrind runs one thread at a time
SLOW = 3      # seconds for each second of the run's own budget
CLEAN_RUNS = 2  # whose reports are known before bugs are tried
BLOCK = re.compile(r'^==\d+== \n', re.M)
FRAME = re.compile(r'^==\d+== +(?:at|by) 0x[0-9A-F]+: (\w+)', re.M)
DEPTH = 2     # frames of each stack that tell reports apart

known = {tool: set() for tool in TOOLS}


def installed():
    if not shutil.which('valgrind') or not shutil.which('objcopy'):
        return []
    return list(TOOLS)


def notes(tools):
    if not tools:
        return ['helgrind, drd: not tried, valgrind (and objcopy) is not'
                ' installed']
    return ['helgrind, drd: reports that differ, of them new against'
            f' {CLEAN_RUNS} runs without a bug; the row "(no bug)" is what'
            ' chance makes new, so no finding is claimed']


def signatures(text):
    """Reports, told apart by the functions on top of their stacks."""
    found = set()
    for block in BLOCK.split(text):
        frames = FRAME.findall(block)
        if len(frames) > 1 and 'SUMMARY' not in block:
            found.add(tuple(frames[:DEPTH]))
    return found


def stripped(programs, folder):
    """A copy without debugging information: valgrind cannot read clang's."""
    copy = os.path.join(folder, 'native', 'mmtorture')
    os.makedirs(os.path.dirname(copy), exist_ok=True)
    subprocess.run(['objcopy', '--strip-debug',
                    tree.program(programs, 'native'), copy], check=True)
    return copy


def reports(programs, attack, folder, tick):
    """Run once.  Return what was reported."""
    program = stripped(programs, folder)
    command = ['valgrind', f'--tool={attack.runtime}', '--error-limit=no',
               '--trace-children=yes', f'--log-file={folder}/report.%p',
               program, 'run', *attack.scenarios, *SIZE, '--json',
               '--secs', str(max(1, round(attack.secs))),
               '--seed', str(attack.seed), '--results', folder]
    with child.started(command, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL) as process:
        child.wait_for(process, SLOW * attack.secs, GRACE, tick)
    os.unlink(program)
    found = set()
    for name in os.listdir(folder):
        if name.startswith('report.'):
            with open(os.path.join(folder, name), encoding='utf-8',
                      errors='replace') as text:
                found |= signatures(text.read())
    return found


def learn(attack, folder, tick):
    """Runs without a bug: their reports are known from then on."""
    for number in range(CLEAN_RUNS):
        one = os.path.join(folder, f'clean-{number}')
        os.makedirs(one, exist_ok=True)
        known[attack.runtime] |= reports('build', attack, one, tick)


def run(programs, attack, folder, tick):
    os.makedirs(folder, exist_ok=True)
    start = time.monotonic()
    if not known[attack.runtime]:
        learn(attack, folder, tick)
    outcome = Outcome(attack, folder=folder)
    try:
        found = reports(programs, attack, folder, tick)
        new = found - known[attack.runtime]
        outcome.detector = f'{len(new)}/{len(found)}'
        outcome.kinds = [' < '.join(one) for one in sorted(new)]
    except (OSError, subprocess.CalledProcessError) as error:
        outcome.error = str(error)
    outcome.seconds = time.monotonic() - start
    return outcome
