# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture bugs list, mmtorture bugs show NAME."""

import difflib
import glob
import os
import sys
import tempfile

import interleaving
import options
import tree
from terminal import BOLD, GREEN, RED, paint

import bugs as planted
import plant



def list_bugs(argv):
    parser = options.Parser('bugs list', '', 'One line for each planted bug.')
    parser.parse_args(argv)
    print(paint(f"{'bug':<46} {'area':<12} {'consequence':<17} {'depth':<6}"
                'found by', BOLD))
    for bug in options.load():
        print(f"{bug.name:<46} {bug['area']:<12} {bug['consequence']:<17}"
              f" {bug['depth']:<6}{bug['found-by']}")
    return tree.CLEAN


def show(argv):
    parser = options.Parser('bugs show', 'NAME [OPTION...]', 'What a planted bug'
                            ' is, what it changes, and how it was last found.')
    parser.add_argument('name', metavar='NAME')
    parser.add_argument('--results', '-o', default='results', metavar='DIR',
                        help='where finds are looked for (default results)')
    args = parser.parse_args(argv)
    bug, = options.names([args.name], options.load())
    for field in planted.FIELDS + planted.OPTIONAL:
        if field in bug.header:
            print(f"{paint(field, BOLD)}: {bug[field]}")
    print()
    print(paint('semantic patch', BOLD))
    print(patch_of(bug))
    print(paint('what it changes', BOLD))
    for file in bug.files:
        print_change(bug, file)
    print_last_find(bug, args.results)
    return tree.CLEAN


def patch_of(bug):
    with open(bug.path, encoding='utf-8') as text:
        return ''.join(line for line in text
                       if not line.startswith('//')).strip() + '\n'


def print_change(bug, file):
    with tempfile.TemporaryDirectory() as scratch:
        changed = os.path.join(scratch, 'planted.c')
        why = plant.apply(bug, file, changed, tree.ROOT)
        if why:
            print(f'!!! {why}')
            return
        before = plant.lines(tree.inside(file))
        after = plant.lines(changed)
    for line in difflib.unified_diff(before, after, file, file):
        colour = {'+': GREEN, '-': RED}.get(line[0])
        text = line.rstrip('\n')
        print(paint(text, colour) if colour else text)


def print_last_find(bug, folder):
    """The report of the newest find: the minimised interleaving."""
    reports = glob.glob(os.path.join(glob.escape(folder), '*', bug.name,
                                     '**', 'report.txt'), recursive=True)
    print()
    if not reports:
        print(f'No find by explore in {folder}: mmtorture bugs {bug.name}'
              ' --runtime explore')
        return
    newest = max(reports, key=os.path.getmtime)
    schedule = os.path.join(os.path.dirname(newest), 'schedule')
    program = tree.program(options.folder_of(bug), 'explore')
    print(paint(f'the interleaving, from {tree.shown(newest)}', BOLD))
    with open(newest, encoding='utf-8', errors='replace') as text:
        print('\n'.join(interleaving.parts(text.read())[0]))
    print(f'replay: {tree.shown(program)} replay {tree.shown(schedule)}')
    sys.stdout.flush()
