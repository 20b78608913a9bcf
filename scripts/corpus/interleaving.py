# SPDX-License-Identifier: GPL-2.0-or-later
"""The interleaving in a report of explore, turn by turn.

A report lists steps, a column for each thread.  A turn is what one thread did
before another one went on: its first and its last step are what one reads.
"""

import re
from dataclasses import dataclass

TURNS = 12  # the last ones that are told
ROW = re.compile(r'^ *(\d+)([* ]) ((?:\| *)*)\| (\S.*)$')
TABLE = re.compile(r'^ +step \| ')
ELIDED = re.compile(r'^   \.\.\. ')


@dataclass
class Turn:
    thread: int
    preempted: bool
    steps: list  # (number, text)

    def __str__(self):
        first, last = self.steps[0], self.steps[-1]
        mark = '*' if self.preempted else ' '
        start = f'{mark} thread {self.thread}: {first[1]}'
        if len(self.steps) == 1:
            return start
        more = f' ... {last[1]}' if last[1] != first[1] else ''
        return f'{start}{more} ({len(self.steps)} steps)'


def split(line):
    """(step, preempted, thread, what it did) of a row, or None."""
    row = ROW.match(line)
    if not row:
        return None
    thread = row[3].count('|')
    return int(row[1]), row[2] == '*', thread, ' '.join(row[4].split())


def turns(report):
    """The turns of the steps a report shows."""
    seen = []
    for line in report.splitlines():
        row = split(line)
        if not row:
            continue
        number, preempted, thread, text = row
        if not seen or seen[-1].thread != thread:
            seen.append(Turn(thread, preempted, []))
        seen[-1].steps.append((number, text))
    return seen


def told(report):
    """A report in short: what was found, the last turns, and the end."""
    lines = report.splitlines()
    table = [at for at, line in enumerate(lines)
             if split(line) or TABLE.match(line) or ELIDED.match(line)]
    if not table:
        return lines
    every = turns(report)
    last = every[-TURNS:]
    said = lines[:table[0]]
    said.append(f'  the last {len(last)} of {len(every)} turns shown there'
                ' (*: the thread before was preempted)')
    said += [f'    {turn}' for turn in last]
    return said + lines[table[-1] + 1:]
