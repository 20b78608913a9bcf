#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Small mistakes in mm/ and locking/, made by the hundred, and tried.

Each mutant breaks one step of a protocol, as somebody might by mistake.
mmtorture try attacks a sample of them; what survives is either no bug, or one
that the harness does not see: docs/trying.md.
"""

import argparse
import difflib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'scripts'))
import sources  # noqa: E402

# What only judges, or works while nothing else does.
HARNESS = ['mm/boot.c', 'mm/fault_inject.c', 'mm/lock_classes.c', 'mm/user.c',
           'mm/validate.c', 'locking/lockdep.c', 'locking/report.c',
           'locking/rcu.c', 'locking/seam_linux.c', 'locking/waitgraph.c']
LOCKS = [  # what takes one, what gives it back
    (r'(?:raw_)?(?:spin|read|write)_lock(?:_irq|_irqsave)?',
     r'(?:raw_)?(?:spin|read|write)_unlock(?:_irq|_irqrestore)?'),
    (r'down(?:_read|_write)?', r'up(?:_read|_write)?'),
    ('task_lock', 'task_unlock'), ('lock_page', 'unlock_page'),
    ('i_mmap_lock', 'i_mmap_unlock'), ('anon_vma_lock', 'anon_vma_unlock'),
    ('rq_lock(?:_irq)?', 'rq_unlock(?:_irq)?'),
    ('cpu_irq_lock', 'cpu_irq_unlock'),
]
TAKES = r'(?:%s)\(' % '|'.join(take for take, _ in LOCKS)
GIVES = r'(?:%s)\(' % '|'.join(give for _, give in LOCKS)
CALLS = {  # steps that are left out, by kind of mutant
    'barrier': r'smp_\w+\(\);',
    'flush': r'\w*(?:flush|invalidate)\w*\(',
    'get': r'(?:get_(?:page|file|task_struct|uid|key_refs)|mm(?:get|grab)|iget'
           r'|page_dup_rmap|swap_duplicate|ref_get|atomic_inc)\(',
    'store': r'(?:WRITE_ONCE\(|smp_store_release\(|[\w.>\[\]-]+->[\w.]+ = )',
    'put': r'(?:put_\w+|mmput|mmdrop|[fi]put|free_\w+|page_remove_rmap|\w+_free'
           r'|swap_free|atomic_dec|vm_unacct_memory)\(',
    'wake': r'(?:wake_\w+|complete\w*|\w*signal_wake_up|up|lthread_wake'
            r'|seam_futex_wake)\(',
}
WEAKER = [  # kind, what is replaced, by what
    ('barrier', r'smp_load_acquire\(', 'READ_ONCE(*'),
    ('barrier', r'smp_store_release\(', 'WRITE_ONCE(*'),
    ('barrier', r'atomic_read_acquire\(', 'atomic_read('),
    ('barrier', r'__ATOMIC_(?:ACQ_REL|ACQUIRE|RELEASE|SEQ_CST)',
     '__ATOMIC_RELAXED'),
    ('split', r'\batomic_inc\(([^()]+)\)', r'atomic_set(\1, atomic_read(\1) + 1)'),
    ('split', r'\batomic_dec\(([^()]+)\)', r'atomic_set(\1, atomic_read(\1) - 1)'),
    ('split', r'ref_get\(([^,]+),[^()]*\)', r'atomic_set(\1, atomic_read(\1) + 1)'),
    ('split', r'(?:ref_put_and_test|atomic_dec_and_test)\(([^(),]+)(?:,[^()]*)?\)',
     r'(atomic_set(\1, atomic_read(\1) - 1), !atomic_read(\1))'),
]
SHARED = {'down_write': 'down_read', 'up_write': 'up_read',
          'write_lock': 'read_lock', 'write_unlock': 'read_unlock'}
ORDERED = '|'.join([*CALLS.values(), GIVES, r'set_\w+\(', r'WRITE_ONCE\(',
                    r'(?:cpu_set|cpu_clear|cds_list|SetPage|ClearPage)\w*\(',
                    r'smp_store_release\('])
NO_STEP = re.compile(r'(?:return|goto|break|continue|case|else|if|for|while|do'
                     r'|switch|BUG_ON|mm_bug_on|report_\w+|\w*_assert\w*'
                     r'|atomic_long_\w+|might_sleep\w*|struct|int|bool)\b')
KINDS = ['lock', 'reader', *CALLS, 'recheck', 'split', 'order']
RESULTS = ['SURVIVED', 'killed', 'no build', 'FAILED']

Statement = namedtuple('Statement', 'first last indent text')  # lines of a file
Mutant = namedtuple('Mutant', 'path line kind function what after')


def functions(lines):
    """(name, statements) of each; of what is nested, each head and each
    statement is one."""
    start = name = None
    for at, line in enumerate(lines):
        if line == '{\n' and start is None:
            head = ''.join(lines[max(0, at - 8):at]).rsplit('\n\n', 1)[-1]
            found = re.findall(r'\b(\w+)\(', head.split('*/')[-1])
            name, start = found[0] if found else '', at + 1
        elif line == '}\n' and start is not None:
            yield name, list(statements(lines, start, at))
            start = None


def statements(lines, at, end):
    while at < end:
        last, text = at + 1, lines[at]
        while text.count('(') > text.count(')') and last < end:
            text += lines[last]
            last += 1
        indent = text[:len(text) - len(text.lstrip('\t'))]
        yield Statement(at, last, indent, ' '.join(text.split()))
        at = last


class Source:
    """The mutants of one file."""

    def __init__(self, path):
        self.path = path
        with open(os.path.join(ROOT, path), encoding='utf-8') as text:
            self.lines = text.readlines()
        self.function, self.seen = '', {tuple(self.lines)}

    def make(self, kind, what, changes):
        """@changes: {statement: its new text, ';' for none}."""
        after = list(self.lines)
        for one in sorted(changes, reverse=True):
            after[one.first:one.last] = [f'{one.indent}{changes[one]}\n']
        if tuple(after) not in self.seen:
            self.seen.add(tuple(after))
            yield Mutant(self.path, min(changes).first + 1, kind,
                         self.function, what, after)

    def mutants(self):
        for self.function, body in functions(self.lines):
            if 'stat' in self.function:
                continue  # what it counts is no part of a protocol
            for rule in self.locks, self.steps, self.recheck, self.order:
                yield from rule(body)

    def locks(self, body):
        for one in body:
            for take, give in LOCKS:
                held = re.match(rf'{take}\((.*?)(?:, \w+)?\);$', one.text)
                pair = [two for two in body if held and re.match(
                    rf'(?:{take}|{give})\({re.escape(held[1])}[,)].*;$',
                    two.text)]
                if len(pair) < 2:
                    continue
                yield from self.make('lock', f'no {one.text}',
                                     dict.fromkeys(pair, ';'))
                yield from self.make('reader', f'shared {one.text}', {
                    two: re.sub('|'.join(SHARED), lambda word: SHARED[word[0]],
                                two.text, count=1) for two in pair})

    def steps(self, body):
        for one in body:
            for kind, call in CALLS.items():
                if one.text.endswith(';') and re.match(call, one.text):
                    yield from self.make(kind, f'no {one.text}', {one: ';'})
            for kind, strong, weak in WEAKER:
                text = re.sub(strong, weak, one.text)
                if text != one.text:
                    yield from self.make(kind, text, {one: text})

    def recheck(self, body):
        """A condition looked at soon after a lock was taken is not looked at."""
        since = 99
        for one in body:
            since = 0 if re.match(TAKES, one.text) else since + 1
            test = re.match(r'if \((.*)\)( \{)?$', one.text)
            if test and since <= 4:
                yield from self.make('recheck', f'never {one.text}', {
                    one: f'if (0 && ({test[1]})){test[2] or ""}'})

    def order(self, body):
        for one, two in zip(body, body[1:]):
            steps = all(each.text.endswith(';') and not NO_STEP.match(each.text)
                        for each in (one, two))
            if steps and one.indent == two.indent and (
                    re.match(ORDERED, one.text) or re.match(ORDERED, two.text)):
                yield from self.make('order', f'{two.text} before {one.text}',
                                     {one: two.text, two: one.text})


def every(paths):
    return [mutant for path in paths for mutant in Source(path).mutants()]


def sample(found, size, chance):
    """As many of each kind, as far as there are so many."""
    kinds = {}
    for mutant in chance.sample(found, len(found)):
        kinds.setdefault(mutant.kind, []).append(mutant)
    turns = zip_longest(*(kinds[kind] for kind in sorted(kinds)))
    return [mutant for turn in turns for mutant in turn if mutant][:size]


def diff(mutant):
    with open(os.path.join(ROOT, mutant.path), encoding='utf-8') as text:
        return ''.join(difflib.unified_diff(
            text.readlines(), mutant.after, f'a/{mutant.path}',
            f'b/{mutant.path}'))


def attack(args, number, mutant):
    """Try one mutant.  Return (mutant, exit code of try)."""
    patch = os.path.join(args.out, f'{number:04}.diff')
    with open(patch, 'w', encoding='utf-8') as out:
        out.write(diff(mutant))
    done = subprocess.run(
        ['build/native/mmtorture', 'try', patch, '--json', '--stop-at-first',
         '--secs', str(args.secs), '--seed', str(args.seed),
         '--results', os.path.join(args.out, f'{number:04}')], cwd=ROOT,
        capture_output=True, text=True, check=False, errors='replace')
    said = done.stderr.strip().split('\n')[-1]
    if done.returncode == 1:
        said = '; '.join(
            f"{one['detector']} in {one['scenario']} ({one['runtime']})"
            for one in json.loads(done.stdout)['attacks'] if one['found'])
    for folder in os.listdir(os.path.join(ROOT, 'build/try')):
        if folder.startswith(f'{number:04}-'):
            shutil.rmtree(os.path.join(ROOT, 'build/try', folder))
    print(f'{RESULTS[min(done.returncode, 3)]:8} {number:04} {line(mutant)}'
          f'\n{"":14}{said}', flush=True)
    return mutant, done.returncode


def line(mutant):
    return f'{mutant.kind:7} {mutant.path}:{mutant.line} {mutant.function}():' \
        f' {mutant.what}'


def scores(outcomes, key):
    for name in sorted({key(mutant) for mutant, _ in outcomes}):
        codes = [code for mutant, code in outcomes
                 if key(mutant) == name and code in (0, 1)]
        yield f'{name:28} {sum(codes):3} of {len(codes):3} killed'


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('files', nargs='*', help='sources to change (default:'
                        ' those of mm/ and locking/)')
    parser.add_argument('--kind', action='append', choices=KINDS,
                        help='only these; may be repeated')
    parser.add_argument('--list', action='store_true', help='only name them')
    for name, default, text in [('sample', 20, 'how many to try'),
                                ('jobs', 1, 'trials at a time'),
                                ('secs', 20, 'budget of a trial'),
                                ('seed', 1, 'of all random choices')]:
        parser.add_argument(f'--{name}', type=int, default=default, metavar='N',
                            help=f'{text} (default %(default)s)')
    parser.add_argument('--out', metavar='DIR', help='for diffs and results'
                        ' (default: a new folder)')
    return parser.parse_args(argv)


def main(argv):
    args = parse(argv)
    known = [path for path in sources.MM + sources.LOCKING
             if path not in HARNESS]
    for path in args.files:
        if path not in known:
            print(f'mutants: {path} is no source to make mutants of',
                  file=sys.stderr)
            return 2
    found = [mutant for mutant in every(args.files or known)
             if not args.kind or mutant.kind in args.kind]
    if args.list:
        print('\n'.join(map(line, found)))
        return 0
    args.out = os.path.abspath(args.out or tempfile.mkdtemp(prefix='mutants-'))
    os.makedirs(args.out, exist_ok=True)
    chosen = sample(found, args.sample, random.Random(args.seed))
    with ThreadPoolExecutor(args.jobs) as pool:
        outcomes = list(pool.map(lambda one: attack(args, *one),
                                 enumerate(chosen, 1)))
    for key in 'path', 'kind', 'whole':
        print('\n' + '\n'.join(scores(
            outcomes, lambda mutant, key=key: getattr(mutant, key, 'all'))))
    print(f'\ndiffs and results: {args.out}')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
