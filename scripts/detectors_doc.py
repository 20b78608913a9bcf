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
import history  # noqa: E402
import interleaving  # noqa: E402
import sources  # noqa: E402
import tree  # noqa: E402
from summary import spread  # noqa: E402

PAGE = os.path.join(ROOT, 'docs', 'detectors.md')
RUNTIMES = ('native', 'tsan', 'explore')
REPORTS = ('data-race', 'race', 'lock-order-inversion')
TURNS = 12
FEW = 3  # bugs that are named in a command


class Measured:
    """{bug: {runtime: [attacks]}}, and how they were made."""

    def __init__(self, folders):
        self.bugs = {path: bugs.read(os.path.join(ROOT, path))
                     for path in sources.BUGS}
        self.bugs = {bug.name: bug for bug in self.bugs.values()}
        self.tried = {name: {} for name in self.bugs}
        self.older = {name: [] for name in self.bugs}  # attacks with --older
        self.runs, self.controls = [], []
        for folder in folders:
            self.take(folder)

    def take(self, folder):
        with open(os.path.join(folder, 'attacks.jsonl'),
                  encoding='utf-8') as lines:
            attacks = [json.loads(line) for line in lines]
        with open(os.path.join(folder, 'bugs.json'), encoding='utf-8') as text:
            run = json.load(text)
        self.runs.append((run['command'], run['version'] + (
            ', interrupted' if run['interrupted'] else ''), run['load']))
        self.controls += run['control']
        for one in attacks:
            if one['bug'] not in self.tried:
                continue
            if '--older' in run['command']:
                self.older[one['bug']].append(one)
                continue
            one['report'] = os.path.join(folder, one['bug'], os.path
                                         .basename(one['folder']),
                                         'report.txt')
            self.tried[one['bug']].setdefault(one['runtime'], []).append(one)

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
            return interleaving.turns(text.read())[-TURNS:]
    except OSError:
        return []


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


def by_older(measured):
    """(bug, detector, scenario, first find) by scenarios older than it."""
    families, _ = tree.scenario_names(tree.program('build', 'native'))
    past = history.read(families)
    for name in measured.bugs:
        recorded = past.found_when_planted(name)
        finds = [one for one in measured.older[name] if one['found']
                 and past.older_than(name, one['scenario'].split('+'))]
        if recorded:
            commit = past.commits[past.bugs[name].age][:7]
            yield name, recorded, '', f'in the header of {commit}'
        elif finds:
            one = first(finds)
            yield (name, f"{one['runtime']}:{one['detector']}",
                   f"`{one['scenario']}`", f"execution {one['executions']}"
                   if one['runtime'] == 'explore' else
                   f"{one['seconds']:.3g} s")


def older(measured):
    """What scenarios found that nobody wrote for the bug."""
    rows = list(by_older(measured))
    yield ('A scenario that was written for a bug says little about the next'
           f' one. {len(rows)} of {len(measured.bugs)} bugs were found by'
           ' scenarios that are older than the bug, by the git history: when'
           ' it was planted, in a commit without a new scenario (its header of'
           ' that day says by what), or since, by `mmtorture bugs --older`,'
           ' with the oracles of today.')
    yield ''
    yield '| bug | by | scenario | first find |'
    yield '|---|---|---|---|'
    for name, what, scenario, when in rows:
        yield f'| `{name}` | {what} | {scenario} | {when} |'
    yield ''
    yield from unplanted(measured, {row[0] for row in rows})


def unplanted(measured, known):
    """Bugs that were planted because the tree itself had had them."""
    found = [name for name, bug in measured.bugs.items()
             if 'found by this harness' in bug['origin'] and name not in known]
    yield (f'{len(found)} more were in the tree itself, and nobody knew, when a'
           ' scenario found them; they were repaired, and planted afterwards:'
           f' {names(found)}.')


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


def without(measured):
    """The attacks of --control, of which each must be clean."""
    yield '| runtime | attacks | hours | executions | alarms |'
    yield '|---|---:|---:|---:|---:|'
    for runtime in RUNTIMES:
        made = [one for one in measured.controls if one['runtime'] == runtime]
        hours = sum(one['seconds'] for one in made) / 3600
        executions = sum(one['executions'] for one in made)
        alarms = sum(one['found'] or bool(one['error']) for one in made)
        if made:
            yield (f'| `{runtime}` | {len(made)} | {hours:.2f} |'
                   f" {f'{executions:,}' if executions else '-'} | {alarms} |")


def told(command, known):
    """A command without what says nothing of its results."""
    words = []
    for word in command:
        if words and words[-1] in ('-o', '--results'):
            words.pop()
        elif word != '--no-build':
            words.append(word)
    listed = [word for word in words if word in known]
    if len(listed) > FEW:
        at = words.index(listed[0])
        words = [word for word in words if word not in known]
        words.insert(at, f'<{len(listed)} bugs>')
    return ' '.join(words)


def page(measured):
    yield '# What the planted bugs say about detectors'
    yield ''
    yield ('Written by `scripts/detectors_doc.py` from the results of'
           ' `mmtorture bugs`; every number was measured by the runs below, on'
           ' one machine of two processors that did other work at the same'
           ' time (its load is given). [bugs.md](bugs.md) has the bugs.')
    yield ''
    for command, version, load in measured.runs:
        yield f'- `{told(command, measured.bugs)}`: {version}; load {load:.0f}'
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
    yield ('The end of each minimised interleaving, turn by turn: where a'
           ' thread went before another one did, by the functions that few'
           ' turns have in common; `*` after a preemption.')
    yield ''
    yield from shipped(measured)
    yield ''
    yield '## By scenarios older than the bug'
    yield ''
    yield from older(measured)
    yield ''
    if measured.controls:
        yield '## Without a bug'
        yield ''
        yield ('Each of the attacks that runs with `--control` made, once more'
               ' on the tree as it is, for the whole budget:')
        yield ''
        yield from without(measured)
        yield ''
    yield '## Missed'
    yield ''
    yield 'By each of the runs above, but for those with `--older`:'
    yield ''
    lines = list(missed(measured))
    yield from lines or ['- none']


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith('-'):
        sys.exit(__doc__)
    text = '\n'.join(page(Measured(sys.argv[1:]))).rstrip('\n') + '\n'
    with open(PAGE, 'w', encoding='utf-8') as out:
        out.write(text)


main()
