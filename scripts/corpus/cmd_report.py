# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture report: the results of a run as one page for a browser."""

import os

import options
import page
import report_attacks
import report_curve
import report_find
import report_run
import tree

KINDS = [report_run, report_attacks, report_find, report_curve]


def main(argv):
    parser = options.Parser(
        'report', '[FOLDER|CURVE.csv...] [OPTION...]', 'Write report.html into the'
        ' folder of a run: verdict, findings, curves, what was seen. Without a'
        ' folder, into the newest.')
    parser.add_argument('-a', '--all', action='store_true',
                        help='of every run, and DIR/index.html that lists them')
    parser.add_argument('folders', nargs='*', metavar='FOLDER')
    parser.add_argument('-o', '--results', default='results', metavar='DIR',
                        help='where the newest is looked for (default results)')
    args = parser.parse_args(argv)
    if args.all and args.folders:
        parser.error('--all takes no folder')
    if args.all:
        print(tree.shown(every(args.results)))
        return tree.CLEAN
    for folder in args.folders or [newest(args.results)]:
        print(tree.shown(write(folder)[0]))
    return tree.CLEAN


def write(folder):
    """(path of the page of @folder, what is on it)"""
    contents = kind_of(folder).contents(folder)
    if os.path.isdir(folder):
        return page.write(folder, contents), contents
    place, name = os.path.split(folder)
    return page.write(place, contents,
                      name.removesuffix('.csv') + '.html'), contents


def every(results):
    """Pages of all runs in @results, newest first in an index."""
    rows, bad = [], []
    for folder in sorted(runs(results), reverse=True):
        name = os.path.basename(folder)
        try:
            _, contents = write(folder)
        except tree.Failure as failure:
            rows.append((name, 'unreadable', str(failure)))
            bad.append(rows[-1])
            continue
        rows.append((page.Link(f'{name}/report.html', name),
                     contents['verdict'], contents['title']))
        if not contents['good']:
            bad.append(rows[-1])
    return page.write(results, {
        'title': 'mmtorture results', 'good': not bad,
        'verdict': f'{len(rows) - len(bad)} of {len(rows)} good',
        'facts': [], 'findings': [], 'charts': [],
        'tables': [{'title': 'Runs, newest first',
                    'head': ('run', 'verdict', 'what'), 'rows': rows,
                    'bad': bad}]}, 'index.html')


def kind_of(folder):
    for kind in KINDS:
        if kind.matches(folder):
            return kind
    why = 'no results of a run in it' if os.path.isdir(folder) else \
        'not made by explore --curve' if os.path.exists(folder) else \
        'no such folder'
    raise tree.Failure(f'report: {tree.shown(folder)}: {why}', tree.USAGE)


def newest(results):
    return max(runs(results), key=os.path.getmtime)


def runs(results):
    """The folders in @results that a page can be made of, at least one."""
    try:
        folders = [entry.path for entry in os.scandir(results)
                   if entry.is_dir()
                   and any(kind.matches(entry.path) for kind in KINDS)]
    except OSError as error:
        raise tree.Failure(f'report: {tree.shown(results)}: {error.strerror}',
                           tree.USAGE) from error
    if not folders:
        raise tree.Failure(f'report: {tree.shown(results)}: no results of a run'
                           ' in it', tree.USAGE)
    return folders
