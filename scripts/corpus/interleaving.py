# SPDX-License-Identifier: GPL-2.0-or-later
"""The interleaving in a report of explore, turn by turn.

A report lists steps, a column for each thread, and says in short where each
thread went before another one did: that is what one reads.
"""

import re

ROW = re.compile(r'^ *\d+[* ] (?:\| *)+\S')
TABLE = re.compile(r'^ +step \| ')
ELIDED = re.compile(r'^   \.\.\. ')
TURNS = re.compile(r'^  turns[,:] ')
TURN = re.compile(r'^    [* ] +\d+ ')


def is_of_table(line):
    return any(known.match(line) for known in (ROW, TABLE, ELIDED))


def turns(report):
    """A line for each turn that a report tells."""
    lines = report.splitlines()
    at = [number for number, line in enumerate(lines) if TURNS.match(line)]
    told = []
    for line in lines[at[-1] + 1:] if at else []:
        if not TURN.match(line):
            break
        told.append(line[4:])
    return told


def parts(report):
    """(the lines of a report that are for reading, those of single steps)."""
    told, table = [], []
    for line in report.splitlines():
        (table if is_of_table(line) else told).append(line)
    return told, table
