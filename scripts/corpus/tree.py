# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the source tree is, and how ninja is called in it."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'scripts'))

CLEAN, FINDINGS, USAGE, HARNESS = range(4)  # exit codes
FAILED = re.compile(r'^FAILED: (\S+)', re.M)


class Failure(Exception):
    """What went wrong, in one line, and the exit code that says so."""

    def __init__(self, text, code=HARNESS):
        super().__init__(text)
        self.code = code


def inside(*parts):
    return os.path.join(ROOT, *parts)


def shown(path):
    """A path as short as the user may type it from where he is."""
    relative = os.path.relpath(path)
    return path if relative.startswith('..') else relative


@contextlib.contextmanager
def locked():
    """One ninja at a time: two would spoil each other's logs."""
    os.makedirs(inside('build'), exist_ok=True)
    with open(inside('build', '.corpus.lock'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ninja(targets, manifest=None, keep_going=False, loud=False):
    """Build @targets.  Return (worked, output).

    @loud: let ninja show its progress on the terminal; nothing is returned
    then but what failed can be seen by building once more.
    """
    if not shutil.which('ninja'):
        raise Failure('ninja is not installed;'
                      ' ./configure.py --install-deps installs it')
    command = ['ninja']
    if manifest:
        command += ['-f', os.path.relpath(manifest, ROOT)]
    if keep_going:
        command += ['-k', '0']
    with locked():
        if loud:
            # Below the line that says what is built.
            print(file=sys.stderr, flush=True)
            done = subprocess.run([*command, *targets], stdout=sys.stderr,
                                  cwd=ROOT, check=False)
            if not done.returncode:
                return True, ''
        done = subprocess.run([*command, *targets], text=True, check=False,
                              cwd=ROOT, stdout=subprocess.PIPE, errors='replace',
                              stderr=subprocess.STDOUT)
    return not done.returncode, done.stdout


def failed_outputs(output):
    return FAILED.findall(output)


def program(folder, flavour):
    """The program of @flavour below @folder of the tree."""
    return inside(folder, flavour, 'mmtorture')


def scenario_names(binary):
    """(scenarios of run, bounded scenarios) that @binary lists."""
    done = subprocess.run([binary, 'list'], capture_output=True, text=True,
                          check=False)
    sections, current = {}, None
    for line in done.stdout.splitlines():
        if not line.startswith(' '):
            current = sections.setdefault(line.split(' of ')[0], [])
        elif current is not None and line.startswith('  ') and line[2] != ' ':
            current.append(line.split()[0])
    names = sections.get('scenarios'), sections.get('bounded scenarios')
    if not all(names):
        raise Failure(f'{shown(binary)}: lists no scenarios')
    return names
