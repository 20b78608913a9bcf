# SPDX-License-Identifier: GPL-2.0-or-later
"""Planted bugs: the headers of bugs/*.cocci.  bugs/README.md explains them."""

import os
from dataclasses import dataclass

FIELDS = ('title', 'origin', 'area', 'consequence', 'file', 'applies',
          'threads', 'depth', 'found-by')
OPTIONAL = ('bounded', 'explore-options', 'scenario')
NONE = 'none'  # found-by of a bug that no run has found yet


@dataclass(frozen=True)
class Bug:
    """One semantic patch; path, file and applies drive the build."""
    name: str
    path: str
    header: dict

    @property
    def file(self):
        return self.header['file']

    @property
    def applies(self):
        return int(self.header['applies'])

    @property
    def bounded(self):
        """The bounded scenario that shows it; all if none is named."""
        return self.header.get('bounded', 'all')

    @property
    def explore_options(self):
        return self.header.get('explore-options', '').split()

    @property
    def scenario(self):
        """What is run under native, tsan and tsan-bare."""
        return self.header.get('scenario', 'mix')

    @property
    def runtimes(self):
        words = self.header['found-by'].split()
        return [word.split(':')[0] for word in words if word != NONE]


def read(path):
    """Parse the // key: value lines on top; a value may go on with //   ."""
    header, key = {}, None
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            if not line.startswith('//'):
                break
            text = line[2:].rstrip('\n')
            word, colon, value = text.strip().partition(': ')
            if text.startswith('   ') and key:
                header[key] += ' ' + text.strip()
            elif colon and word in FIELDS + OPTIONAL:
                key = word
                header[key] = value.strip()
            else:
                key = None
    lost = [field for field in FIELDS if field not in header]
    if lost:
        raise ValueError(f"{path}: header lacks {', '.join(lost)}")
    name = os.path.basename(path).removesuffix('.cocci')
    return Bug(name, path, header)
