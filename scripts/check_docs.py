#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the commands and links of the documents.

usage: check_docs.py RESULT PAGE...

Every line of a ```sh block must be a command that works: options of
configure.py are parsed, targets of ninja looked up, and mmtorture really runs,
for a second and with few tasks.  A command nobody taught this script fails.
Writes RESULT as run_test.py does.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile

import verdict

BLOCK = re.compile(r'^```sh\n(.*?)^```', re.M | re.S)
LINK = re.compile(r'\]\(([^)#:]+)(?:#[^)]*)?\)')
ASSIGNMENT = re.compile(r'[A-Z_]+=')
RESULTS = tempfile.TemporaryDirectory()  # removed at exit


def known_targets():
    """Outputs and rules that build.ninja names."""
    with open('build.ninja', encoding='utf-8') as file:
        text = file.read().replace('$\n', '')
    outputs = re.findall(r'^build (.*?):', text, re.M)
    rules = re.findall(r'^rule (\S+)', text, re.M)
    return {word for line in outputs for word in line.split()}, set(rules)


def check_configure(words):
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.getcwd())
    from configure import parse_args
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            parse_args(words[1:])
    except SystemExit:
        return said.getvalue().strip()
    return ''


def check_ninja(words):
    targets, rules = known_targets()
    if words[1:2] == ['-t']:
        lost = [word for word in words[3:] if word not in rules]
    else:
        lost = [word for word in words[1:] if word not in targets]
    return f"ninja knows no {' '.join(lost)}" if lost else ''


def check_mmtorture(words):
    """Runs leave their results in one folder, where report looks for them."""
    short = words[1:]
    if '--help' in short or short[:2] in (['bugs', 'list'], ['bugs', 'show']):
        pass
    elif short[0] == 'run':
        short += ['--secs', '1', '--tasks', '20', '--seed', '1',
                  '--results', RESULTS.name]
    elif short[0] == 'report':
        short += ['--results', RESULTS.name]
    elif short[0] in ('bugs', 'try', 'selfcheck'):
        short += ['--dry-run']  # their attacks are for tests of their own
    done = subprocess.run([words[0], *short], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, timeout=120,
                          stderr=subprocess.STDOUT, check=False)
    return '' if done.returncode == 0 else (
        f'exit code {done.returncode}\n{done.stdout}')


def check_mutants(words):
    """Only named, not tried: that takes minutes."""
    done = subprocess.run([*words, '--list'], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, timeout=120,
                          stderr=subprocess.STDOUT, check=False)
    return '' if done.returncode == 0 else done.stdout


def check_test(words):
    targets, _ = known_targets()
    return '' if words[0] in targets else f'nothing builds {words[0]}'


CHECKS = [
    (r'\./configure\.py$', check_configure),
    (r'ninja$', check_ninja),
    (r'build/[\w-]+/mmtorture$', check_mmtorture),
    (r'build/[\w-]+/(tests/|mmtorture-bench$)', check_test),
    (r'scripts/mutants\.py$', check_mutants),
    (r'cd$', lambda words: ''),
    (r'git$', lambda words: ''),
]


def check_command(command):
    """Why one simple command does not work, or ''."""
    words = shlex.split(command, comments=True)
    if '>' in words:
        words = words[:words.index('>')]
    while words and ASSIGNMENT.match(words[0]):
        words.pop(0)
    if not words:
        return ''
    for pattern, check in CHECKS:
        if re.match(pattern, words[0]):
            try:
                return check(words)
            except (OSError, subprocess.TimeoutExpired) as error:
                return str(error)
    return 'no way to check this command'


def page_faults(page):
    """Return (number of things checked, [what is wrong])."""
    with open(page, encoding='utf-8') as file:
        text = file.read()
    commands = [part.strip() for block in BLOCK.findall(text)
                for line in block.replace('\\\n', ' ').splitlines()
                for part in line.split('&&') if part.strip()]
    links = LINK.findall(text)
    faults = []
    for command in commands:
        why = check_command(command)
        if why:
            faults.append(f'{page}: {command}: {why}')
    for link in links:
        if not os.path.exists(os.path.join(os.path.dirname(page), link)):
            faults.append(f'{page}: link to missing {link}')
    return len(commands) + len(links), faults


def main():
    result, *pages = sys.argv[1:]
    checked, faults = 0, []
    for page in pages:
        number, wrong = page_faults(page)
        checked += number
        faults += wrong
    for fault in faults:
        print(f'!!! {fault}')
    print(f'docs: {checked} commands and links checked')
    verdict.write_faults(result, 'docs', checked, faults)


main()
