# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture bugs --all-runtimes: every detector on every bug, side by side."""

import json
import os
import sys

import attack as attacking
import building
import options
import plan
import results
import terminal
import tree
import valgrind
from terminal import amount

WIDTH = 10


def cell(outcome):
    """What a column says of a bug: when it was found, or not."""
    if outcome is None:
        return 'n/a'
    if outcome['error']:
        return 'ERROR'
    if outcome['runtime'] in valgrind.TOOLS:
        return outcome['detector']
    if not outcome['found']:
        return '-'
    if outcome['runtime'] == 'explore':
        return f"{outcome['executions']}"
    return amount(outcome['seconds'])


class Comparison:
    """A row for each bug, above them one for the tree without a bug."""

    def __init__(self, args, bugs):
        self.args = args
        self.bugs = bugs
        self.progress = terminal.Progress()
        self.folder = results.Folder(args.results, 'compare', args.seed)
        self.names = []
        self.rows = {}
        self.tools = valgrind.installed()

    def columns(self, bug):
        columns = plan.comparison(bug, self.args, self.args.seed, self.names)
        for tool in self.tools:
            columns[tool] = attacking.Attack(tool, tuple(bug.scenario),
                                             self.args.secs, self.args.seed)
        return columns

    def run_one(self, name, programs, column, one):
        folder = self.folder.inside(name, column.replace('/', '-'))
        tick = self.ticker(f'{name}: {column}')
        if one.runtime in self.tools:
            return valgrind.run(programs, one, folder, tick)
        return attacking.run(programs, one, folder, tick)

    def ticker(self, where):
        done = f'[{len(self.rows)}/{len(self.bugs) + 1}]'
        return lambda spent: self.progress.show(
            f'{done} {where} {spent:.0f} s')

    def row(self, name, programs, columns):
        self.rows[name] = {}
        for column, one in columns.items():
            outcome = self.run_one(name, programs, column, one).as_json()
            self.rows[name][column] = outcome
            self.folder.append('attacks.jsonl', {'bug': name, 'column': column,
                                                 **outcome})
        self.progress.clear()

    def clean(self):
        """The tree without a bug, in every scenario the bugs are tried in."""
        merged = {}
        for bug in self.bugs:
            for column, one in self.columns(bug).items():
                old = merged.get(column, one)
                merged[column] = attacking.replace(old, scenarios=tuple(
                    dict.fromkeys(old.scenarios + one.scenarios)))
        self.row('(no bug)', 'build', merged)

    def run(self):
        runtimes = ('native', 'tsan', 'tsan-bare', 'explore')
        broken = building.missing(self.bugs, runtimes) if self.args.no_build \
            else building.build(self.bugs, runtimes, self.progress.live)
        _, self.names = tree.scenario_names(tree.program('build', 'native'))
        names = list(self.columns(self.bugs[0]))
        table = terminal.Table(
            [('bug', 46), *((name, -max(WIDTH, len(name))) for name in names)],
            None if self.args.json else sys.stdout, self.progress)
        table.head()
        interrupted = False
        try:
            self.clean()
            table.row(['(no bug)', *self.cells('(no bug)', names)])
            for bug in self.bugs:
                if bug.name in broken:
                    table.put(f'{bug.name:<46} BROKEN {broken[bug.name]}')
                    continue
                self.row(bug.name, options.folder_of(bug), self.columns(bug))
                table.row([bug.name, *self.cells(bug.name, names)])
        except KeyboardInterrupt:
            interrupted = True
        return self.end(table, names, broken, interrupted)

    def cells(self, name, names):
        return [cell(self.rows[name].get(column)) for column in names]

    def end(self, table, names, broken, interrupted):
        bugs = [name for name in self.rows if name != '(no bug)']
        counts = {column: sum(self.rows[name].get(column, {}).get('found', False)
                              for name in bugs) for column in names}
        table.row(['found', *counts.values()])
        for line in self.only(bugs, names):
            table.put(line)
        for line in (f'cells: seconds to the first finding, or the number of'
                     f" explore's execution; - nothing in {self.args.secs} s"
                     f' or {self.args.executions} executions',
                     'tsan, tsan-bare: reports of ThreadSanitizer itself;'
                     ' native: the oracles',
                     *valgrind.notes(self.tools)):
            table.put(line)
        if interrupted:
            table.put('interrupted: the rest was not tried')
        table.put(f'results: {self.folder}')
        whole = results.circumstances(['mmtorture', 'bugs', *sys.argv[2:]],
                                      self.args.seed)
        code = tree.HARNESS if interrupted else self.exit_code(broken)
        whole.update(columns=names, rows=self.rows, found=counts,
                     broken=broken, interrupted=interrupted, exit_code=code)
        self.folder.json('compare.json', whole)
        self.folder.text('table.txt', table.lines)
        if self.args.json:
            json.dump(whole, sys.stdout, indent=1)
            print(file=sys.stdout)
        return code

    def only(self, bugs, names):
        """Bugs that one detector alone has seen, and those none has."""
        groups = {'tsan': ('tsan', 'tsan-bare'), 'oracles': ('native',),
                  'explore': tuple(name for name in names if '/' in name)}
        alone = {group: [] for group in (*groups, 'nobody')}
        for bug in bugs:
            saw = [group for group, columns in groups.items()
                   if any(self.rows[bug].get(column, {}).get('found')
                          for column in columns)]
            if len(saw) < 2:
                alone[saw[0] if saw else 'nobody'].append(bug)
        for group, found in alone.items():
            yield (f"seen by {group}{'' if group == 'nobody' else ' alone'}:"
                   f" {len(found)}{': ' if found else ''}{', '.join(found)}")

    def exit_code(self, broken):
        every = [one for row in self.rows.values() for one in row.values()]
        if broken or any(one['error'] for one in every):
            return tree.HARNESS
        alarms = [one for one in self.rows.get('(no bug)', {}).values()
                  if one['found']]
        return tree.FINDINGS if alarms else tree.CLEAN


def main(args, bugs):
    if args.seeds != 1 or args.runtime:
        raise tree.Failure('bugs: --all-runtimes goes with neither --runtime'
                           ' nor --seeds', tree.USAGE)
    os.makedirs(args.results, exist_ok=True)
    return Comparison(args, bugs).run()
