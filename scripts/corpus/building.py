# SPDX-License-Identifier: GPL-2.0-or-later
"""Build the programs of planted bugs."""

import os
import re

import options
import tree

# The flavours a runtime needs: native drives the workers of the others.
NEEDS = {'native': ('native',), 'tsan': ('native', 'tsan'),
         'tsan-bare': ('native', 'tsan-bare'), 'explore': ('explore',)}
BUG = re.compile(r'^build/bugs/([\w-]+)/')


def targets(bugs, runtimes):
    flavours = {name for runtime in runtimes for name in NEEDS[runtime]}
    return [os.path.join(options.folder_of(bug), flavour, 'mmtorture')
            for bug in bugs for flavour in sorted(flavours)]


def build(bugs, runtimes, loud):
    """Build them all.  Return {name of a bug that cannot be built: why}."""
    wanted = ['programs', *targets(bugs, runtimes)]
    worked, output = tree.ninja(wanted, keep_going=True, loud=loud)
    if worked:
        return {}
    broken = {}
    for path in tree.failed_outputs(output):
        name = BUG.match(path)
        if not name:
            raise tree.Failure(f'the tree itself does not build: {path};'
                               ' run ninja')
        broken.setdefault(name[1], why(output, path))
    if not broken:
        raise tree.Failure(output.strip().splitlines()[-1])
    return broken


def why(output, path):
    """What was said of the first command that failed, in one line."""
    said = output[output.index(f'FAILED: {path}'):].splitlines()[2:]
    return next((line.strip() for line in said if line.strip()),
                f'{path} cannot be built')


def missing(bugs, runtimes):
    """{name: the program that --no-build would need}."""
    lost = {}
    for bug in bugs:
        for path in targets([bug], runtimes):
            if not os.access(tree.inside(path), os.X_OK):
                lost.setdefault(bug.name, f'{path} is not built')
    return lost


def up_to_date(wanted):
    """Whether ninja would have nothing to do for targets @wanted."""
    worked, output = tree.ninja(['-n', *wanted])
    return worked and 'no work to do' in output
