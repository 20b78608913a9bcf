# SPDX-License-Identifier: GPL-2.0-or-later
"""How attacks are judged, with programs that only pretend to run."""

import contextlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

import attack
import cmd_bugs
import cmd_selfcheck
import interleaving
import options
import plan
import results
import summary
import terminal
import tree
import try_plan
import bugs as planted

# A run: finds what $KIND says, after a moment; or dies, or is clean.
RUN = '''#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = --results ] && out=$2; shift; done
mkdir -p "$out/run"
{body}
'''
FINDS = '''printf '{"kind":"%s","text":"it is wrong"}\\n' tlb \
> "$out/run/findings.jsonl"
sleep 0.2; echo '{"exit_code": 1, "findings": []}'; exit 1'''
REPORTS = '''printf '{"kind":"tlb","text":"oracle"}\\n{"kind":"data-race",%s\\n' \
'"report":"x","text":"a | b"}' > "$out/run/findings.jsonl"
echo '{"exit_code": 1, "findings": []}'; exit 1'''
CLEAN = '''echo '{"exit_code": 0, "findings": []}'; exit 0'''
DIES = 'echo "no memory at all" >&2; exit 3'

# explore: finds something in execution 7 of scenario "bad", and of "killed",
# which does not come to its end; replays as often as the file "left" allows.
EXPLORE = '''#!/bin/sh
here=$(dirname "$0")
if [ "$1" = replay ]; then
	n=$(cat "$here/left")
	[ "$n" -gt 0 ] || exit 0
	echo $((n - 1)) > "$here/left"
	echo '!!! assertion: tlb: stale'
	exit 1
fi
scenario=$2
while [ $# -gt 0 ]; do [ "$1" = --results ] && out=$2; shift; done
if [ "$scenario" = bad ]; then
	mkdir "$out/x"
	echo '!!! assertion: tlb: stale' > "$out/x/report.txt"
	echo 1 > "$out/x/schedule"
	echo '{"executions": 6, "redundant": 1, "first_finding": 7,' \
	'"verdicts": {"clean": 6, "assertion": 1}}'
	exit 1
fi
if [ "$scenario" = killed ]; then
	mkdir "$out/x"
	for n in 12 7; do
		printf 'execution %d\nseed 1\nverdict assertion\n' $n \
		> "$out/x/schedule.$n"
	done
	echo half > "$out/x/schedule.3.part"
	kill -9 $$
fi
[ "$scenario" = garbled ] && { echo '{"executions": 6, "x": inf}'; exit 0; }
[ "$scenario" = broken ] && { echo "cannot boot"; exit 3; }
echo '{"executions": 90, "redundant": 10, "first_finding": 0,' \
'"verdicts": {"clean": 90}}'
'''


class Pretended(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.scratch)
        self.programs = os.path.join(self.scratch, 'programs')
        self.folder = os.path.join(self.scratch, 'results')

    def program(self, flavour, text):
        path = os.path.join(self.programs, flavour, 'mmtorture')
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return os.path.dirname(path)

    def stress(self, body, **more):
        self.program('native', RUN.replace('{body}', body))
        return attack.run(self.programs, attack.Attack(
            'native', ('mix',), 5, 1, **more), self.folder)

    def explore(self, *scenarios, replays=10, executions=1000):
        folder = self.program('explore', EXPLORE)
        with open(os.path.join(folder, 'left'), 'w',
                  encoding='utf-8') as left:
            left.write(f'{replays}\n')
        return attack.run(self.programs, attack.Attack(
            'explore', scenarios, 9, 1, executions), self.folder)


