# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign that is told to end writes what it has, and leaves nothing that
runs behind."""

import fcntl
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest

import tree

# scripts/corpus as a program, with another command.
PROGRAM = '''
import importlib.util, os, sys, time
import attack, child
spec = importlib.util.spec_from_file_location('program', sys.argv[1])
program = importlib.util.module_from_spec(spec)
spec.loader.exec_module(program)
scratch = sys.argv[2]
def waits(argv):
    try:
        print('here', flush=True)
        time.sleep(60)
    finally:
        print('kept', flush=True)
def attacks(argv):
    runtime, child.PATIENCE = argv[0], float(argv[1])
    try:
        attack.run(scratch, attack.Attack(runtime, ('mix',), 60, 1),
                   os.path.join(scratch, 'results'))
    finally:
        print('kept', flush=True)
def slow(*arguments, popen=child.subprocess.Popen, **more):
    process = popen(*arguments, **more)
    time.sleep(0 if 'slow' not in sys.argv else 1)
    return process
child.subprocess.Popen = slow
program.COMMANDS.update(bugs=waits)
program.COMMANDS['try'] = attacks
sys.argv = ['mmtorture', *sys.argv[3:]]
sys.exit(program.main())
'''

# What is attacked: two processes that hold a lock for as long as one of them
# lives, and note that they were asked to end.
ATTACKED = '''#!{python}
import fcntl, os, signal, sys, time
held = open('{scratch}/held', 'w')
fcntl.flock(held, fcntl.LOCK_EX)
def asked(number, frame):
    with open('{scratch}/asked', 'a') as log:
        log.write('asked\\n')
    if not {deaf}:
        if parent:
            os.waitpid(parent, 0)
        os._exit(3)
signal.signal(signal.SIGINT, asked)
parent = os.fork()
with open('{scratch}/here', 'a') as log:
    log.write('here\\n')
{then}
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    time.sleep(1)
open('{scratch}/late', 'w').write('late\\n')
'''


class Told(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.scratch)

    def campaign(self, *argv):
        program = tree.inside('scripts', 'corpus', '__main__.py')
        return subprocess.Popen(
            [sys.executable, '-c', PROGRAM, program, self.scratch, *argv],
            env={**os.environ, 'PYTHONPATH': os.path.dirname(program)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def attacked(self, runtime, deaf=False, then=''):
        path = os.path.join(self.scratch, runtime, 'mmtorture')
        os.makedirs(os.path.dirname(path))
        with open(path, 'w', encoding='utf-8') as out:
            out.write(ATTACKED.format(python=sys.executable, deaf=deaf,
                                      scratch=self.scratch, then=then))
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)

    def lines(self, name):
        try:
            with open(os.path.join(self.scratch, name),
                      encoding='utf-8') as log:
                return log.read().splitlines()
        except FileNotFoundError:
            return []

    def await_(self, condition):
        deadline = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def nobody_left(self):
        """The lock is free: the last one who held it is gone."""
        with open(os.path.join(self.scratch, 'held'),
                  encoding='utf-8') as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    def ends(self, process):
        said, errors = process.communicate()
        self.assertEqual(said, 'kept\n')
        self.assertEqual(errors, 'mmtorture: interrupted\n')
        self.assertEqual(process.returncode, tree.HARNESS)

    def test_it_keeps_what_it_has(self):
        with self.campaign('bugs') as process:
            self.assertEqual(process.stdout.readline(), 'here\n')
            process.terminate()
            self.ends(process)

    def gone(self):
        self.await_(self.nobody_left)
        self.assertEqual(self.lines('late'), [])

    def asked_to_end(self, runtime, *more):
        self.attacked(runtime)
        with self.campaign('try', runtime, '30', *more) as process:
            self.await_(lambda: len(self.lines('here')) == 2)
            process.terminate()
            self.ends(process)
        self.assertEqual(self.lines('asked'), ['asked'] * 2)
        self.gone()

    def test_explorer_is_asked_to_end_and_waited_for(self):
        self.asked_to_end('explore')

    def test_run_is_asked_to_end_and_waited_for(self):
        self.asked_to_end('native')

    def test_one_that_is_just_being_started_is_no_exception(self):
        self.asked_to_end('explore', 'slow')

    def killed(self, runtime):
        self.attacked(runtime, deaf=True)
        with self.campaign('try', runtime, '0.2') as process:
            self.await_(lambda: len(self.lines('here')) == 2)
            process.terminate()
            self.ends(process)
        self.gone()

    def test_explorer_that_does_not_listen_is_killed(self):
        self.killed('explore')

    def test_run_that_does_not_listen_is_killed(self):
        self.killed('native')

    def test_what_is_left_of_one_that_was_killed_is_killed(self):
        self.attacked('explore',
                      then='if parent: os.kill(os.getpid(), signal.SIGKILL)')
        with self.campaign('try', 'explore', '30') as process:
            said, errors = process.communicate()
        self.assertEqual((said, errors), ('kept\n', ''))
        self.gone()
