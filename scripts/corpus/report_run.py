# SPDX-License-Identifier: GPL-2.0-or-later
"""What a page says of a run: results/<run-id>/ of mmtorture run."""

import csv
import os

import page
from chart import Chart, rates

# Title, what is counted, and the columns of series.csv summed in each curve.
RATES = [
    ('Life cycles', 'a second', {
        'forks': ['forks', 'vforks'], 'clones': ['thread_clones', 'vm_clones'],
        'execs': ['execs'], 'exits': ['exits'], 'core dumps': ['dumps']}),
    ('Faults and paging', 'a second', {
        'faults': ['faults'], 'PTEs swapped out': ['ptes_swapped_out'],
        'PTEs swapped in': ['ptes_swapped_in'],
        'pages reclaimed': ['pages_reclaimed']}),
]
LEVELS = [
    ('Tasks', 'tasks', {'alive': 'alive', 'deepest mmap_sem queue':
                        'deepest_queue'}),
    ('Memory of the process', 'MiB', {'resident': 'rss_mib', 'of it the'
                                      ' harness': 'own_mib'}),
    ('Findings', 'findings', {'so far': 'findings'}),
]


def matches(folder):
    return os.path.exists(os.path.join(folder, 'summary.json')) and \
        os.path.exists(os.path.join(folder, 'config.json'))


def contents(folder):
    summary = page.load(folder, 'summary.json')
    config = summary['config']
    findings = page.load_lines(folder, 'findings.jsonl')
    return {
        'title': f"mmtorture run {' '.join(config['scenarios'])}",
        'verdict': summary['verdict'],
        'good': summary['verdict'].startswith('PASS'),
        'facts': [
            ('command', config['command']),
            ('seconds', f"{summary['seconds']:.1f}"),
            ('rounds', summary['rounds']),
            ('sources', config['source_hash']),
            ('machine', f"{config['host_machine']}, {config['host_kernel']}"),
        ],
        'charts': charts(series(folder)),
        'findings': [{'title': f"{f['kind']}: {headline(f)}", 'text': whole(f)}
                     for f in findings],
        'tables': tables(summary),
    }


def headline(finding):
    text = finding.get('text') or finding.get('headline') or ''
    return text.splitlines()[0] if text else ''


def whole(finding):
    return finding.get('report') or finding.get('text') or ''


def series(folder):
    """Columns by name, each a list of numbers; {} if there is no series."""
    path = os.path.join(folder, 'series.csv')
    if not os.path.exists(path):
        return {}
    columns = {}
    with open(path, encoding='utf-8', newline='') as file:
        for row in csv.DictReader(file):
            if None in row.values():
                break  # the last line of a run that was killed
            for name, value in row.items():
                columns.setdefault(name, []).append(float(value))
    return columns


def charts(columns):
    times = columns.get('seconds', [])
    made = []
    for title, up, curves in RATES:
        chart = Chart(title, 'seconds', up)
        for name, parts in curves.items():
            known = [columns[part] for part in parts if part in columns]
            sums = [sum(values) for values in zip(*known)]
            chart.curve(name, rates(times, sums))
        made.append(chart)
    for title, up, curves in LEVELS:
        chart = Chart(title, 'seconds', up)
        for name, column in curves.items():
            chart.curve(name, zip(times, columns.get(column, [])))
        made.append(chart)
    return [chart for chart in made if not chart.is_empty()]


def tables(summary):
    seen = [(item['item'], item['what'], f"{item['seen']:,}")
            for item in summary.get('interleavings', [])]
    counts = [(name.replace('_', ' '), f'{value:,}')
              for name, value in summary.get('counters', {}).items()]
    return [
        {'title': 'Interleavings seen', 'head': ['item', 'what', 'times'],
         'rows': seen, 'bad': [row for row in seen if row[2] == '0']},
        {'title': 'Counters', 'head': ['event', 'times'], 'rows': counts,
         'bad': []},
    ]
