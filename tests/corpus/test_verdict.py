# SPDX-License-Identifier: GPL-2.0-or-later
"""What check_summary.py says of suites that failed, and of those that did not."""

import os
import subprocess
import sys
import tempfile
import unittest

import tree
import verdict


def summary(*results):
    done = subprocess.run([sys.executable,
                           tree.inside('scripts', 'check_summary.py'),
                           *results], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout


class Summary(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(dir=tree.inside('build'))
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_good_ones_are_counted_and_kept(self):
        verdict.write(self.path('a'), 'a', 3, '')
        verdict.write(self.path('b'), 'b', 4, '')
        code, said = summary(self.path('a'), self.path('b'))
        self.assertEqual(code, 0)
        self.assertIn('check: PASS: 7 tests in 2 suites', said)
        self.assertTrue(os.path.exists(self.path('a')))

    def test_what_a_failed_one_said_is_shown_and_it_runs_again(self):
        verdict.write_faults(self.path('a'), 'docs', 3,
                             ['run: exit code 1\n!!! stall at a.c:1'])
        verdict.write(self.path('b'), 'b', 4, '', 'never shown')
        code, said = summary(self.path('a'), self.path('b'))
        self.assertEqual(code, 1)
        self.assertIn('!!! docs: run: exit code 1\n', said)
        self.assertIn('    !!! stall at a.c:1\n', said)
        self.assertNotIn('never shown', said)
        self.assertFalse(os.path.exists(self.path('a')))
        self.assertTrue(os.path.exists(self.path('b')))

    def test_no_test_is_no_pass(self):
        verdict.write(self.path('a'), 'a', 0, '')
        self.assertEqual(summary(self.path('a'))[0], 1)


class Excerpt(unittest.TestCase):
    def test_beginning_and_end_of_a_long_one(self):
        lines = verdict.excerpt('\n'.join(map(str, range(1000))))
        self.assertEqual(lines[0], '0')
        self.assertEqual(lines[-1], '999')
        self.assertIn('(940 lines left out)', lines)
        self.assertEqual(len(lines), 61)

    def test_a_short_one_is_whole(self):
        self.assertEqual(verdict.excerpt('a\nb'), ['a', 'b'])
        self.assertEqual(verdict.excerpt(''), [])

    def test_lines_are_cut(self):
        self.assertEqual(verdict.excerpt('x' * 500), ['x' * 400 + ' ...'])


if __name__ == '__main__':
    unittest.main()
