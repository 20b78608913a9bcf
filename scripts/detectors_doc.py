#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write docs/detectors.md, what was learnt from the planted bugs, from what
runs of mmtorture bugs left, and from found-by in the headers, where earlier
runs are recorded.

usage: detectors_doc.py RESULTS-FOLDER...
"""

import json
import os
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
for folder in ('scripts', 'scripts/corpus'):
    sys.path.insert(0, os.path.join(ROOT, folder))
import bugs  # noqa: E402
import interleaving  # noqa: E402
import sources  # noqa: E402
from summary import spread  # noqa: E402

PAGE = os.path.join(ROOT, 'docs', 'detectors.md')
RUNTIMES = ('native', 'tsan', 'explore')
REPORTS = ('data-race', 'race', 'lock-order-inversion')
TURNS = 6


class Measured:
    """{bug: {runtime: [attacks]}}, and how they were made."""

    def __init__(self, folders):
        self.bugs = {path: bugs.read(os.path.join(ROOT, path))
                     for path in sources.BUGS}
        self.bugs = {bug.name: bug for bug in self.bugs.values()}
        self.tried = {name: {} for name in self.bugs}
        self.runs = []
        for folder in folders:
            self.take(folder)

    def take(self, folder):
        with open(os.path.join(folder, 'attacks.jsonl'),
                  encoding='utf-8') as lines:
            attacks = [json.loads(line) for line in lines]
        for one in attacks:
            if one['bug'] in self.tried:
                one['report'] = os.path.join(folder, one['bug'], os.path
                                             .basename(one['folder']),
                                             'report.txt')
                self.tried[one['bug']].setdefault(one['runtime'],
                                                  []).append(one)
        whole = os.path.join(folder, 'bugs.json')
        if os.path.exists(whole):
            with open(whole, encoding='utf-8') as text:
                run = json.load(text)
            self.runs.append((run['command'], run['version'], run['load']))

    def finds(self, name, runtime):
        return [one for one in self.tried[name].get(runtime, [])
                if one['found']]

    def recorded(self, name, runtime):
        """Detectors that the header names for @runtime."""
        pairs = [word.split(':') for word in self.bugs[name].found_by]
        return [detector for where, detector in pairs if where == runtime]

    def saw(self, name):
        return [runtime for runtime in RUNTIMES
                if self.finds(name, runtime) or self.recorded(name, runtime)]

    def was_tried(self, name, runtime):
        return bool(self.tried[name].get(runtime))


def names(chosen):
    return ', '.join(f'`{name}`' for name in chosen) or 'none'


def first(attacks):
    return min(attacks, key=lambda one: one['seconds'])


def table(measured):
    yield '| runtime | bugs attacked | found | median to detection | quartiles |'
    yield '|---|---:|---:|---|---|'
    for runtime in RUNTIMES:
        tried = [name for name in measured.tried
                 if measured.was_tried(name, runtime)]
        found = [first(measured.finds(name, runtime)) for name in tried
                 if measured.finds(name, runtime)]
        if not tried:
            continue
        unit = 'executions' if runtime == 'explore' else 'seconds'
        numbers = spread([one[unit] for one in found])
        cells = [f"{numbers['median']:.3g} {unit}",
                 f"{numbers['lower']:.3g} to {numbers['upper']:.3g}"] \
            if numbers else ['-', '-']
        yield (f"| `{runtime}` | {len(tried)} | {len(found)} |"
               f" {' | '.join(cells)} |")


def alone(measured):
    """Bugs that only one runtime has ever seen."""
    yield ('Here and in the runs that the headers record, one runtime alone has'
           ' seen (another one may with more time):')
    yield ''
    for runtime in RUNTIMES:
        chosen = [name for name in measured.tried
                  if measured.saw(name) == [runtime]]
        yield f'- `{runtime}`: {len(chosen)}: {names(chosen)}'
    several = [name for name in measured.tried
               if len(measured.saw(name)) > 1]
    nobody = [name for name in measured.tried if not measured.saw(name)]
    yield f'- several of them: {len(several)}: {names(several)}'
    yield f'- none: {len(nobody)}: {names(nobody)}'


def kinds(measured, name):
    seen = {one['detector'] for runtime in RUNTIMES
            for one in measured.finds(name, runtime)}
    seen |= {detector for runtime in RUNTIMES
             for detector in measured.recorded(name, runtime)}
    return seen - {'assertion'} or seen  # which is any oracle under explore


def races(measured):
    found = [name for name in measured.tried if measured.saw(name)]
    silent = [name for name in found
              if not kinds(measured, name) & set(REPORTS)]
    only = [name for name in found
            if kinds(measured, name) <= set(REPORTS)]
    blind = [name for name in silent
             if 'races' in measured.bugs[name].blind]
    yield (f'{len(silent)} of the {len(found)} bugs found so far were found'
           ' without any report of a race: an oracle saw what had gone wrong.'
           f' {len(blind)} of them are not data races at all, so that no race'
           ' detector can see them:')
    yield ''
    for name in blind:
        yield f'- `{name}`: {measured.bugs[name]["title"]};' \
            f' seen as {", ".join(sorted(kinds(measured, name)))}'
    yield ''
    yield (f'{len(only)} were seen as a data race and as nothing else:'
           f' {names(only)}.')


def turns_of(report):
    """The end of the interleaving, for people."""
    try:
        with open(report, encoding='utf-8', errors='replace') as text:
            every = interleaving.turns(text.read())
    except OSError:
        return []
    return [str(turn) for turn in every[-TURNS:]]


def sentence(text):
    """@text as the beginning of a sentence; a function keeps its name."""
    if '()' in text.split()[0]:
        return text
    return text[0].upper() + text[1:]


def shipped(measured):
    """2.6.11's own bugs that explore has found, with what happens."""
    for name, bug in sorted(measured.bugs.items()):
        found = measured.finds(name, 'explore')
        if not bug.shipped or not found:
            continue
        one = first(found)
        yield f'### {name}'
        yield ''
        yield f"{sentence(bug['title'])} ({bug['origin']})."
        yield (f"`{one['scenario']}`, execution {one['executions']}, replayed"
               f" {one['replayed']} times out of 10: {one['message']}")
        yield ''
        said = turns_of(one['report'])
        if said:
            yield '```'
            yield from said
            yield '```'
            yield ''
    rest = [name for name, bug in sorted(measured.bugs.items())
            if bug.shipped and not measured.finds(name, 'explore')]
    yield f'Of 2.6.11 as shipped, `explore` did not see here: {names(rest)}.'