class Attacks(Pretended):
    def test_finding_of_a_run(self):
        outcome = self.stress(FINDS)
        self.assertTrue(outcome.found)
        self.assertEqual((outcome.detector, outcome.message),
                         ('tlb', 'it is wrong'))
        self.assertTrue(0 < outcome.seconds < 5)
        self.assertTrue(os.path.exists(outcome.folder))

    def test_clean_run_leaves_nothing(self):
        outcome = self.stress(CLEAN)
        self.assertEqual((outcome.found, outcome.error), (False, ''))
        self.assertFalse(os.path.exists(self.folder))

    def test_run_that_dies_is_no_miss(self):
        outcome = self.stress(DIES)
        self.assertFalse(outcome.found)
        self.assertIn('no memory at all', outcome.error)

    def test_reports_of_the_race_detector_alone(self):
        self.assertEqual(self.stress(REPORTS).detector, 'tlb')
        self.assertEqual(self.stress(REPORTS, reports_only=True).detector,
                         'data-race')
        self.assertFalse(self.stress(FINDS, reports_only=True).found)

    def test_program_that_is_not_there(self):
        outcome = attack.run(self.programs, attack.Attack(
            'native', ('mix',), 1, 1), self.folder)
        self.assertIn('No such file', outcome.error)

    def test_explore_adds_executions_up_to_the_find(self):
        outcome = self.explore('good', 'bad', 'never')
        self.assertTrue(outcome.found)
        self.assertEqual((outcome.scenario, outcome.executions,
                          outcome.detector), ('bad', 107, 'tlb'))
        self.assertTrue(0 < outcome.alone < outcome.seconds)
        self.assertEqual((outcome.replayed, outcome.error), (10, ''))
        self.assertEqual(outcome.replay,
                         os.path.join(self.folder, 'schedule'))
        self.assertTrue(os.path.exists(outcome.replay))

    def test_explore_keeps_to_its_budget(self):
        outcome = self.explore('good', 'good', 'bad', executions=150)
        self.assertFalse(outcome.found)
        self.assertEqual(outcome.executions, 200)

    def test_explore_that_fails_is_no_miss(self):
        outcome = self.explore('broken')
        self.assertFalse(outcome.found)
        self.assertIn('cannot boot', outcome.error)

    def test_explore_that_says_what_is_not_json(self):
        outcome = self.explore('garbled')
        self.assertFalse(outcome.found)
        self.assertIn('explore garbled: not JSON: ', outcome.error)

    def test_explore_that_is_killed_keeps_its_find(self):
        outcome = self.explore('killed', 'never')
        self.assertTrue(outcome.found)
        self.assertEqual((outcome.scenario, outcome.executions, outcome.kinds,
                          outcome.detector, outcome.message),
                         ('killed', 7, ['assertion'], 'tlb',
                          'assertion: tlb: stale'))
        self.assertEqual((outcome.replayed, outcome.error), (10, ''))
        with open(outcome.replay, encoding='utf-8') as schedule:
            self.assertIn('execution 7\n', schedule.read())

    def test_nine_replays_of_ten_are_not_enough(self):
        outcome = self.explore('bad', replays=9)
        self.assertEqual(outcome.replayed, 9)
        self.assertIn('9 times out of 10', outcome.error)


def bug(name, found_by='explore:tlb', **more):
    header = {'area': 'tlb', 'consequence': 'leak', 'depth': '2',
              'threads': '2', 'expected': 'native:leak', 'blind': '-',
              'found-by': found_by, **more}
    return planted.Bug(name, f'bugs/{name}.cocci', header)


def outcome_of(found=True, error='', seconds=1.0, runtime='native'):
    one = attack.Outcome(attack.Attack(runtime, ('mix',), 9, 1), found, error,
                         seconds=seconds, executions=4)
    return one.as_json()


def record(*seeds, known_miss=False, older=False, broken='', name='x'):
    return {'bug': name, **bug(name).header, 'known_miss': known_miss,
            'older': older, 'broken': broken,
            'seeds': [list(one) for one in seeds]}


