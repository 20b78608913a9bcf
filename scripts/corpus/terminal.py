# SPDX-License-Identifier: GPL-2.0-or-later
"""What the user sees: colours, one line of progress, tables."""

import os
import shutil
import sys
import time

BOLD, RED, GREEN, YELLOW = '1', '31', '32', '33'


def coloured(stream):
    return stream.isatty() and not os.environ.get('NO_COLOR') \
        and os.environ.get('TERM') != 'dumb'


def paint(text, colour, stream=sys.stdout):
    return f'\033[{colour}m{text}\033[0m' if coloured(stream) else text


class Progress:
    """One line on the terminal that is overwritten; nothing when piped."""

    def __init__(self):
        self.live = sys.stderr.isatty()
        self.drawn = False
        self.last = 0.0

    def show(self, text):
        """Draw @text, ten times a second at most."""
        now = time.monotonic()
        if not self.live or now - self.last < 0.1:
            return
        self.last = now
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f'\r{text[:width]}\033[K')
        sys.stderr.flush()
        self.drawn = True

    def stage(self, text):
        """Draw @text now: it stands for longer work."""
        self.last = 0.0
        self.show(text)

    def clear(self):
        if self.drawn:
            sys.stderr.write('\r\033[K')
            sys.stderr.flush()
            self.drawn = False


class Table:
    """Rows that are printed as they come, so columns have given widths."""

    def __init__(self, columns, out=sys.stdout, progress=None):
        self.columns = columns  # [(heading, width)]; width < 0: to the right
        self.out = out
        self.progress = progress
        self.lines = []

    def line(self, cells):
        parts = [f'{cell:>{-width}}' if width < 0 else f'{cell:<{width}}'
                 for cell, (_, width) in zip(cells, self.columns)]
        return ' '.join(parts).rstrip()

    def head(self):
        self.put(self.line([heading for heading, _ in self.columns]), BOLD)

    def row(self, cells, colour=None):
        self.put(self.line([str(cell) for cell in cells]), colour)

    def put(self, text, colour=None):
        self.lines.append(text)
        if self.progress:
            self.progress.clear()
        if self.out:
            print(paint(text, colour, self.out) if colour else text,
                  file=self.out, flush=True)


def amount(number):
    """Seconds, short."""
    if number is None:
        return '-'
    return f'{number:.2f}s' if number < 10 else f'{number:.0f}s'