def missed(measured):
    for name in measured.tried:
        tried = measured.tried[name]
        if tried and not any(measured.finds(name, runtime)
                             for runtime in RUNTIMES):
            spent = ', '.join(
                f"{runtime} {sum(one['seconds'] for one in attacks):.0f} s"
                + (f" ({sum(one['executions'] for one in attacks)}"
                   ' executions)' if runtime == 'explore' else '')
                for runtime, attacks in tried.items())
            before = ', '.join(measured.bugs[name].found_by)
            yield f'- `{name}`: {spent}' + (
                f'; found before by {before}' if before else '')


def page(measured):
    yield '# What the planted bugs say about detectors'
    yield ''
    yield ('Written by `scripts/detectors_doc.py` from the results of'
           ' `mmtorture bugs`; every number was measured by the runs below, on'
           ' one machine of two processors that did other work at the same'
           ' time (its load is given). [bugs.md](bugs.md) has the bugs.')
    yield ''
    for command, version, load in measured.runs:
        words = []
        for word in command:
            if words and words[-1] in ('-o', '--results'):
                words.pop()
                continue
            words.append(word)
        yield f"- `{' '.join(words)}`: {version}; load {load:.0f}"
    yield ''
    yield '## Found, by runtime'
    yield ''
    yield from table(measured)
    yield ''
    yield from alone(measured)
    yield ''
    yield '## Races, and what is none'
    yield ''
    yield from races(measured)
    yield ''
    yield '## 2.6.11 as shipped'
    yield ''
    yield ('The end of each minimised interleaving, turn by turn: the first and'
           ' the last step of a thread before another one goes on; `*` after a'
           ' preemption.')
    yield ''
    yield from shipped(measured)
    yield ''
    yield '## Missed'
    yield ''
    yield ('Within these runs, far fewer executions than the 200,000 and less'
           ' than the 60 seconds of a full one.')
    yield ''
    yield from missed(measured)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    text = '\n'.join(page(Measured(sys.argv[1:]))).rstrip('\n') + '\n'
    with open(PAGE, 'w', encoding='utf-8') as out:
        out.write(text)


main()
