# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture try PATCH: attack the tree with a change of yours in it."""

import json
import re
import sys
import time

import attack as attacking
import building
import options
import patches
import results
import terminal
import tree
import try_build
import try_plan
from terminal import BOLD, GREEN, RED, YELLOW, amount

COLUMNS = [('runtime', 9), ('scenario', 34), ('spent', -7), ('result', 0)]
FLAVOURS = ('native', 'tsan', 'explore')
SHOWN_WARNINGS = 5


def parse(argv):
    parser = options.Parser('try', 'PATCH [OPTION...]', 'Build the tree with a unified diff or a'
                            ' semantic patch (NAME.cocci) against mm/ or'
                            ' locking/ in it, aside, and attack it. Exit code'
                            ' 0: clean, 1: findings, 2: bad patch, 3: failed.')
    parser.add_argument('patch', metavar='PATCH',
                        help='the file; - reads a diff from standard input')
    parser.add_argument('--secs', '-s', type=options.number(10, 10**6),
                        default=120, metavar='S', help='budget of all attacks'
                        ' together (default %(default)s)')
    parser.add_argument('--stop-at-first', action='store_true',
                        help='end with the first finding')
    options.common(parser)
    return parser.parse_args(argv)


class Trial:
    def __init__(self, args):
        self.args = args
        self.out = None if args.json else sys.stdout
        self.progress = terminal.Progress()
        self.table = terminal.Table(COLUMNS, self.out, self.progress)
        self.change = self.folder = None
        self.outcomes, self.controls = [], []
        self.warnings = []
        self.interrupted = False
        self.start = time.monotonic()

    def say(self, text, colour=None):
        self.table.put(text, colour)

    # ---- build -----------------------------------------------------------

    def prepare(self):
        """The change, built.  Return its attacks."""
        self.progress.stage('applying the patch')
        self.change = patches.prepare(self.args.patch)
        flavours = list(FLAVOURS)
        if any(path.startswith('locking/') for path in self.change.files):
            flavours.append('tsan-bare')
        needed = ['programs', *(f'build/bugs/{name}.objects'
                                for name in flavours)]
        if not self.args.no_build:
            self.progress.stage('building the tree')
            worked, output = tree.ninja(needed, loud=self.progress.live)
            if not worked:
                raise tree.Failure('the tree itself does not build: run ninja:'
                                   + building.why(output, ''))
        self.progress.stage('building the change')
        compiled = self.build(flavours, needed)
        self.progress.clear()
        self.tell_build(compiled)
        names = tree.scenario_names(
            tree.program(self.change.folder, 'native'))
        return try_plan.attacks(self.change.files, self.args.secs,
                                self.args.seed, names, options.load())

    def build(self, flavours, needed):
        """Return how many objects were compiled.  @needed: of the tree."""
        try:
            compiled, self.warnings = try_build.build(
                self.change, flavours, self.progress.live)
        except (tree.Failure, FileNotFoundError):
            if self.args.no_build and not building.up_to_date(needed):
                raise tree.Failure(
                    f'try: {self.change.name}: cannot be built into what'
                    ' there is of the tree, which is out of date: run'
                    ' without --no-build') from None
            raise
        return compiled

    def tell_build(self, compiled):
        files = ', '.join(self.change.files)
        self.say(f'{self.change.name}: {files}; {compiled} objects compiled'
                 f' in {time.monotonic() - self.start:.0f} s')
        for line in self.warnings[:SHOWN_WARNINGS]:
            self.say(f'compiler: {line}', YELLOW)
        more = len(self.warnings) - SHOWN_WARNINGS
        if more > 0:
            self.say(f'compiler: {more} more warnings', YELLOW)

    # ---- attack ----------------------------------------------------------

    def attack(self, attacks):
        whole = sum(one.secs for one in attacks)
        done = 0.0
        for at, one in enumerate(attacks):
            where = f'[{at + 1}/{len(attacks)}] {one.label}'
            outcome = attacking.run(
                self.change.folder, one, self.folder.inside(
                    f'{at + 1:02}-{one.runtime}'),
                lambda spent, where=where, done=done: self.progress.show(
                    f'{where}: {100 * (done + spent) / whole:.0f} % of'
                    f' {whole:.0f} s'))
            done += one.secs
            self.outcomes.append(outcome)
            self.folder.append('attacks.jsonl', outcome.as_json())
            self.row(outcome)
            if outcome.found and self.args.stop_at_first:
                break

    def row(self, outcome):
        one = outcome.attack
        scenario = outcome.scenario if outcome.found else \
            one.scenarios[0] if len(one.scenarios) == 1 else \
            '+'.join(one.scenarios)
        if len(scenario) + len(' '.join(one.options)) > 33:
            scenario = f'{len(one.scenarios)} scenarios'
        words = ' '.join([scenario, *one.options])
        self.table.row([one.runtime, words, amount(outcome.seconds),
                        result(outcome)], colour_of(outcome))

    def control(self):
        """What was found: does the tree without the change show it, too?"""
        for at, outcome in enumerate(distinct(self.outcomes)):
            one = attacking.replace(
                outcome.attack, secs=max(3.0, 2 * outcome.alone),
                scenarios=(outcome.scenario,) if outcome.attack.runtime ==
                'explore' else outcome.attack.scenarios)
            again = attacking.run(
                'build', one, self.folder.inside(f'control-{at + 1:02}'),
                lambda spent, one=one: self.progress.show(
                    f'without the change: {one.label}'))
            self.controls.append(again)
        self.progress.clear()

    # ---- verdict ---------------------------------------------------------

    def run(self):
        attacks = self.prepare()
        self.folder = results.Folder(self.args.results, 'try', self.args.seed)
        self.table.head()
        try:
            self.attack(attacks)
            self.control()
        except KeyboardInterrupt:
            self.interrupted = True
        return self.end()

    def code(self):
        if any(one.found for one in self.outcomes):
            return tree.FINDINGS
        if self.interrupted or any(one.error for one in self.outcomes):
            return tree.HARNESS
        return tree.CLEAN

    def end(self):
        code = self.code()
        self.say('')
        for line, colour in self.verdict(code):
            self.say(line, colour)
        self.say(f'results: {self.folder}')
        whole = results.circumstances(['mmtorture', 'try', *sys.argv[2:]],
                                      self.args.seed)
        whole.update(patch=self.change.name, files=self.change.files,
                     warnings=self.warnings, exit_code=code,
                     interrupted=self.interrupted,
                     attacks=[one.as_json() for one in self.outcomes],
                     control=[one.as_json() for one in self.controls])
        self.folder.json('try.json', whole)
        self.folder.text('table.txt', self.table.lines)
        if self.args.json:
            json.dump(whole, sys.stdout, indent=1)
            print()
        return code

    def verdict(self, code):
        found = [one for one in self.outcomes if one.found]
        total = f'{len(self.outcomes)} attacks,' \
            f' {time.monotonic() - self.start:.0f} s'
        if code == tree.CLEAN:
            yield f'verdict: CLEAN: nothing found ({total})', GREEN
        elif code == tree.HARNESS:
            why = 'interrupted' if self.interrupted else 'an attack failed'
            yield f'verdict: NONE: {why} ({total})', RED
        else:
            yield f'verdict: FINDINGS in {len(found)} of {total}', RED
            yield from self.findings()

    def findings(self):
        every = [one for one in self.outcomes if one.found]
        for at, one in enumerate(distinct(every)):
            others = sum(essence(other) == essence(one)
                         for other in every) - 1
            yield '', None
            yield f'  {one.detector}: {one.message}', BOLD
            if at < len(self.controls) and self.controls[at].found:
                yield ('    the tree without the change fails the same'
                       f' attack: {self.controls[at].detector}', YELLOW)
            if others:
                yield f'    and the same in {others} other attacks', None
            yield f'    {again(self.change.folder, one)}', None
            if one.replay:
                yield (f'    replays {one.replayed} times out of'
                       f' {attacking.REPLAYS}; the interleaving is in '
                       + tree.shown(one.folder) + '/report.txt', None)


