# SPDX-License-Identifier: GPL-2.0-or-later
"""One attack on one program: run it until it sees something, or time is up."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field, replace

import child
import tree

GRACE = 60    # seconds for a run to end once it was asked to
SETTLE = 1    # seconds for findings on the heels of the first
REPLAYS = 10
MOST = 3      # scenarios that a label names
SHORTEST = 0.2  # seconds of one scenario under explore
STRESS = ('native', 'tsan', 'tsan-bare')
HEADLINE = re.compile(r'^!!! (.*)$', re.M)
KEPT = re.compile(r'schedule(\.\d+)?')  # also a worker's own
HEADER = re.compile(r'^execution (\d+)\n(?:.*\n)*?verdict (\S+)$', re.M)
ORACLE = re.compile(r'assertion: ([\w-]+): ')  # which one raised it


@dataclass(frozen=True)
class Attack:
    """What to run.  A stress runtime runs its scenarios together, explore one
    after the other, each for its share of the time."""
    runtime: str
    scenarios: tuple
    secs: float
    seed: int
    executions: int = 0
    options: tuple = ()
    reports_only: bool = False  # go on until the race detector itself speaks

    @property
    def label(self):
        names = '+'.join(self.scenarios) if len(self.scenarios) <= MOST else \
            f'{len(self.scenarios)} scenarios'
        return ' '.join([self.runtime, names, *self.options])


@dataclass
class Outcome:
    """How an attack ended; seconds and executions are up to the first
    detection, or all that were spent."""
    attack: Attack
    found: bool = False
    error: str = ''
    detector: str = ''
    message: str = ''
    scenario: str = ''
    seconds: float = 0.0
    alone: float = 0.0    # of them, in the scenario that found it
    executions: int = 0
    kinds: list = field(default_factory=list)
    folder: str = ''
    replay: str = ''      # a schedule, of a find by explore
    replayed: int = 0     # times out of REPLAYS that it showed the same

    def as_json(self):
        attack = self.attack
        return {'runtime': attack.runtime, 'scenarios': attack.scenarios,
                'options': attack.options, 'seed': attack.seed,
                'budget_secs': attack.secs,
                'budget_executions': attack.executions,
                'found': self.found, 'error': self.error,
                'detector': self.detector, 'message': self.message,
                'scenario': self.scenario, 'seconds': round(self.seconds, 3),
                'executions': self.executions, 'kinds': self.kinds,
                'folder': tree.shown(self.folder) if self.folder else '',
                'replay': tree.shown(self.replay) if self.replay else '',
                'replayed': self.replayed}


def run(programs, attack, folder, tick=lambda seconds: None):
    """Make @attack with the programs below the folder @programs of the tree.

    What it leaves goes to @folder, which stays only if something was found
    or went wrong.  @tick is called now and then with the seconds spent.
    """
    os.makedirs(folder, exist_ok=True)
    try:
        if attack.runtime == 'explore':
            outcome = explore(programs, attack, folder, tick)
        else:
            outcome = stress(programs, attack, folder, tick)
    except OSError as error:
        outcome = Outcome(attack, error=str(error))
    if outcome.found or outcome.error:
        outcome.folder = folder
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


# ---- native, tsan, tsan-bare -------------------------------------------------


def findings_in(folder, reports_only):
    """The findings of a run so far; those of the race detector alone."""
    seen = []
    for path, _, names in os.walk(folder):
        if 'findings.jsonl' not in names:
            continue
        with open(os.path.join(path, 'findings.jsonl'),
                  encoding='utf-8', errors='replace') as lines:
            for line in lines:
                if not line.endswith('\n'):
                    break  # half written
                finding = json.loads(line)
                if 'report' in finding or not reports_only:
                    seen.append(finding)
    return seen


def watch(process, attack, folder, tick):
    """Until the run ends.  Return seconds to the first finding, or None."""
    start = time.monotonic()
    first, stop_at = None, attack.secs + GRACE
    while process.poll() is None:
        spent = time.monotonic() - start
        tick(spent)
        if first is None and findings_in(folder, attack.reports_only):
            first, stop_at = spent, spent + SETTLE
        if spent > attack.secs + 3 * GRACE:
            child.tell(process, signal.SIGKILL)
        elif spent > stop_at:
            # The first one asks it to stop, the third one tells it to.
            child.tell(process, signal.SIGINT)
            stop_at = spent + (SETTLE if first is not None else GRACE)
        child.wait_a_moment(0.05)
    return first


def stress(programs, attack, folder, tick):
    command = [tree.program(programs, 'native'), 'run', *attack.scenarios,
               '--json', '--runtime', attack.runtime,
               '--secs', str(max(1, round(attack.secs))),
               '--seed', str(attack.seed), '--results', folder,
               *attack.options]
    outcome = Outcome(attack, scenario='+'.join(attack.scenarios))
    start = time.monotonic()
    errors = os.path.join(folder, 'stderr.txt')
    with tempfile.TemporaryFile('w+', encoding='utf-8',
                                errors='replace') as out, \
            open(errors, 'w', encoding='utf-8') as error:
        with child.started(command, stdout=out, stderr=error) as process:
            first = watch(process, attack, folder, tick)
        out.seek(0)
        output = out.read()
    outcome.seconds = outcome.alone = first or time.monotonic() - start
    judge_stress(outcome, process.returncode, output, folder, errors)
    return outcome


def last_line(path):
    with open(path, encoding='utf-8', errors='replace') as text:
        lines = text.read().split('\n')
    return next((line for line in reversed(lines) if line.strip()), '')


def judge_stress(outcome, code, output, folder, errors):
    """Fill in what a run found, from its files and its last words."""
    seen = findings_in(folder, outcome.attack.reports_only)
    try:
        summary = json.loads(output)
    except json.JSONDecodeError:
        summary = {}
    if not seen and not outcome.attack.reports_only:
        seen = summary.get('findings', [])  # a crash leaves no line
    if seen:
        outcome.found = True
        outcome.kinds = list(dict.fromkeys(one['kind'] for one in seen))
        outcome.detector = outcome.kinds[0]
        outcome.message = headline(seen[0])
    elif code not in (tree.CLEAN, tree.FINDINGS):
        outcome.error = (f'exit code {code} without a finding:'
                         f' {last_line(errors) or "no message"}')
    os.unlink(errors)


def headline(finding):
    text = finding.get('text') or finding.get('headline') or ''
    return text.split('\n')[0]


# ---- explore -----------------------------------------------------------------


def explore(programs, attack, folder, tick):
    """Scenario by scenario, each with its share of what is left."""
    total = Outcome(attack)
    for at, name in enumerate(attack.scenarios):
        secs = (attack.secs - total.seconds) / (len(attack.scenarios) - at)
        if secs <= 0 or 0 < attack.executions <= total.executions:
            break
        one = replace(attack, secs=secs, executions=max(
            0, attack.executions - total.executions))
        before = total.seconds
        outcome = explore_one(programs, one, name, folder,
                              lambda spent, before=before: tick(before + spent))
        outcome.seconds += total.seconds
        outcome.executions += total.executions
        total = replace(outcome, attack=attack)
        if total.found or total.error:
            break
    return total


def explore_one(programs, attack, name, folder, tick):
    binary = tree.program(programs, 'explore')
    limits = ['--secs', f'{max(SHORTEST, attack.secs):.2f}']
    if attack.executions:
        limits += ['--executions', str(attack.executions)]
    command = [binary, 'explore', name, '--json', '--seed', str(attack.seed),
               *limits, '--results', folder, *attack.options]
    said = os.path.join(folder, 'said.txt')
    outcome = Outcome(attack, scenario=name)
    with open(said, 'w+', encoding='utf-8', errors='replace') as out:
        with child.started(command, stdout=out,
                           stderr=subprocess.STDOUT) as process:
            outcome.alone = child.wait_for(process, attack.secs, GRACE, tick)
        outcome.seconds = outcome.alone
        out.seek(0)
        output = out.read()
    judge_explore(outcome, process.returncode, output, folder)
    if outcome.found:
        check_replay(outcome, binary)
    os.unlink(said)
    return outcome


def judge_explore(outcome, code, output, folder):
    lines = [line for line in output.splitlines() if line.startswith('{')]
    if code not in (tree.CLEAN, tree.FINDINGS) or not lines:
        if not judge_kept(outcome, folder):
            why = [line for line in output.splitlines()
                   if line and not line.startswith('{')]
            outcome.error = (f'explore {outcome.scenario}: exit code {code}:'
                             f' {why[-1] if why else "no message"}')
        return
    try:
        summary = json.loads(lines[-1])
    except ValueError as error:
        outcome.error = f'explore {outcome.scenario}: not JSON: {error}'
        return
    outcome.executions = summary['executions'] + summary['redundant']
    if code == tree.CLEAN:
        return
    outcome.found = True
    outcome.executions = summary['first_finding']
    outcome.kinds = [verdict for verdict, n in summary['verdicts'].items()
                     if n and verdict not in ('clean', 'redundant')]
    outcome.detector = outcome.kinds[0] if outcome.kinds else '?'
    move_up(folder)
    outcome.replay = os.path.join(folder, 'schedule')
    if not os.path.exists(outcome.replay):
        outcome.replay = ''
    quote(outcome, first_headline(os.path.join(folder, 'report.txt')))


def judge_kept(outcome, folder):
    """Of an explorer that did not come to its end: a schedule is on the disk
    before it is minimised.  Return whether there is one."""
    move_up(folder)
    kept = []
    for name in filter(KEPT.fullmatch, os.listdir(folder)):
        path = os.path.join(folder, name)
        with open(path, encoding='utf-8', errors='replace') as text:
            said = HEADER.search(text.read())
        if said and said[2] != 'harness-failure':
            kept.append((int(said[1]), path, said[2]))
    if not kept:
        return False
    outcome.executions, path, outcome.detector = min(kept)
    outcome.found = True
    outcome.kinds = [outcome.detector]
    outcome.replay = os.path.join(folder, 'schedule')
    os.replace(path, outcome.replay)
    return True


def quote(outcome, message):
    """Take over the words of a report, and which oracle they name."""
    outcome.message = message
    oracle = ORACLE.match(message)
    if oracle:
        outcome.detector = oracle[1]


def move_up(folder):
    """Take what a finding left out of the folder explore made for it."""
    for path, _, names in os.walk(folder):
        if path == folder or not any(
                name == 'report.txt' or KEPT.fullmatch(name)
                for name in names):
            continue
        for name in names:
            os.replace(os.path.join(path, name), os.path.join(folder, name))
        os.rmdir(path)
        if 'report.txt' in names:
            correct(os.path.join(folder, 'report.txt'), path, folder)


def correct(report, old, new):
    """The report names its schedule, which is elsewhere now."""
    with open(report, encoding='utf-8', errors='replace') as text:
        said = text.read()
    with open(report, 'w', encoding='utf-8') as out:
        out.write(said.replace(old, new))


def first_headline(report):
    try:
        with open(report, encoding='utf-8', errors='replace') as text:
            found = HEADLINE.search(text.read())
    except OSError:
        found = None
    return found[1] if found else ''


def check_replay(outcome, binary):
    """Ten times out of ten the schedule must end in the same words."""
    if not outcome.replay:
        outcome.error = 'a finding without a schedule'
        return
    for _ in range(REPLAYS):
        again = subprocess.run([binary, 'replay', outcome.replay],
                               capture_output=True, text=True, check=False,
                               errors='replace')
        said = HEADLINE.search(again.stdout)
        if said and not outcome.message:
            quote(outcome, said[1])  # there was no time for a report
        if again.returncode == tree.FINDINGS and said \
                and said[1] == outcome.message:
            outcome.replayed += 1
    if outcome.replayed < REPLAYS:
        outcome.error = (f'the schedule shows it {outcome.replayed} times out'
                         f' of {REPLAYS}: {outcome.replay}')