class Judgement(unittest.TestCase):
    def test_exit_codes(self):
        found, miss = outcome_of(), outcome_of(found=False)
        failed = outcome_of(found=False, error='x')
        for code, records, controls in [
                (tree.CLEAN, [record([miss, found])], [miss]),
                (tree.FINDINGS, [record([miss])], []),
                (tree.FINDINGS, [record([found], [miss])], []),
                (tree.FINDINGS, [record([found])], [found]),
                (tree.CLEAN, [record([miss], known_miss=True)], []),
                (tree.CLEAN, [record(known_miss=True)], []),
                (tree.CLEAN, [record([miss], older=True)], []),
                (tree.FINDINGS, [record([miss], older=True)], [found]),
                (tree.HARNESS, [record([failed], older=True)], []),
                (tree.HARNESS, [record(broken='x')], []),
                (tree.HARNESS, [record([failed, found])], []),
                (tree.HARNESS, [record([found])], [failed])]:
            self.assertEqual(summary.exit_code(records, controls), code)

    def test_score_counts_what_was_attacked(self):
        total = summary.of([record([outcome_of()]), record(known_miss=True),
                            record([outcome_of(found=False)], name='y'),
                            record(name='interrupted')])
        self.assertEqual(total['score'], {'found': 1, 'of': 2})
        self.assertEqual((total['missed'], total['not_attacked']), (['y'], 1))
        self.assertIn('mutation score: 1 of 2 (50 %), 1 known misses not'
                      ' attacked', list(summary.lines(total)))

    def test_median_and_spread(self):
        numbers = summary.spread([5.0, 1.0, 2.0, 3.0, 4.0])
        self.assertEqual([numbers[key] for key in
                          ('min', 'lower', 'median', 'upper', 'max')],
                         [1, 2, 3, 4, 5])
        self.assertIsNone(summary.spread([]))
        self.assertEqual(summary.spread([7.0])['median'], 7)

    def test_miss_is_shown_as_a_miss(self):
        row, = cmd_bugs.rows(record([outcome_of(found=False)]))
        self.assertEqual(row[0][0], 'MISSED')
        row, = cmd_bugs.rows(record([outcome_of(found=False)],
                                    known_miss=True))
        self.assertEqual(row[0][0], cmd_bugs.KNOWN)
        row, = cmd_bugs.rows(record([outcome_of(found=False)], older=True))
        self.assertEqual(row[0][0], cmd_bugs.UNSEEN)
        row, = cmd_bugs.rows(record([outcome_of()], [outcome_of(False)]))
        self.assertEqual(row[0][0], '1/2')


class Selfcheck(unittest.TestCase):
    def setUp(self):
        self.bugs = options.load()

    def test_sample_is_a_function_of_the_seed(self):
        one = cmd_selfcheck.sample(self.bugs, 8, 1)
        self.assertEqual(one, cmd_selfcheck.sample(self.bugs, 8, 1))
        self.assertNotEqual(one, cmd_selfcheck.sample(self.bugs, 8, 2))
        self.assertEqual(len(set(bug.name for bug in one)), 8)
        self.assertTrue(all(bug.found_by for bug in one))

    def test_miss_fails_the_campaign_as_the_harness(self):
        for code, verdict in ((tree.CLEAN, 0), (tree.FINDINGS, 3),
                              (tree.HARNESS, 3)):
            with mock.patch.object(cmd_bugs, 'Campaign') as campaign:
                campaign.return_value.run.return_value = code
                self.assertEqual(
                    cmd_selfcheck.main(['--seed', '1']), verdict)


class Plans(unittest.TestCase):
    def setUp(self):
        self.names = tree.scenario_names(tree.program('build', 'native'))
        self.bugs = options.load()

    def test_headers_name_scenarios_that_exist(self):
        for one in self.bugs:
            self.assertLessEqual(set(one.scenario), set(self.names[0]),
                                 one.name)
            plan.bounded(one, self.names[1])

    def test_unknown_scenario_is_refused_by_name(self):
        with self.assertRaises(tree.Failure) as caught:
            plan.bounded(bug('x', bounded='nowhere'), self.names[1])
        self.assertIn("x: header names an unknown bounded scenario 'nowhere'",
                      str(caught.exception))

    def test_attacks_keep_to_the_budget(self):
        budget = types.SimpleNamespace(secs=60, executions=200000)
        for one in self.bugs:
            for runtime in planted.RUNTIMES:
                made = plan.attacks_in(one, runtime, budget, 1, self.names[1])
                self.assertLessEqual(sum(each.secs for each in made), 60)

    def test_every_file_has_scenarios_of_its_own(self):
        import sources
        for path in sources.MM + sources.LOCKING:
            made = try_plan.attacks([path], 120, 1, self.names, self.bugs)
            self.assertTrue({'native', 'tsan', 'explore'} <=
                            {one.runtime for one in made}, path)
            explored = {name for one in made for name in one.scenarios
                        if one.runtime == 'explore'}
            self.assertEqual(explored, set(self.names[1]), path)
            self.assertLess(sum(one.secs for one in made), 120.1, path)

    def test_locks_are_tried_bare_and_under_weak_models(self):
        made = try_plan.attacks(['locking/rwsem.c'], 120, 1, self.names,
                                self.bugs)
        self.assertIn('tsan-bare', {one.runtime for one in made})
        self.assertIn(('rwsem', ('-M', 'c11')),
                      {(one.scenarios[0], one.options) for one in made})


