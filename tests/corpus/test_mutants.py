# SPDX-License-Identifier: GPL-2.0-or-later
"""Which mistakes scripts/mutants.py makes, and that the tree stays as it is."""

import os
import random
import subprocess
import tempfile
import unittest
from unittest import mock

import mutants
import patches
import tree

SOURCE = '''\
static int protected(struct x *x)
{
	int err = -EAGAIN;

	down_write(&x->sem);
	if (x->dead) {
		up_write(&x->sem);
		return err;
	}
	spin_lock_irqsave(&x->lock, flags);
	WRITE_ONCE(x->seen,
		   1);
	wake_up_all(&x->wait);
	spin_unlock_irqrestore(&x->lock, flags);
	up_write(&x->sem);
	smp_mb();
	x->dead = false;
	atomic_inc(&x->count);
	flush_tlb_mm(x->mm);
	if (ref_put_and_test(&x->users, "users", x))
		free_x(x);
	return 0;
}
'''


class Mistakes(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.mkdtemp()
        path = os.path.join(self.scratch, 'x.c')
        with open(path, 'w', encoding='utf-8') as out:
            out.write(SOURCE)
        self.made = {}
        for one in mutants.Source(path).mutants():
            self.assertEqual(one.function, 'protected')
            self.made.setdefault(one.kind, {})[one.what] = ''.join(one.after)

    def text(self, kind, what):
        self.assertIn(what, self.made[kind])
        return self.made[kind][what]

    def test_each_kind_is_made(self):
        self.assertEqual(set(self.made), set(mutants.KINDS))

    def test_lock_goes_on_every_path(self):
        self.assertNotIn('_write', self.text('lock', 'no down_write(&x->sem);'))
        self.assertEqual(self.text('reader', 'shared down_write(&x->sem);'),
                         SOURCE.replace('_write', '_read'))
        self.assertNotIn('&x->lock', self.text(
            'lock', 'no spin_lock_irqsave(&x->lock, flags);'))

    def test_steps_that_are_left_out(self):
        for kind, step in [('barrier', 'smp_mb();'), ('put', 'free_x(x);'),
                           ('get', 'atomic_inc(&x->count);'),
                           ('flush', 'flush_tlb_mm(x->mm);'),
                           ('store', 'x->dead = false;'),
                           ('wake', 'wake_up_all(&x->wait);')]:
            self.assertEqual(self.text(kind, f'no {step}'),
                             SOURCE.replace(step, ';'))

    def test_condition_after_a_lock(self):
        self.assertEqual(self.text('recheck', 'never if (x->dead) {'),
                         SOURCE.replace('(x->dead)', '(0 && (x->dead))'))

    def test_statement_of_two_lines_changes_places(self):
        after = self.text('order', 'wake_up_all(&x->wait); before'
                          ' WRITE_ONCE(x->seen, 1);')
        self.assertIn('\twake_up_all(&x->wait);\n\tWRITE_ONCE(x->seen, 1);\n',
                      after)

    def test_atomic_operation_in_two(self):
        self.assertIn('\tatomic_set(&x->count, atomic_read(&x->count) + 1);\n',
                      self.text('split', 'atomic_set(&x->count,'
                                ' atomic_read(&x->count) + 1);'))
        self.assertEqual(len(self.made['split']), 2)


class Sources(unittest.TestCase):
    def test_diffs_apply_to_the_tree(self):
        found = mutants.every(['mm/ldt.c', 'locking/rwsem.c'])
        chosen = mutants.sample(found, 20, random.Random(1))
        kinds = {one.kind for one in found}
        self.assertEqual({one.kind for one in chosen[:len(kinds)]}, kinds)
        for one in chosen:
            with tempfile.NamedTemporaryFile('w', suffix='.diff') as out:
                out.write(mutants.diff(one))
                out.flush()
                change = patches.prepare(out.name)
            self.assertEqual(change.files, [one.path])
            with open(tree.inside(change.folder, one.path),
                      encoding='utf-8') as text:
                self.assertEqual(text.readlines(), one.after)

    def test_table_and_what_try_says(self):
        with tempfile.TemporaryDirectory() as out, \
                mock.patch.object(mutants.subprocess, 'run') as run, \
                mock.patch('builtins.print') as said:
            run.side_effect = [
                subprocess.CompletedProcess([], 1, '{"attacks": [{"found": 1,'
                                            ' "detector": "tlb", "scenario":'
                                            ' "ldt-grow", "runtime": "x"}]}', ''),
                subprocess.CompletedProcess([], 0, '{}', ''),
                subprocess.CompletedProcess([], 2, '', 'does not compile')]
            self.assertEqual(mutants.main(['mm/ldt.c', '--sample', '3',
                                           '--out', out]), 0)
            text = '\n'.join(str(call.args[0]) for call in said.mock_calls
                             if call.args)
            self.assertEqual(len([name for name in os.listdir(out)
                                  if name.endswith('.diff')]), 3)
        self.assertIn('tlb in ldt-grow (x)', text)
        self.assertIn('SURVIVED 0002', text)
        self.assertRegex(' '.join(text.split()), 'mm/ldt.c 1 of 2 killed')

    def test_file_that_is_no_source(self):
        with mock.patch('sys.stderr'):
            self.assertEqual(mutants.main(['mm/nothing.c']), 2)


if __name__ == '__main__':
    unittest.main()
