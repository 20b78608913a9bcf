# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture report: the results of a run as one page for a browser."""

import os

import options
import page
import report_attacks
import report_find
import report_run
import tree

KINDS = [report_run, report_attacks, report_find]


def main(argv):
    parser = options.Parser(
        'report', '[FOLDER...] [OPTION...]', 'Write report.html into the'
        ' folder of a run: verdict, findings, curves, what was seen. Without a'
        ' folder, into the newest.')
    parser.add_argument('folders', nargs='*', metavar='FOLDER')
    parser.add_argument('-o', '--results', default='results', metavar='DIR',
                        help='where the newest is looked for (default results)')
    args = parser.parse_args(argv)
    for folder in args.folders or [newest(args.results)]:
        print(tree.shown(page.write(folder, kind_of(folder).contents(folder))))
    return tree.CLEAN


def kind_of(folder):
    for kind in KINDS:
        if kind.matches(folder):
            return kind
    why = 'no results of a run in it' if os.path.isdir(folder) \
        else 'no such folder'
    raise tree.Failure(f'report: {tree.shown(folder)}: {why}', tree.USAGE)


def newest(results):
    folders = [entry.path for entry in scan(results)
               if any(kind.matches(entry.path) for kind in KINDS)]
    if not folders:
        raise tree.Failure(f'report: {tree.shown(results)}: no results of a run'
                           ' in it', tree.USAGE)
    return max(folders, key=os.path.getmtime)


def scan(results):
    try:
        return [entry for entry in os.scandir(results) if entry.is_dir()]
    except OSError as error:
        raise tree.Failure(f'report: {tree.shown(results)}: {error.strerror}',
                           tree.USAGE) from error
