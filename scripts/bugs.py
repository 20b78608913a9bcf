# SPDX-License-Identifier: GPL-2.0-or-later
"""Planted bugs: the headers of bugs/*.cocci.  bugs/README.md explains them."""

import os
from dataclasses import dataclass

FIELDS = ('title', 'origin', 'year', 'area', 'consequence', 'file', 'applies',
          'threads', 'depth', 'expected', 'blind', 'found-by')
OPTIONAL = ('shipped', 'scenario', 'run-options', 'bounded',
            'explore-options')
NONE = 'none'  # found-by of a bug that no run has found yet
NOBODY = '-'   # blind, of a bug that each runtime may see
RUNTIMES = ('native', 'tsan', 'tsan-bare', 'explore')
AREAS = ('fork', 'exec', 'coredump', 'mm-ref', 'completion', 'futex-exit',
         'tlb', 'rwsem', 'page-table', 'cow', 'rmap', 'swapoff', 'truncate',
         'ldt', 'accounting', 'mempolicy', 'mlock', 'aio', 'task-life',
         'barrier')
CONSEQUENCES = ('use-after-free', 'broken-invariant', 'deadlock', 'stale-tlb',
                'data-race', 'lost-wakeup', 'weak-memory', 'leak')
DETECTORS = ('race', 'lock-order', 'invariant', 'use-after-free', 'stall',
             'leak')
BLIND = ('races', 'sc', 'x86')
WEAK = 'wm'  # depth of a bug that needs a weak memory model
RACE_FINDINGS = ('race', 'data-race')  # as runs call them


@dataclass(frozen=True)
class Bug:
    """One semantic patch; path, files and applies drive the build."""
    name: str
    path: str
    header: dict

    def __getitem__(self, field):
        return self.header[field]

    @property
    def files(self):
        return self.header['file'].split()

    @property
    def applies(self):
        """File -> number of its places that are changed."""
        return dict(zip(self.files,
                        map(int, self.header['applies'].split())))

    @property
    def bounded(self):
        """The bounded scenarios that show it; all if none is named."""
        return self.header.get('bounded', 'all').split()

    @property
    def explore_options(self):
        return self.header.get('explore-options', '').split()

    @property
    def scenario(self):
        """What is run, together, under native, tsan and tsan-bare."""
        return self.header.get('scenario', 'mix').split()

    @property
    def run_options(self):
        return self.header.get('run-options', '').split()

    @property
    def found_by(self):
        """runtime:detector of each find, in the order to be tried."""
        return [word for word in self.header['found-by'].split()
                if word != NONE]

    @property
    def expected(self):
        return self.header['expected'].split()

    @property
    def blind(self):
        return [word for word in self.header['blind'].split()
                if word != NOBODY]

    @property
    def shipped(self):
        """2.6.11 itself had it."""
        return 'shipped' in self.header

    @property
    def runtimes(self):
        """Those that have found it; without any, those expected to."""
        words = self.found_by or self.expected
        return list(dict.fromkeys(word.split(':')[0] for word in words))


def one_of(header, field, known):
    if header[field] not in known:
        yield f"{field}: '{header[field]}' is none of {', '.join(known)}"


def number(header, field, also=()):
    value = header[field]
    if value not in also and not (value.isdecimal() and int(value)):
        yield (f"{field}: '{value}' is not a number from 1"
               + ''.join(f' or {word}' for word in also))


def counts(header):
    """One number for each file."""
    files, numbers = header['file'].split(), header['applies'].split()
    if len(files) != len(numbers) or len(files) != len(set(files)):
        yield (f"applies: {len(numbers)} numbers for {len(set(files))} files,"
               ' expected one for each')
    for value in numbers:
        yield from number({'applies': value}, 'applies')


def pairs(words, detectors=()):
    for word in words:
        runtime, _, detector = word.partition(':')
        if runtime not in RUNTIMES or not detector:
            yield (f"'{word}' is not RUNTIME:DETECTOR with one of"
                   f" {', '.join(RUNTIMES)}")
        elif detectors and detector not in detectors:
            yield f"'{word}': detectors are {', '.join(detectors)}"


def contradictions(bug):
    """What a header says of a blind runtime, and yet of its finds."""
    for word in bug.blind:
        if word not in BLIND:
            yield f"blind: '{word}' is none of {', '.join(BLIND)}"
    for word in bug.expected + bug.found_by:
        runtime, _, detector = word.partition(':')
        if 'races' in bug.blind and detector in RACE_FINDINGS:
            yield f'blind to races, and yet {word}'
        if 'x86' in bug.blind and runtime == 'native':
            yield f'not to be seen on x86, and yet {word}'


def faults(bug):
    """What is wrong with a header, in words."""
    yield from one_of(bug.header, 'area', AREAS)
    yield from one_of(bug.header, 'consequence', CONSEQUENCES)
    yield from number(bug.header, 'year', ('-',))
    yield from counts(bug.header)
    yield from number(bug.header, 'threads')
    yield from number(bug.header, 'depth', (WEAK,))
    yield from pairs(bug.expected, DETECTORS)
    yield from pairs(bug.found_by)
    yield from contradictions(bug)
    if 'sc' in bug.blind and bug['depth'] != WEAK:
        yield f'"blind: sc" means depth {WEAK}'
    if not bug.expected:
        yield 'expected: nothing is'


def read(path):
    """Parse the // key: value lines on top; a value may go on with //   ."""
    header, key = {}, None
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            if not line.startswith('//'):
                break
            text = line[2:].rstrip('\n')
            word, colon, value = text.strip().partition(': ')
            if text.startswith('   ') and key:
                header[key] += ' ' + text.strip()
            elif colon and word in FIELDS + OPTIONAL:
                key = word
                header[key] = value.strip()
            else:
                key = None
    lost = [field for field in FIELDS if field not in header]
    if lost:
        raise ValueError(f"{path}: header lacks {', '.join(lost)}")
    name = os.path.basename(path).removesuffix('.cocci')
    bug = Bug(name, path, header)
    for fault in faults(bug):
        raise ValueError(f'{path}: {fault}')
    return bug
