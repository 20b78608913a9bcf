# SPDX-License-Identifier: GPL-2.0-or-later
"""Which scenarios existed before a bug was planted: of a history made here."""

import os
import shutil
import subprocess
import tempfile
import types
import unittest
from unittest import mock

import cmd_bugs
import history
import plan
import tree
import bugs as planted

BUDGET = types.SimpleNamespace(secs=60, executions=200000)


def bug(name, **header):
    return planted.Bug(name, f'bugs/{name}.cocci', {
        'depth': '2', 'threads': '2', 'expected': 'explore:race',
        'found-by': 'none', 'blind': '-', **header})


class Repository(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        patch = mock.patch.object(tree, 'ROOT', self.root)
        patch.start()
        self.addCleanup(patch.stop)

    def git(self, *arguments):
        subprocess.run(['git', '-c', 'user.name=n', '-c', 'user.email=e',
                        *arguments], cwd=self.root, check=True,
                       capture_output=True)

    def commit(self, **files):
        """Write NAME__FILE=TEXT to folder NAME, in a commit of its own."""
        for name, text in files.items():
            path = os.path.join(self.root, name.replace('__', '/', 1))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as out:
                out.write(text)
        self.git('add', '.')
        self.git('commit', '-m', 'x')


class Ages(Repository):
    def setUp(self):
        super().setUp()
        self.git('init')
        self.commit(stress__life='\t.name = "fork",\n\tsay("exit");\n')
        self.commit(**{'bugs__first.cocci': 'long enough to be known again\n'})
        self.commit(**{'bugs__second.cocci': '2\n',
                       'stress__end': '\t.name = "exit",\n'})
        self.git('mv', 'bugs/first.cocci', 'bugs/renamed.cocci')
        self.commit(stress__life='\t.name = "fork",\n\t.name = "clone",\n')
        self.commit(**{'bugs__third.cocci': '3\n', 'stress__life':
                       '\t.name = "clone",\n\t.about = "x",\n'})
        self.ages = history.read(('exit', 'fork'))

    def older(self, name):
        return self.ages.older_than(name, ('clone', 'exit', 'fork', 'new'))

    def test_scenario_is_older_only_if_it_was_there_before(self):
        self.assertEqual(self.older('third'), ('clone', 'exit', 'fork'))

    def test_scenario_of_the_same_commit_is_not_older(self):
        self.assertEqual(self.older('second'), ('fork',))

    def test_patch_that_was_renamed_keeps_its_age(self):
        self.assertEqual(self.older('renamed'), ('fork',))

    def test_bug_that_is_not_committed_is_the_youngest(self):
        self.assertEqual(self.older('planned'), ('clone', 'exit', 'fork'))

    def test_mix_is_as_young_as_the_youngest_of_its_families(self):
        self.commit(stress__mix='\t.name = "mix",\n')
        self.commit(**{'bugs__fourth.cocci': '4\n'})
        self.commit(stress__late='\t.name = "late",\n')
        for families, older in [(('exit',), ('mix',)), (('late',), ())]:
            self.assertEqual(history.read(families).older_than(
                'fourth', ('mix',)), older)

    def when_planted(self, header, **more):
        self.commit(**{'bugs__last.cocci': header}, **more)
        return history.read(('exit', 'fork')).found_when_planted('last')

    def test_find_that_is_recorded_with_the_bug(self):
        self.assertEqual(self.when_planted('// found-by: native:bug\n'),
                         'native:bug')

    def test_no_find_is_recorded_with_the_bug(self):
        self.assertEqual(self.when_planted('// found-by: none\n'), '')

    def test_find_counts_only_with_scenarios_that_were_there(self):
        for name, found in [('new', ''), ('clone', 'explore:tlb')]:
            with self.subTest(name):
                self.setUp()
                self.assertEqual(self.when_planted(
                    f'// found-by: explore:tlb\n// bounded: {name}\n',
                    stress__new='\t.name = "new",\n'), found)

    def test_find_beside_new_scenarios_that_names_none(self):
        self.assertEqual(self.when_planted(
            '// found-by: native:bug\n', stress__new='\t.name = "n",\n'), '')

    def test_find_before_there_was_a_scenario(self):
        self.git('init', 'early')
        self.root = os.path.join(self.root, 'early')
        with mock.patch.object(tree, 'ROOT', self.root):
            self.assertEqual(self.when_planted('// found-by: native:bug\n'),
                             '')

    def test_attacks_are_by_older_scenarios_alone(self):
        planner = cmd_bugs.Planner(True)
        planner.run, planner.bounded = ('exit',), ('clone', 'fork', 'new')
        planner.history = self.ages
        for name, runtime, scenarios in [
                ('second', 'explore', {'fork'}), ('second', 'native', set()),
                ('third', 'explore', {'clone', 'fork'}),
                ('third', 'tsan', {'exit'})]:
            made = planner.attacks(bug(name), runtime, BUDGET, 1)
            self.assertEqual({one for each in made for one in each.scenarios},
                             scenarios)


class Plans(unittest.TestCase):
    def test_scenarios_share_the_budget(self):
        for runtime in planted.RUNTIMES:
            made = plan.older_attacks(bug('x'), runtime, BUDGET, 1,
                                      ('a', 'b', 'c'))
            self.assertAlmostEqual(sum(one.secs for one in made), 60)

    def test_none_older_is_no_attack(self):
        self.assertEqual(plan.older_attacks(bug('x'), 'native', BUDGET, 1, ()),
                         [])
        self.assertEqual(plan.older_attacks(bug('x'), 'explore', BUDGET, 1,
                                            ()), [])


class WithoutHistory(Repository):
    def test_tree_without_history_is_named(self):
        with self.assertRaises(tree.Failure) as caught:
            history.read()
        self.assertIn('--older: needs the git history', str(caught.exception))


if __name__ == '__main__':
    unittest.main()
