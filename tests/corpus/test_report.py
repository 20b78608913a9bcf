# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture report: pages of made-up results."""

import contextlib
import io
import json
import os
import tempfile
import unittest

import chart
import cmd_report
import page
import report_attacks
import report_run
import tree

SERIES = '''seconds,round,findings,alive,rss_mib,own_mib,deepest_queue,forks,vforks
0.5,1,0,5,10,4,0,0,0
1.5,1,1,9,12,4,3,100,20
2.5,1,1,8,12,4,3,150,40
3.5,1,1
'''
SUMMARY = {
    'verdict': 'FAIL', 'exit_code': 1, 'seconds': 3.6, 'rounds': 1,
    'config': {'command': 'mmtorture run mix --seed=1', 'scenarios': ['mix'],
               'source_hash': 'abc', 'host_machine': 'x86_64',
               'host_kernel': '6.1'},
    'counters': {'thread_clones': 1234},
    'interleavings': [{'item': 'B-1', 'what': 'seen <often>', 'seen': 7},
                      {'item': 'B-2', 'what': 'never', 'seen': 0}],
}
FINDING = {'kind': 'tlb', 'text': 'stale <entry>\nsecond line'}


def attack(bug, runtime, found, seconds, executions=0):
    return {'bug': bug, 'runtime': runtime, 'found': found, 'error': '',
            'detector': 'data' if found else '', 'scenario': 'mix',
            'seconds': seconds, 'executions': executions, 'replay': ''}


