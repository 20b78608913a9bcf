# SPDX-License-Identifier: GPL-2.0-or-later
"""What mmtorture try makes of patches, good and bad."""

import difflib
import os
import shutil
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

import cmd_try
import patches
import tree
import try_build

VICTIM = 'mm/pid.c'


def original(path=VICTIM):
    with open(tree.inside(path), encoding='utf-8') as text:
        return text.read().splitlines(keepends=True)


def diff(after, path=VICTIM, before=None, prefix=('a/', 'b/')):
    before = original(path) if before is None else before
    return ''.join(difflib.unified_diff(
        before, after, prefix[0] + path, prefix[1] + path))


class Patches(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.scratch)
        before = original()
        self.addCleanup(lambda: self.assertEqual(before, original()))

    def prepare(self, text, name='x.diff'):
        path = os.path.join(self.scratch, name)
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text)
        change = patches.prepare(path)
        self.addCleanup(shutil.rmtree, tree.inside(change.folder),
                        ignore_errors=True)
        return change

    def refusal(self, text, name='x.diff'):
        """The one line with which a patch is refused."""
        with self.assertRaises(tree.Failure) as caught:
            self.prepare(text, name)
        said = str(caught.exception)
        self.assertEqual(caught.exception.code, tree.USAGE)
        self.assertNotIn('\n', said)
        return said

    def copy(self, change, path=VICTIM):
        with open(tree.inside(change.folder, path), encoding='utf-8') as text:
            return text.read().splitlines(keepends=True)

    def test_diff_is_applied_to_a_copy(self):
        after = [*original(), '/* the end */\n']
        for prefix in (('a/', 'b/'), ('', '')):
            change = self.prepare(diff(after, prefix=prefix))
            self.assertEqual(change.files, [VICTIM])
            self.assertEqual(self.copy(change), after)

    def test_lines_may_have_moved(self):
        moved = ['/* one more */\n', *original()]
        change = self.prepare(diff([*moved, '/* the end */\n'], before=moved))
        self.assertEqual(self.copy(change), [*original(), '/* the end */\n'])

    def test_files_come_and_go(self):
        new = diff(['int new;\n'], 'mm/new.c', before=[])
        new = new.replace('--- a/mm/new.c', '--- /dev/null')
        old = diff([]).replace(f'+++ b/{VICTIM}', '+++ /dev/null')
        change = self.prepare(new + old)
        self.assertEqual(change.added, ['mm/new.c'])
        self.assertEqual(change.deleted, [VICTIM])
        self.assertEqual(self.copy(change, 'mm/new.c'), ['int new;\n'])

    def test_hunk_that_does_not_apply_is_named(self):
        before = original()
        before[len(before) // 2] = 'what is not there\n'
        after = list(before)
        after[len(before) // 2] = 'x\n'
        after.insert(0, '/* first hunk is good */\n')
        said = self.refusal(diff(after, before=before))
        self.assertIn(f'does not apply: {VICTIM}: hunk 2, at line', said)

    def test_change_that_is_there_already(self):
        before = [line for line in original() if 'SPDX' not in line]
        said = self.refusal(diff(original(), before=before))
        self.assertIn('the tree has this change already', said)

    def test_files_outside_are_refused(self):
        for path in ('stress/main.c', 'mm/../stress/main.c', 'README.md'):
            said = self.refusal(diff(['x\n'], path, before=['y\n']))
            self.assertIn(f'touches {path}; only files of mm/ and', said)

    def test_what_is_no_patch(self):
        self.assertIn('neither a unified diff', self.refusal('hello\n'))
        self.assertIn('neither a unified diff', self.refusal(''))
        with self.assertRaises(tree.Failure) as caught:
            patches.prepare(os.path.join(self.scratch, 'missing.diff'))
        self.assertIn('No such file', str(caught.exception))

    def test_semantic_patch_changes_what_it_matches(self):
        change = self.prepare(f'// file: {VICTIM}\n@@\nexpression e;\n@@\n'
                              '- return e;\n+ return (e);\n', 'x.cocci')
        self.assertEqual(change.files, [VICTIM])
        self.assertNotEqual(self.copy(change), original())
        said = self.refusal(f'// file: {VICTIM}\n@@\n@@\n- nobody_calls();\n',
                            'x.cocci')
        self.assertIn('changes nothing', said)

    def test_broken_semantic_patch(self):
        said = self.refusal('@@\nexpression e;\n@@\n- f(e);\n+ (((\n',
                            'x.cocci')
        self.assertIn('parse error', said)


class Compiling(unittest.TestCase):
    def test_errors_are_shown_with_their_lines(self):
        said = try_build.complaint(
            'FAILED: native/mm/pid.o\nclang-19 -c mm/pid.c\n'
            "mm/pid.c:3:1: error: expected ';'\n    3 | int x\n      |  ^\n"
            'clang-19 -c again\nmm/pid.c:3:1: error: once more\n')
        self.assertEqual(said, "mm/pid.c:3:1: error: expected ';'\n"
                         '    3 | int x\n      |  ^')

    def test_header_reaches_all_that_include_it(self):
        change = patches.Change('x', 'build/try/x', changed=['mm/ldt.h'])
        recipe = try_build.Recipe.__new__(try_build.Recipe)
        recipe.change = change
        objects = try_build.objects_of('native')
        recipe.deps = {objects[0]: {'mm/ldt.h', 'mm/a.c'},
                       objects[1]: {'mm/b.c'}}
        self.assertEqual(list(recipe.affected('native')), objects[:1])

    def test_only_changed_objects_are_compiled(self):
        change = patches.Change('x', 'build/try/x', changed=['mm/ldt.c'],
                                added=['mm/new.c'], deleted=[VICTIM])
        recipe = try_build.Recipe.__new__(try_build.Recipe)
        recipe.change, recipe.deps = change, {}
        self.assertEqual(recipe.affected('native'), {
            'build/native/mm/ldt.o': 'build/try/x/mm/ldt.c',
            'build/native/mm/new.o': 'build/try/x/mm/new.c',
            'build/native/mm/pid.o': None})


class OutOfDate(unittest.TestCase):
    """--no-build, and the tree was not built or has changed since."""

    def refusal(self, error, would_do):
        trial = cmd_try.Trial(types.SimpleNamespace(
            json=True, no_build=True, patch='x.diff'))
        trial.change = patches.Change('x.diff', 'build/try/x')
        with mock.patch('try_build.build', side_effect=error), \
                mock.patch('tree.ninja', return_value=(True, would_do)), \
                self.assertRaises(tree.Failure) as caught:
            trial.build(['native'], ['programs'])
        return caught.exception

    def test_tree_is_blamed(self):
        for error in (FileNotFoundError('build/bugs/native.objects'),
                      tree.Failure('x.diff: does not compile', tree.USAGE)):
            refused = self.refusal(error, '[1/1] OBJECTS')
            self.assertEqual(refused.code, tree.HARNESS)
            self.assertIn('out of date: run without --no-build', str(refused))

    def test_patch_is_blamed(self):
        refused = self.refusal(tree.Failure('does not compile', tree.USAGE),
                               'ninja: no work to do.')
        self.assertEqual((str(refused), refused.code),
                         ('does not compile', tree.USAGE))


class CommandLine(unittest.TestCase):
    """Bad usage is one line and exit code 2, whatever the command."""

    def run_it(self, *words):
        return subprocess.run(
            [sys.executable, tree.inside('scripts', 'corpus'), *words],
            capture_output=True, text=True, check=False)

    def test_bad_words(self):
        for words in (['bugs', 'no-such-bug'], ['bugs', '--secs', 'x'],
                      ['bugs', 'all', '--runtime', 'native,tsam'],
                      ['bugs', 'show'], ['bugs', 'show', 'no-such-bug'],
                      ['try'], ['try', '/no/such/patch'], ['try', '--x', 'y'],
                      ['selfcheck', '--sample', '0'], ['bogus'],
                      ['bugs', '--all-runtimes', '--seeds', '2']):
            with self.subTest(words=words):
                done = self.run_it(*words)
                self.assertEqual(done.returncode, tree.USAGE)
                self.assertEqual(done.stdout, '')
                self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_show_has_the_change(self):
        done = self.run_it('bugs', 'show', 'rwsem-wake-count-truncated')
        self.assertEqual(done.returncode, tree.CLEAN)
        self.assertIn('--- locking/rwsem.c', done.stdout)
        self.assertIn('533a071fbc81', done.stdout)
        self.assertNotIn('\033', done.stdout)

    def test_show_has_each_file(self):
        done = self.run_it('bugs', 'show',
                           'def-10-dump-and-exec-wait-for-each-other')
        self.assertEqual(done.returncode, tree.CLEAN)
        self.assertIn('--- mm/coredump.c', done.stdout)
        self.assertIn('--- mm/exec_de_thread.c', done.stdout)


if __name__ == '__main__':
    unittest.main()