def essence(outcome):
    """What a finding has in common with its repetitions: the place and the
    words, not the numbers, nor how explore classes it."""
    text = outcome.message.removeprefix('assertion: ')
    text = text.removeprefix(f'{outcome.detector}: ')
    return outcome.detector, re.sub(
        r'\(?\b(0x[0-9a-f]+|\d+|[\w/-]+\.[ch]:\d+)\b\)?', '#', text).strip('# ')


def distinct(outcomes):
    """The first of each sort; one that replays is preferred."""
    sorts = {}
    for one in outcomes:
        if one.found and (essence(one) not in sorts or
                          one.replay and not sorts[essence(one)].replay):
            sorts[essence(one)] = one
    return list(sorts.values())


def again(programs, outcome):
    """One command that shows the finding once more."""
    one = outcome.attack
    if one.runtime == 'explore':
        program = tree.shown(tree.program(programs, 'explore'))
        return f'replay: {program} replay {tree.shown(outcome.replay)}'
    program = tree.shown(tree.program(programs, 'native'))
    return (f"again: {program} run {' '.join(one.scenarios)} --runtime"
            f' {one.runtime} --secs {round(one.secs)} --seed {one.seed}')


def result(outcome):
    if outcome.error:
        return f'ERROR: {outcome.error}'
    if not outcome.found:
        more = f', {outcome.executions} executions' \
            if outcome.attack.runtime == 'explore' else ''
        return f'clean{more}'
    at = f' in execution {outcome.executions}' \
        if outcome.attack.runtime == 'explore' else ''
    return f'FOUND {outcome.detector}{at}'


def colour_of(outcome):
    return RED if outcome.found or outcome.error else None


def dry_run(args):
    change = patches.prepare(args.patch)
    print(f"{change.name}: {', '.join(change.files)}")
    names = tree.scenario_names(tree.program('build', 'native'))
    for one in try_plan.attacks(change.files, args.secs, args.seed, names,
                                options.load()):
        print(f'{one.label}, {one.secs:.1f} s')
    return tree.CLEAN


def main(argv):
    args = parse(argv)
    return dry_run(args) if args.dry_run else Trial(args).run()
