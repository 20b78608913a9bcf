# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture bugs: attack planted bugs and say which are found, by what."""

import argparse
import json
import sys

import attack as attacking
import building
import compare
import history
import options
import plan
import results
import show
import summary
import terminal
import tree
from terminal import GREEN, RED, YELLOW, amount

KNOWN = 'known miss'
UNSEEN = 'no'  # by older scenarios, which nobody promised
COLUMNS = [('bug', 46), ('found', 10), ('by', 15), ('runtime', 9),
           ('scenario', 16), ('first', -12), ('replay', 10)]


def parse(argv):
    parser = options.Parser('bugs', '[NAME...|all] [OPTION...]\n'
                            '       %(prog)s list\n       %(prog)s show NAME',
                            'Attack planted bugs.')
    parser.add_argument('names', nargs='*', help=argparse.SUPPRESS)
    parser.add_argument('--runtime', '-r', type=options.runtimes, default=[],
                        metavar='NAME,...', help='attack in these, each; by'
                        ' default in what should see the bug, then in the'
                        ' others, up to the first find')
    parser.add_argument('--secs', '-s', type=options.number(1, 10**6),
                        metavar='S', help='budget of a runtime (default'
                        f' {options.SECS}; with --all-runtimes 10)')
    parser.add_argument('--executions', '-n', metavar='N',
                        type=options.number(1, 10**12),
                        default=options.EXECUTIONS, help='budget of explore,'
                        ' if it ends before the seconds (default %(default)s)')
    parser.add_argument('--seeds', '-k', type=options.number(1, 1000),
                        default=1, metavar='K', help='repeat with K seeds')
    parser.add_argument('--all-runtimes', action='store_true',
                        help='compare every detector on every bug')
    parser.add_argument('--older', action='store_true', help='attack with all'
                        ' scenarios that are older than the bug, and no other')
    parser.add_argument('--skip-known-misses', action='store_true',
                        help='do not attack bugs that no run has found yet')
    parser.add_argument('--control', action='store_true', help='make the'
                        ' same attacks on the tree without a bug, too')
    options.common(parser)
    args = parser.parse_args(argv)
    if args.older and args.all_runtimes:
        parser.error('--older: not with --all-runtimes')
    if args.secs is None:
        args.secs = 10 if args.all_runtimes else options.SECS
    return args


class Planner:
    """Which attacks a bug has to stand: those of its header, or with @older
    those by scenarios that existed before it was planted."""

    def __init__(self, older):
        self.older = older
        self.run, self.bounded, self.history = (), (), None

    def prepare(self):
        self.run, self.bounded = tree.scenario_names(
            tree.program('build', 'native'))
        if self.older:
            self.history = history.read(self.run)

    def attacks(self, bug, runtime, budget, seed):
        if not self.older:
            return plan.attacks_in(bug, runtime, budget, seed, self.bounded)
        names = self.bounded if runtime == 'explore' else self.run
        return plan.older_attacks(bug, runtime, budget, seed,
                                  self.history.older_than(bug.name, names))


