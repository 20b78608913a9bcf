# SPDX-License-Identifier: GPL-2.0-or-later
"""A change of somebody's: read it, and apply it to copies of the files."""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import tree

import plant

UNCHANGED = 'no modified files'
FOLDERS = ('mm/', 'locking/')
NAME = re.compile(r'^(---|\+\+\+) ([^\t\n]+)', re.M)
HUNK = re.compile(r'^@@ ', re.M)
PATCHING = re.compile(r'^(?:checking|patching) file (\S+)')
FAILED = re.compile(r'^Hunk #(\d+) FAILED at (\d+)')
SYNTAX = re.compile(r'^File ".*", line (\d+), ')
HEADER_FILE = re.compile(r'^// file: (\S+)', re.M)


@dataclass
class Change:
    """Files as the patch makes them are below folder, under their names."""
    name: str
    folder: str
    changed: list = field(default_factory=list)
    added: list = field(default_factory=list)
    deleted: list = field(default_factory=list)

    @property
    def files(self):
        return sorted(self.changed + self.added + self.deleted)


def bad(text):
    return tree.Failure(f'try: {text}', tree.USAGE)


def read(path):
    """Return (bytes of the patch, a name for it)."""
    try:
        if path == '-':
            return sys.stdin.buffer.read(), 'stdin'
        with open(path, 'rb') as patch:
            return patch.read(), os.path.basename(path)
    except OSError as error:
        raise bad(f'{path}: {error.strerror}') from error


def prepare(path):
    """Apply the patch in @path aside.  Return a Change; Failure says in one
    line why that is not possible."""
    content, name = read(path)
    text = content.decode(errors='replace')
    stem = re.sub(r'[^\w.-]', '_', name.rsplit('.', 1)[0])[:40] or 'patch'
    key = hashlib.sha256(content).hexdigest()[:8]
    change = Change(name, os.path.join('build', 'try', f'{stem}-{key}'))
    shutil.rmtree(tree.inside(change.folder, 'mm'), ignore_errors=True)
    shutil.rmtree(tree.inside(change.folder, 'locking'), ignore_errors=True)
    os.makedirs(tree.inside(change.folder), exist_ok=True)
    if name.endswith('.cocci'):
        apply_semantic(change, content, text)
    elif HUNK.search(text) and NAME.search(text):
        apply_diff(change, content, text)
    else:
        raise bad(f'{path}: is neither a unified diff nor a semantic patch'
                  ' (NAME.cocci)')
    if not change.files:
        raise bad(f'{path}: changes nothing in mm/ or locking/')
    return change


# ---- unified diffs -----------------------------------------------------------


def touched(text, name):
    """Return (paths that are changed or added, paths deleted, -p)."""
    if re.search(r'^(rename|copy) from ', text, re.M):
        raise bad(f'{name}: renames files; make the diff with'
                  ' git diff --no-renames')
    if 'GIT binary patch' in text:
        raise bad(f'{name}: changes a binary file')
    pairs, old = [], None
    for mark, path in NAME.findall(text):
        if mark == '---':
            old = path.strip()
        elif old is not None:
            pairs.append((old, path.strip()))
            old = None
    strip = prefix_of([path for pair in pairs for path in pair
                       if path != '/dev/null'])
    kept, deleted = [], []
    for old, new in pairs:
        if new == '/dev/null':
            deleted.append(cut(old, strip))
        else:
            kept.append(cut(new, strip))
    return kept, deleted, strip


def prefix_of(paths):
    """How many folders to take off: a/mm/x, linux/mm/x and mm/x are fine."""
    for strip in (0, 1):
        if all(cut(path, strip).startswith(FOLDERS) for path in paths):
            return strip
    return int(all(path.startswith(('a/', 'b/')) for path in paths))


def cut(path, strip):
    return path.split('/', strip)[-1] if strip else path


def check_inside(paths, name):
    for path in paths:
        clean = os.path.normpath(path)
        if clean != path or not path.startswith(FOLDERS):
            raise bad(f'{name}: touches {path}; only files of mm/ and'
                      ' locking/ can be tried')
        if not path.endswith(('.c', '.h')):
            raise bad(f'{name}: touches {path}, which is not C')


