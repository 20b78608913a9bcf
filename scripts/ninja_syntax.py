# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes ninja files: variables, rules, build statements, defaults."""

import textwrap


def escape_path(path):
    """A path as it must stand in a build statement."""
    return path.replace('$', '$$').replace(' ', '$ ').replace(':', '$:')


def as_list(value):
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


class Writer:
    """Collects the text of a ninja file; str() gives it."""

    WIDTH = 78

    def __init__(self):
        self.lines = []

    def __str__(self):
        return '\n'.join(self.lines) + '\n'

    def _wrap(self, text, indent=0):
        """Append one logical line, broken at blanks with a trailing $."""
        lead = '  ' * indent
        width = self.WIDTH - len(lead)
        while len(text) > width:
            cut = text.rfind(' ', 0, width - 1)
            while cut > 0 and text[cut - 1] == '$':
                cut = text.rfind(' ', 0, cut)
            if cut <= 0:
                cut = text.find(' ', width)
                if cut < 0:
                    break
            self.lines.append(lead + text[:cut] + ' $')
            text = text[cut + 1:]
            lead = '  ' * (indent + 2)
            width = self.WIDTH - len(lead)
        self.lines.append(lead + text)

    def newline(self):
        self.lines.append('')

    def comment(self, text):
        self.lines.extend('# ' + line
                          for line in textwrap.wrap(text, self.WIDTH - 2))

    def variable(self, key, value, indent=0):
        if value not in (None, '', []):
            self._wrap(f"{key} = {' '.join(as_list(value))}", indent)
        elif not indent:
            self.lines.append(f'{key} =')

    def pool(self, name, depth):
        self.lines.append(f'pool {name}')
        self.variable('depth', str(depth), 1)

    def rule(self, name, command, description, **bindings):
        self.lines.append(f'rule {name}')
        self.variable('command', command, 1)
        self.variable('description', description, 1)
        for key, value in bindings.items():
            self.variable(key, value, 1)

    def build(self, outputs, rule, inputs=None, implicit=None,
              order_only=None, **bindings):
        words = [rule] + [escape_path(p) for p in as_list(inputs)]
        if implicit:
            words += ['|'] + [escape_path(p) for p in as_list(implicit)]
        if order_only:
            words += ['||'] + [escape_path(p) for p in as_list(order_only)]
        outs = ' '.join(escape_path(p) for p in as_list(outputs))
        self._wrap(f"build {outs}: {' '.join(words)}")
        for key, value in bindings.items():
            self.variable(key, value, 1)

    def default(self, paths):
        self._wrap(f"default {' '.join(as_list(paths))}")