class Campaign:
    """Attacks on bugs, one after the other, and what came of them."""

    def __init__(self, args, bugs, kind='bugs'):
        self.args = args
        self.bugs = bugs
        self.out = None if args.json else sys.stdout
        self.progress = terminal.Progress()
        self.folder = results.Folder(args.results, kind, args.seed)
        self.records = []
        self.table = terminal.Table(COLUMNS, self.out, self.progress)
        self.planner = Planner(args.older)
        self.made = {}    # what --control is to repeat
        self.interrupted = False

    def say(self, text, colour=None):
        self.table.put(text, colour)

    def prepare(self, runtimes):
        """Build.  Return {name: why} of bugs that could not be built."""
        if self.args.no_build:
            broken = building.missing(self.bugs, runtimes)
        else:
            self.progress.stage('building')
            broken = building.build(self.bugs, runtimes, self.progress.live)
        self.planner.prepare()
        return broken

    # ---- one bug ---------------------------------------------------------

    def try_one(self, bug, one, at):
        """Make attack @one on @bug, with progress."""
        where = f'[{at + 1}/{len(self.bugs)}] {bug.name}: {one.label}'
        folder = self.folder.inside(bug.name, folder_name(one, self.args))
        outcome = attacking.run(
            options.folder_of(bug), one, folder, lambda spent:
            self.progress.show(f'{where} {spent:.0f} of {one.secs:.0f} s'))
        self.progress.clear()
        self.made.setdefault((one.runtime, one.scenarios, one.options), one)
        self.folder.append('attacks.jsonl',
                           {'bug': bug.name, **outcome.as_json()})
        return outcome

    def attack_with(self, bug, seed, at):
        """All attacks with one seed, up to the first find; but every
        runtime that was asked for by name is tried."""
        outcomes = []
        for runtime in self.args.runtime or plan.runtimes(bug):
            for one in self.planner.attacks(bug, runtime, self.args, seed):
                outcomes.append(self.try_one(bug, one, at))
                if outcomes[-1].found:
                    break
            if outcomes and outcomes[-1].found and not self.args.runtime:
                break
        return outcomes

    def attack(self, bug, at):
        """Return the record of @bug: header, and the attacks of each seed."""
        record = {'bug': bug.name, **bug.header, 'known_miss':
                  not bug.found_by, 'older': self.args.older, 'broken': '',
                  'seeds': []}
        self.records.append(record)
        if self.args.skip_known_misses and not bug.found_by:
            return record
        for seed in range(self.args.seed, self.args.seed + self.args.seeds):
            record['seeds'].append(
                [one.as_json() for one in self.attack_with(bug, seed, at)])
        return record

    def row(self, record):
        """Print what came of one bug, a line for each runtime that found."""
        for cells, colour in rows(record):
            self.table.row([record['bug'], *cells], colour)
        for why in summary.errors(record):
            self.say(f'  !!! {why}', RED)

    # ---- all of them -----------------------------------------------------

    def run(self):
        self.table.head()
        broken = self.prepare(self.args.runtime
                              or ('native', 'tsan', 'explore'))
        try:
            for at, bug in enumerate(self.bugs):
                if bug.name in broken:
                    record = {'bug': bug.name, **bug.header, 'known_miss':
                              False, 'older': self.args.older,
                              'broken': broken[bug.name], 'seeds': []}
                    self.records.append(record)
                else:
                    record = self.attack(bug, at)
                self.row(record)
        except KeyboardInterrupt:
            self.interrupted = True
        controls = self.control() if self.args.control \
            and not self.interrupted else []
        return self.end(controls)

    def control(self):
        """The attacks made, once more, without a bug and so with all of the
        budget: all must be clean."""
        outcomes = []
        for at, one in enumerate(self.made.values()):
            where = f'[{at + 1}/{len(self.made)}] no bug: {one.label}'
            outcome = attacking.run(
                'build', one, self.folder.inside('control', str(at)),
                lambda spent, where=where: self.progress.show(where))
            outcomes.append(outcome.as_json())
            self.folder.append('control.jsonl', outcomes[-1])
            if outcome.found or outcome.error:
                self.say(f'!!! without a bug: {one.label}: '
                         f'{outcome.detector} {outcome.message}'
                         f' {outcome.error}', RED)
        alarms = sum(one['found'] for one in outcomes)
        self.say(f'without a bug: {len(outcomes)} attacks repeated,'
                 f' {alarms} false alarms')
        return outcomes

    def end(self, controls):
        whole = results.circumstances(['mmtorture', 'bugs', *sys.argv[2:]],
                                      self.args.seed)
        total = summary.of(self.records)
        code = tree.HARNESS if self.interrupted else \
            summary.exit_code(self.records, controls)
        whole.update(bugs=self.records, control=controls, summary=total,
                     interrupted=self.interrupted, exit_code=code)
        self.folder.json('bugs.json', whole)
        for line in summary.lines(total, self.interrupted):
            self.say(line)
        self.say(f'results: {self.folder}')
        self.folder.text('table.txt', self.table.lines)
        if self.args.json:
            json.dump(whole, sys.stdout, indent=1)
            print()
        return code


def folder_name(one, args):
    """Where attack @one leaves what it finds; unlike that of any other."""
    parts = [one.runtime, str(one.seed)]
    if args.older and one.runtime != 'explore':
        parts += one.scenarios
    return '-'.join(parts) + ''.join(one.options).replace('/', '')


def dry_run(args, bugs):
    """Name the attacks that would be made, in their order."""
    planner = Planner(args.older)
    planner.prepare()
    for bug in bugs:
        if args.skip_known_misses and not bug.found_by:
            continue
        for runtime in args.runtime or plan.runtimes(bug):
            for one in planner.attacks(bug, runtime, args, args.seed):
                print(f'{bug.name}: {one.label}, {one.secs:.0f} s')
    return tree.CLEAN


def rows(record):
    """Cells after the name, and the colour, of each line of a bug."""
    if record['broken']:
        return [(['BROKEN', '', '', '', '', record['broken']], RED)]
    if not record['seeds']:
        return [([KNOWN, '', '', '', '', 'not attacked'], YELLOW)]
    found = summary.finds(record)
    if not found:
        word = UNSEEN if record['older'] else \
            KNOWN if record['known_miss'] else 'MISSED'
        tried = ', '.join(dict.fromkeys(
            one['runtime'] for one in record['seeds'][0]))
        spent = amount(sum(one['seconds'] for one in record['seeds'][0]))
        return [([word, '', '', f'tried {tried}', spent],
                 RED if word == 'MISSED' else YELLOW)]
    return [cells(record, runtime, outcomes)
            for runtime, outcomes in found.items()]


def cells(record, runtime, outcomes):
    times, steps = summary.first(outcomes)
    one = outcomes[0]
    how_often = 'yes' if len(record['seeds']) == 1 else \
        f"{len(outcomes)}/{len(record['seeds'])}"
    when = f'{steps:.0f} ex {amount(times)}' if runtime == 'explore' \
        else amount(times)
    return [how_often, one['detector'], runtime, one['scenario'], when,
            one['replay'] or one['folder']], GREEN


def main(argv):
    if argv[:1] == ['list']:
        return show.list_bugs(argv[1:])
    if argv[:1] == ['show']:
        return show.show(argv[1:])
    args = parse(argv)
    bugs = options.names(args.names, options.load())
    if args.dry_run:
        return dry_run(args, bugs)
    if args.all_runtimes:
        return compare.main(args, bugs)
    return Campaign(args, bugs).run()
