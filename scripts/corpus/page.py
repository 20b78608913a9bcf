# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages of reports: what they are made from, and how they are written."""

import json
import os

import tree

TEMPLATE = 'report.html.j2'


def load(folder, name):
    path = os.path.join(folder, name)
    try:
        with open(path, encoding='utf-8') as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise tree.Failure(f'report: {tree.shown(path)}: {error}',
                           tree.USAGE) from error


def load_lines(folder, name):
    """The objects in a file of one a line; a half-written last one is left out."""
    path = os.path.join(folder, name)
    records = []
    if not os.path.exists(path):
        return records
    with open(path, encoding='utf-8', errors='replace') as file:
        for line in file:
            try:
                records.append(json.loads(line))
            except ValueError:
                break
    return records


def without_empty_columns(table):
    """@table with those columns only in which some row has something."""
    kept = [i for i, cells in enumerate(zip(*table['rows'])) if any(cells)]

    def cut(row):
        return tuple(row[i] for i in kept)

    return {**table, 'head': cut(table['head']),
            'rows': [cut(row) for row in table['rows']],
            'bad': [cut(row) for row in table['bad']]}


class Link(str):
    """A cell that leads somewhere."""

    def __new__(cls, target, text):
        cell = super().__new__(cls, text)
        cell.target = target
        return cell


def write(folder, contents, name='report.html'):
    """Write @name in @folder.  Return its path."""
    try:
        import jinja2
    except ImportError as error:
        raise tree.Failure('report: python3-jinja2 is not installed;'
                           ' ./configure.py --install-deps installs it') \
            from error
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(os.path.dirname(__file__)),
        autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined)
    pictures = [(chart.title, chart.svg()) for chart in contents['charts']]
    text = env.get_template(TEMPLATE).render(contents, pictures=pictures)
    path = os.path.join(folder, name)
    try:
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text)
    except OSError as error:
        raise tree.Failure(f'report: {tree.shown(path)}: {error.strerror}',
                           tree.USAGE) from error
    return path
