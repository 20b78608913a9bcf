# SPDX-License-Identifier: GPL-2.0-or-later
"""Command lines: a bad one is one line and exit code 2."""

import argparse
import os
import re
import sys

import tree
import bugs as planted

SECS = 60            # of an attack in one runtime
EXECUTIONS = 200000  # of an attack by explore


class Help(argparse.HelpFormatter):
    """Help that looks like that of the commands written in C."""

    def __init__(self, prog):
        super().__init__(prog, max_help_position=29, width=79)

    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, 'Usage: ')

    def _format_action_invocation(self, action):
        if not action.option_strings:
            return super()._format_action_invocation(action)
        *short, long = sorted(action.option_strings, key=len)
        value = f'={action.metavar}' if action.metavar else ''
        return f"{short[0] + ', ' if short else '    '}{long}{value}"


class Parser(argparse.ArgumentParser):
    """Reports a bad option in one line."""

    def __init__(self, command, operands, why):
        super().__init__(prog=f'mmtorture {command}', description=why,
                         usage=f'%(prog)s {operands}',
                         formatter_class=Help, add_help=False,
                         allow_abbrev=False)
        self._optionals.title = 'Options'

    def parse_args(self, args=None, namespace=None):
        self.add_argument('-h', '--help', action='help', help='show this')
        return super().parse_args(args, namespace)

    def error(self, message):
        message = re.sub(r'^argument (--[a-z-]+)(/-\w)?', r'\1', message)
        command = self.prog.removeprefix('mmtorture ')
        print(f'mmtorture: {command}: {message}', file=sys.stderr)
        sys.exit(tree.USAGE)


def number(low, high):
    def parse(text):
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(
                f"'{text}' is not a number from {low} to {high}")
        return int(text)
    return parse


def runtimes(text):
    names = text.split(',')
    for name in names:
        if name not in planted.RUNTIMES:
            raise argparse.ArgumentTypeError(
                f"'{name}' is none of {', '.join(planted.RUNTIMES)}")
    return names


def common(parser, seed=1):
    """Options that bugs, try and selfcheck share."""
    parser.add_argument('--seed', '-x', type=number(1, 2**63 - 1), default=seed,
                        metavar='X', help='of all random choices'
                        + (f' (default {seed})' if seed is not None else
                           ' (default: the time)'))
    parser.add_argument('--results', '-o', default='results', metavar='DIR',
                        help="folder in which the run's own folder is made"
                        ' (default %(default)s)')
    parser.add_argument('--json', '-j', action='store_true',
                        help='print the results as JSON, nothing else, on'
                        ' standard output')
    parser.add_argument('--no-build', action='store_true',
                        help='take the programs as they are')
    parser.add_argument('--dry-run', action='store_true',
                        help='only say which attacks would be made')


def names(words, every):
    """The bugs that @words name; @every: those there are."""
    known = {bug.name: bug for bug in every}
    if not words or words == ['all']:
        return every
    for word in words:
        if word not in known:
            raise tree.Failure(f"bugs: '{word}' is no planted bug;"
                               ' mmtorture bugs list names them',
                               tree.USAGE)
    return [known[word] for word in dict.fromkeys(words)]


def load():
    """All planted bugs; their files are listed in scripts/sources.py."""
    import sources
    try:
        return [planted.read(tree.inside(path)) for path in sources.BUGS]
    except (OSError, ValueError) as error:
        raise tree.Failure(f'bugs: {error}') from error


def folder_of(bug):
    return os.path.join('build', 'bugs', bug.name)