def apply_diff(change, content, text):
    kept, deleted, strip = touched(text, change.name)
    check_inside(kept + deleted, change.name)
    if not shutil.which('patch'):
        raise tree.Failure('try: patch is not installed')
    for path in kept + deleted:
        exists = os.path.exists(tree.inside(path))
        if exists:
            copy = tree.inside(change.folder, path)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            shutil.copy(tree.inside(path), copy)
        elif path in deleted:
            raise bad(f'{change.name}: deletes {path}, which is not there')
        if path not in deleted:
            (change.changed if exists else change.added).append(path)
    change.deleted += deleted
    run_patch(change, content, strip)
    for path in change.added:
        if not os.path.exists(tree.inside(change.folder, path)):
            raise bad(f'{change.name}: {path} is not there to be changed')


def run_patch(change, content, strip):
    done = subprocess.run(
        ['patch', f'-p{strip}', '--batch', '--forward', '--reject-file=-',
         '--fuzz=0', '--no-backup-if-mismatch', '-d', tree.inside(change.folder)],
        input=content, capture_output=True, check=False)
    said = done.stdout.decode(errors='replace')
    if done.returncode:
        raise bad(f'{change.name}: does not apply: {refused(said)}')


def lines_of(said):
    """(file that is being patched, line) of patch's own words."""
    where = ''
    for line in said.splitlines():
        found = PATCHING.match(line)
        where = found[1] if found else where
        yield where, line


def refused(said):
    hunks = [f'{where}: hunk {failed[1]}, at line {failed[2]}'
             for where, line in lines_of(said)
             for failed in [FAILED.match(line)] if failed]
    if hunks:
        return '; '.join(hunks)
    if 'previously applied' in said:
        return 'the tree has this change already'
    return next((line for line in said.splitlines() if line), 'no reason given')


# ---- semantic patches --------------------------------------------------------


def apply_semantic(change, content, text):
    """Try it on every file, or on the one its header names."""
    if not shutil.which('spatch'):
        raise tree.Failure('try: Coccinelle (spatch) is not installed;'
                           ' ./configure.py --install-deps installs it')
    named = HEADER_FILE.search(text)
    paths = [named[1]] if named else sorted(
        os.path.relpath(path, tree.ROOT) for folder in FOLDERS
        for path in glob.glob(tree.inside(folder, '*.[ch]')))
    check_inside(paths, change.name)
    with tempfile.TemporaryDirectory() as scratch:
        patch = os.path.join(scratch, 'patch.cocci')
        with open(patch, 'wb') as out:
            out.write(content)
        check_syntax(change.name, patch)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda path: spatch(change, patch, path), paths)
            change.changed += [path for path in results if path]


def check_syntax(name, patch):
    done = subprocess.run(['spatch', '--parse-cocci', patch], text=True,
                          capture_output=True, check=False, errors='replace')
    if done.returncode:
        raise bad(f'{name}: {syntax_error(done.stderr + done.stdout)}')


def syntax_error(said):
    """Spatch's complaint, in one line."""
    lines = [line.strip() for line in said.splitlines()
             if line.strip() and 'init_defs' not in line
             and not line.startswith('Warning')]
    for at, line in enumerate(lines):
        where = SYNTAX.search(line)
        if where:
            what = lines[at - 1].rstrip(': ') if at else 'parse error'
            return f'line {where[1]}: {what}'
    return lines[0] if lines else 'no reason given'


def spatch(change, patch, path):
    """Return @path if the patch changes it, else None."""
    out = tree.inside(change.folder, path)
    os.makedirs(os.path.dirname(out), exist_ok=True)
    done = plant.spatch(patch, tree.inside(path), out)
    if done.returncode and UNCHANGED not in done.stderr:
        said = done.stderr.strip().splitlines()
        raise bad(f"{change.name}: spatch fails on {path}:"
                  f" {said[0] if said else 'no reason given'}")
    if not os.path.exists(out):
        return None
    if plant.lines(out) == plant.lines(tree.inside(path)):
        os.unlink(out)
        return None
    return path
