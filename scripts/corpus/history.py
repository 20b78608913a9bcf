# SPDX-License-Identifier: GPL-2.0-or-later
"""How old bugs and scenarios are, by the commits that brought their names."""

import re
import subprocess
from dataclasses import dataclass

import tree

COMMIT = 'commit '
NAMED = re.compile(r'^\+\s*\.name = "([\w-]+)"')
HEADER = re.compile(r'^// (found-by|bounded): (.*)$', re.M)
MIXED = 'mix'
PATCH = re.compile(r'bugs/([\w-]+)\.cocci')


def git(*arguments):
    """The lines that git prints."""
    done = subprocess.run(['git', *arguments], cwd=tree.ROOT,
                          capture_output=True, text=True, check=False,
                          errors='replace')
    if done.returncode:
        raise tree.Failure('--older: needs the git history of the tree:'
                           f' {done.stderr.strip().splitlines()[-1]}')
    return done.stdout.splitlines()


def log(*arguments):
    """Lines of git log, the oldest commit first."""
    return git('log', '--reverse', '--no-merges', f'--format={COMMIT}%H',
               *arguments)


def commits(lines, ages):
    """(age of the commit, line) of each line that is no commit's name."""
    age = None
    for line in lines:
        if line.startswith(COMMIT):
            age = ages[line.removeprefix(COMMIT)]
        elif line:
            yield age, line


def of_scenarios(lines, ages):
    """{name: age} of each .name that lines of patches add."""
    born = {}
    for age, line in commits(lines, ages):
        for name in NAMED.findall(line):
            born.setdefault(name, age)
    return born


@dataclass(frozen=True)
class Planting:
    """Of a bug: the commit, and what the bug was called there."""
    age: int
    name: str


def of_bugs(lines, ages):
    """{name: Planting} of the patches in bugs/."""
    born = {}
    for age, line in commits(lines, ages):
        names = PATCH.findall(line)
        if line.startswith('R'):
            born[names[1]] = born.get(names[0], Planting(age, names[0]))
        elif names:
            born.setdefault(names[0], Planting(age, names[0]))
    return born


@dataclass(frozen=True)
class History:
    """Ages: a commit's number, from the first one on."""
    commits: list
    families: tuple
    bugs: dict
    scenarios: dict

    def older_than(self, bug, names):
        """Those of the scenarios @names that are older than @bug; one that is
        not committed yet is younger than all others."""
        known = [name for name in names if name in self.scenarios]
        if bug in self.bugs:
            known = [name for name in known
                     if self.scenarios[name] < self.bugs[bug].age]
        return tuple(known)

    def found_when_planted(self, bug):
        """What the header said of @bug's finds in the commit that planted it,
        if scenarios were there before: those it names, or any at all, and the
        commit changes none.  Return found-by, or ''."""
        planting = self.bugs[bug]
        commit = self.commits[planting.age]
        text = git('show', f'{commit}:bugs/{planting.name}.cocci')
        header = dict(HEADER.findall('\n'.join(text)))
        if header.get('found-by', 'none') == 'none':
            return ''
        named = header.get('bounded', '').split()
        if git('diff-tree', '-r', '--name-only', commit, '--', 'stress') and \
                (not named or self.older_than(bug, named) != tuple(named)):
            return ''
        return header['found-by'] if self.older_than(bug, self.families) \
            else ''


def read(families=()):
    """The history of the tree.  MIXED has families of scenarios @families, and
    so is as young as the youngest."""
    every = [line.removeprefix(COMMIT) for line in log()]
    ages = {commit: age for age, commit in enumerate(every)}
    renamed = log('--name-status', '--find-renames', '--diff-filter=AR', '--',
                  'bugs')
    scenarios = of_scenarios(log('--patch', '--unified=0', '--', 'stress'),
                             ages)
    if MIXED in scenarios:
        scenarios[MIXED] = max(scenarios.get(name, len(every))
                               for name in (*families, MIXED))
    return History(every, tuple(families), of_bugs(renamed, ages),
                   scenarios)