class Headers(unittest.TestCase):
    """A header that is wrong is refused by name, with what is wrong."""

    def fault(self, *changes):
        path = tree.inside('bugs', 'rwsem-wake-count-truncated.cocci')
        with open(path, encoding='utf-8') as text:
            header = text.read()
        for old, new in changes:
            self.assertIn(old, header)
            header = header.replace(old, new)
        with tempfile.NamedTemporaryFile('w', suffix='.cocci') as out:
            out.write(header)
            out.flush()
            with self.assertRaises(ValueError) as caught:
                planted.read(out.name)
        self.assertIn(out.name, str(caught.exception))
        return str(caught.exception)

    def test_faults(self):
        for old, new, said in [
                ('// year: 2004\n', '', 'lacks year'),
                ('// area: rwsem', '// area: rvsem', "area: 'rvsem' is none"),
                ('// depth: 1', '// depth: x', "depth: 'x' is not a number"),
                ('// blind: -', '// blind: arm', "'arm' is none of"),
                ('// blind: -', '// blind: sc', 'means depth wm'),
                ('// found-by: ', '// found-by: nativ:x ', "'nativ:x' is not"),
                ('// expected: ', '// expected: native:x ', 'detectors are')]:
            with self.subTest(said=said):
                self.assertIn(said, self.fault((old, new)))

    def test_find_that_cannot_be(self):
        said = self.fault(('// blind: -', '// blind: races'),
                          ('// found-by: ', '// found-by: tsan:data-race '))
        self.assertIn('blind to races, and yet tsan:data-race', said)


REPORT = '''!!! assertion: tlb: stale (mm/tlb.c:1)
  token x:pos:sc:1:38:8a142bf9, 15 decisions
  thread 0 (init)
  step | thread 0                           | thread 1
   ... 9 steps before these
   10  |                                    | rmw 0x1=0 unlock a.c:1
   12* | start \n\
   14  | store 0x2=8 change b.c:3
  turns, the last 2 of 9: where each thread went before another did
       1 child  unlock a.c:1 (2 steps)
    *  0 init   change b.c:3 (3 steps)
  decisive: thread 1 gives way to thread 0 at step 12
'''


class Interleaving(unittest.TestCase):
    def test_turns(self):
        self.assertEqual(interleaving.turns(REPORT),
                         ['   1 child  unlock a.c:1 (2 steps)',
                          '*  0 init   change b.c:3 (3 steps)'])
        self.assertEqual(interleaving.turns('a\nb\n'), [])

    def test_told_in_short(self):
        said, rows = interleaving.parts(REPORT)
        self.assertEqual([line.split()[0] for line in said],
                         ['!!!', 'token', 'thread', 'turns,', '1', '*',
                          'decisive:'])
        self.assertEqual([line.split()[0] for line in rows],
                         ['step', '...', '10', '12*', '14'])

    def test_report_without_steps(self):
        self.assertEqual(interleaving.parts('a\nb\n'), (['a', 'b'], []))


class Output(Pretended):
    def test_folders_of_runs_do_not_mix(self):
        one = results.Folder(self.scratch, 'bugs', 1)
        two = results.Folder(self.scratch, 'bugs', 1)
        self.assertNotEqual(one.path, two.path)
        one.append('a.jsonl', {'x': 1})
        one.append('a.jsonl', {'x': 2})
        with open(one.inside('a.jsonl'), encoding='utf-8') as lines:
            self.assertEqual([json.loads(line)['x'] for line in lines],
                             [1, 2])

    def test_colours_only_on_a_terminal_that_wants_them(self):
        class Terminal(io.StringIO):
            def isatty(self):
                return True
        with mock.patch.dict(os.environ, {'TERM': 'xterm'}):
            os.environ.pop('NO_COLOR', None)
            self.assertIn('\033', terminal.paint('x', terminal.RED,
                                                 Terminal()))
            os.environ['NO_COLOR'] = '1'
            self.assertEqual(terminal.paint('x', terminal.RED, Terminal()),
                             'x')
        self.assertEqual(terminal.paint('x', terminal.RED, io.StringIO()),
                         'x')

    def test_progress_is_silent_when_piped(self):
        with contextlib.redirect_stderr(io.StringIO()) as said:
            progress = terminal.Progress()
            progress.show('half way')
            progress.clear()
        self.assertEqual(said.getvalue(), '')


if __name__ == '__main__':
    unittest.main()
