# SPDX-License-Identifier: GPL-2.0-or-later
"""What a campaign leaves in results/<run-id>/: written as it goes, so that
one killed half way has lost nothing."""

import json
import os
import platform
import subprocess
import time

import tree


class Folder:
    """results/20261122-170102-bugs-1, with -2 and so on if taken."""

    def __init__(self, base, kind, seed):
        stamp = time.strftime('%Y%m%d-%H%M%S')
        number = 1
        while True:
            more = f'-{number}' if number > 1 else ''
            self.path = os.path.join(base, f'{stamp}-{kind}-{seed}{more}')
            try:
                os.makedirs(self.path)
                break
            except FileExistsError:
                number += 1
            except OSError as error:
                raise tree.Failure(f'--results: {base}: {error.strerror}',
                                   tree.USAGE) from error

    def __str__(self):
        return tree.shown(self.path)

    def inside(self, *parts):
        return os.path.join(self.path, *parts)

    def append(self, name, record):
        with open(self.inside(name), 'a', encoding='utf-8') as out:
            out.write(json.dumps(record) + '\n')

    def text(self, name, lines):
        with open(self.inside(name), 'w', encoding='utf-8') as out:
            out.write('\n'.join(lines) + '\n')

    def json(self, name, record):
        with open(self.inside(name), 'w', encoding='utf-8') as out:
            json.dump(record, out, indent=1)
            out.write('\n')


def circumstances(command, seed):
    """What a reader of the results must know of where they come from."""
    version = subprocess.run([tree.program('build', 'native'), 'version'],
                             capture_output=True, text=True, check=False)
    return {'command': command, 'seed': seed, 'started': time.time(),
            'version': version.stdout.strip(), 'host': platform.platform(),
            'cpus': os.cpu_count(), 'load': os.getloadavg()[0]}