class Pages(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = os.path.join(scratch.name, '20261129-080000-bugs-1')
        os.mkdir(self.folder)

    def put(self, name, text):
        with open(os.path.join(self.folder, name), 'w',
                  encoding='utf-8') as out:
            out.write(text)

    def put_run(self):
        self.put('summary.json', json.dumps(SUMMARY))
        self.put('config.json', '{}')
        self.put('findings.jsonl', json.dumps(FINDING) + '\n{"kind": "half')
        self.put('series.csv', SERIES)

    def put_attacks(self, attacks):
        self.put('attacks.jsonl', ''.join(json.dumps(a) + '\n'
                                          for a in attacks))

    def report(self, *words):
        """(exit code or failure's, what was printed, the page)"""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = cmd_report.main(list(words))
        with open(out.getvalue().strip(), encoding='utf-8') as file:
            return code, file.read()

    def refused(self, *words):
        with self.assertRaises(tree.Failure) as caught:
            cmd_report.main(list(words))
        self.assertEqual(caught.exception.code, tree.USAGE)
        return str(caught.exception)

    def test_run(self):
        self.put_run()
        code, text = self.report(self.folder)
        self.assertEqual(code, tree.CLEAN)
        for part in ('<span class="verdict">FAIL</span>',
                     'tlb: stale &lt;entry&gt;', 'second line', '1,234',
                     'seen &lt;often&gt;', '<tr class=bad><td>B-2</td>',
                     'aria-label="Life cycles"', 'aria-label="Findings"'):
            self.assertIn(part, text)
        self.assertEqual(text.count('<svg'), text.count('</svg>'))
        self.assertNotIn('aria-label="Faults', text)  # no such columns

    def test_newest(self):
        self.put_run()
        code, text = self.report('-o', os.path.dirname(self.folder))
        self.assertEqual(code, tree.CLEAN)
        self.assertIn('mmtorture run mix', text)

    def test_index(self):
        self.put_run()
        results = os.path.dirname(self.folder)
        other = os.path.join(results, '20261129-090000-bugs-1')
        os.mkdir(other)
        with open(os.path.join(other, 'attacks.jsonl'), 'w',
                  encoding='utf-8') as out:
            out.write(json.dumps(attack('a', 'tsan', True, 1)) + '\n')
        broken = os.path.join(results, '20261129-070000-run')
        os.mkdir(broken)
        for name in ('summary.json', 'config.json'):
            with open(os.path.join(broken, name), 'w', encoding='utf-8') as out:
                out.write('{')
        code, text = self.report('--all', '-o', results)
        self.assertEqual(code, tree.CLEAN)
        rows = text.split('<tr')[2:]
        self.assertIn('href="20261129-090000-bugs-1/report.html"', rows[0])
        self.assertIn('1 of 1 found', rows[0])
        self.assertIn('<td>FAIL</td>', rows[1])
        self.assertIn('unreadable', rows[2])
        self.assertEqual([row.startswith(' class=bad') for row in rows],
                         [False, True, True])
        self.assertIn('1 of 3 good', text)
        self.assertTrue(os.path.exists(os.path.join(other, 'report.html')))

    def test_series_of_a_killed_run(self):
        self.put_run()
        columns = report_run.series(self.folder)
        self.assertEqual(columns['seconds'], [0.5, 1.5, 2.5])
        cycles = report_run.charts(columns)[0]
        self.assertEqual(cycles.curves, [('forks', [(1.5, 120), (2.5, 70)])])

    def test_bugs(self):
        self.put_attacks([attack('a', 'native', True, 2.5),
                          attack('a', 'explore', True, 1, 40),
                          attack('b', 'explore', True, 3, 7),
                          attack('c', 'native', False, 60)])
        contents = report_attacks.contents(self.folder)
        self.assertEqual(contents['verdict'], '2 of 3 found')
        self.assertFalse(contents['good'])
        seconds, executions = contents['charts']
        self.assertEqual(seconds.curves, [('native', [(2.5, 1)]),
                                          ('explore', [(1, 1), (3, 2)])])
        self.assertEqual(executions.curves, [('explore', [(7, 1), (40, 2)])])
        _, text = self.report(self.folder)
        self.assertIn('<tr class=bad><td>c</td>', text)
        self.assertNotIn('<th>again</th>', text)  # nothing in that column

    def test_a_patch_should_be_clean(self):
        one = attack('', 'tsan', True, 1)
        del one['bug']
        self.put_attacks([one])
        contents = report_attacks.contents(self.folder)
        self.assertEqual((contents['verdict'], contents['good']),
                         ('FINDINGS', False))
        self.assertEqual(len(contents['tables'][0]['bad']), 1)

    def test_find_of_explore(self):
        self.put('report.txt', '!!! deadlock: a & b\n step\n')
        _, text = self.report(self.folder)
        self.assertIn('deadlock: a &amp; b', text)
        self.assertIn('mmtorture replay', text)

    def test_curve(self):
        self.put('c.csv', 'program,executions,classes,reads_from,hand_overs\n'
                 'one,1,1,5,2\none,8,4,7,2\ntwo,1,1,1,0\n')
        _, text = self.report(os.path.join(self.folder, 'c.csv'))
        self.assertEqual(text.count('<svg'), 3)
        self.assertIn('<td>one</td><td class=number>8</td>', text)
        self.assertTrue(os.path.exists(os.path.join(self.folder, 'c.html')))

    def test_bad_folders(self):
        self.assertIn('no results of a run in it', self.refused(self.folder))
        self.assertIn('no such folder', self.refused(self.folder + '/x'))
        self.assertIn('no results of a run in it',
                      self.refused('-o', self.folder))
        self.assertIn('No such file', self.refused('-o', self.folder + '/x'))
        self.put('x.csv', 'a,b\n1,2\n')
        self.assertIn('not made by explore --curve',
                      self.refused(self.folder + '/x.csv'))
        self.put('config.json', '{}')
        self.put('summary.json', '{')
        self.assertIn('summary.json', self.refused(self.folder))


class Charts(unittest.TestCase):
    def test_rates(self):
        self.assertEqual(list(chart.rates([1, 3, 3, 4], [0, 10, 20, 5])),
                         [(3, 5), (4, 0)])

    def test_names_are_text(self):
        picture = chart.Chart("it's", 'x_1', 'y')
        picture.curve("a'b", [(0, 1), (1, 2)])
        self.assertIn('<svg', picture.svg())

    def test_nothing_to_draw(self):
        picture = chart.Chart('t', 'x', 'y')
        picture.curve('none', [])
        self.assertEqual(picture.svg(), '')
        self.assertTrue(picture.is_empty())

    def test_columns_without_anything(self):
        table = page.without_empty_columns(
            {'head': ['a', 'b'], 'rows': [('', 1), ('', 2)],
             'bad': [('', 2)], 'title': 't'})
        self.assertEqual(table['head'], ('b',))
        self.assertEqual(table['rows'], [(1,), (2,)])
        self.assertEqual(table['bad'], [(2,)])


if __name__ == '__main__':
    unittest.main()
