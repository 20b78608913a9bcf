# SPDX-License-Identifier: GPL-2.0-or-later
"""What a page says of a finding of mmtorture explore."""

import os

import interleaving
import tree


def matches(folder):
    return os.path.exists(os.path.join(folder, 'report.txt'))


def contents(folder):
    path = os.path.join(folder, 'report.txt')
    with open(path, encoding='utf-8', errors='replace') as file:
        text = file.read()
    first = text.splitlines()[0] if text else ''
    told, table = interleaving.parts(text)
    schedule = tree.shown(os.path.join(folder, 'schedule'))
    return {
        'title': 'mmtorture explore', 'verdict': 'FINDING', 'good': False,
        'facts': [('what', first.removeprefix('!!! ')),
                  ('again', f'mmtorture replay {schedule}')],
        'charts': [], 'tables': [],
        'findings': [
            {'title': 'turn by turn', 'text': '\n'.join(told)},
            {'title': 'the last steps', 'text': '\n'.join(table)}],
    }
