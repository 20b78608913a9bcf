# SPDX-License-Identifier: GPL-2.0-or-later
"""Curves as SVG, drawn by gnuplot."""

import re
import subprocess

import tree

STYLE = '''set terminal svg size 720,260 dynamic font 'sans-serif,11' background 'white'
set encoding utf8
set border 3 linecolor '#888888'
set tics nomirror textcolor '#444444'
set grid linecolor '#dddddd'
set key outside right top reverse Left textcolor '#222222' noenhanced
set colorsequence podo
set format '%.10g'
set yrange [0:*]
'''
ERROR_LINE = re.compile(r'^.*line \d+: (.*)$', re.M)


class Chart:
    """A title, what the axes mean, and one or more curves."""

    def __init__(self, title, across, up, log_across=False, steps=False):
        self.title = title
        self.across = across
        self.up = up
        self.log_across = log_across
        self.steps = steps
        self.curves = []

    def curve(self, name, points):
        """@points: pairs of numbers; a curve without any is left out."""
        points = list(points)
        if points:
            self.curves.append((name, points))

    def is_empty(self):
        """Nothing but zeros to be seen."""
        return not any(y for _, points in self.curves for _, y in points)

    def script(self):
        lines = [STYLE, f'set xlabel {quoted(self.across)}',
                 f'set ylabel {quoted(self.up)}']
        if self.log_across:
            lines.append('set logscale x')
        for number, (_, points) in enumerate(self.curves):
            lines.append(f'$curve{number} << EOD')
            lines += [f'{x:.10g} {y:.10g}' for x, y in points]
            lines.append('EOD')
        how = 'steps' if self.steps else 'lines'
        lines.append('plot ' + ', '.join(
            f'$curve{number} using 1:2 with {how} linewidth 2'
            f' title {quoted(name)}'
            for number, (name, _) in enumerate(self.curves)))
        return '\n'.join(lines) + '\n'

    def svg(self):
        """The picture, to be put into a page; '' if there is no curve."""
        if not self.curves:
            return ''
        try:
            done = subprocess.run(['gnuplot'], input=self.script(), text=True,
                                  capture_output=True, check=False)
        except OSError as error:
            raise tree.Failure(f'report: gnuplot: {error.strerror};'
                               ' ./configure.py --install-deps installs it') \
                from error
        if done.returncode:
            why = ERROR_LINE.search(done.stderr)
            raise tree.Failure('report: gnuplot: '
                               f"{why[1] if why else done.stderr.strip()}")
        return done.stdout[done.stdout.index('<svg'):]


def quoted(text):
    """As a gnuplot string in which nothing is special."""
    return "'" + text.replace("'", "''") + "'"


def rates(times, sums):
    """(time, change a second) of what only grows; a reset counts as 0."""
    for (t0, n0), (t1, n1) in zip(zip(times, sums),
                                  zip(times[1:], sums[1:])):
        if t1 > t0:
            yield t1, max(n1 - n0, 0) / (t1 - t0)
