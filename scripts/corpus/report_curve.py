# SPDX-License-Identifier: GPL-2.0-or-later
"""What a page says of mmtorture explore --curve: has it stopped learning?"""

import csv
import os

from chart import Chart

HEAD = 'program,executions,classes,reads_from,hand_overs'
MEASURES = [('classes', 'Distinct happens-before classes', 'classes'),
            ('reads_from', 'Reads-from pairs of instructions', 'pairs'),
            ('hand_overs', 'Lock hand-over pairs of instructions', 'pairs')]


def matches(path):
    if not os.path.isfile(path):
        return False
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.readline().rstrip('\n') == HEAD


def contents(path):
    programs = {}
    with open(path, encoding='utf-8', newline='') as file:
        for row in csv.DictReader(file):
            programs.setdefault(row['program'], []).append(
                {name: int(value) for name, value in row.items()
                 if name != 'program'})
    last = [(name, *(f"{points[-1][column]:,}" for column in
                     ('executions', 'classes', 'reads_from', 'hand_overs')))
            for name, points in programs.items()]
    return {
        'title': 'mmtorture explore', 'good': True,
        'verdict': 'learning curves', 'facts': [('file', path)],
        'findings': [],
        'charts': [chart(programs, *measure) for measure in MEASURES],
        'tables': [{'title': 'In the end', 'bad': [],
                    'head': ('scenario', 'executions', 'classes', 'reads-from',
                             'hand-over'), 'rows': last}],
    }


def chart(programs, column, title, up):
    made = Chart(title, 'executions', up, log_across=True)
    for name, points in programs.items():
        made.curve(name, ((point['executions'], point[column])
                          for point in points))
    return made
