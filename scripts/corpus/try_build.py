# SPDX-License-Identifier: GPL-2.0-or-later
"""Build the programs with somebody's change in them, beside the tree's own.

Only objects that see a changed file are compiled; the others are the tree's.
A manifest and a log of its own keep this out of the way of ninja's.
"""

import os
import re
import shlex

import tree

import flavours as fl

DEPS = re.compile(r'^(\S+): #deps \d+.*\n((?:    \S+\n)*)', re.M)
ARGUMENTS = re.compile(r'^configure_args = ?(.*)$', re.M)
ERROR = re.compile(r'^(\S+?:\d+:\d+): (?:fatal )?error: (.*)$', re.M)
WARNING = re.compile(r'^\S+?:\d+:\d+: warning: .*$', re.M)
COMMAND = re.compile(r'ninja: |FAILED: |\[\d+/|\S*(clang|gcc)\S* -|\d+ errors? gen')
PLAIN = '-Wno-error'  # a warning is shown; it does not end the trial


def configured():
    """configure.py's Build, with the options the tree was configured with."""
    import sys
    sys.path.insert(0, tree.ROOT)
    import configure
    with open(tree.inside('build.ninja'), encoding='utf-8') as manifest:
        said = ARGUMENTS.search(manifest.read().replace('$\n', ''))
    return configure.Build(configure.parse_args(
        shlex.split(said[1]) if said else []))


def objects_of(flavour):
    """What the program of @flavour is linked from."""
    with open(tree.inside(f'build/bugs/{flavour}.objects'),
              encoding='utf-8') as names:
        return names.read().split()


def dependencies():
    """{object: files it was made from}, as ninja knows them."""
    _, output = tree.ninja(['-t', 'deps'])
    return {name: set(paths.split()) for name, paths in DEPS.findall(output)}


def object_name(flavour, path):
    return f'build/{flavour}/{path[:-2]}.o'


class Recipe:
    """The manifest of one change: what is compiled, what is linked."""

    def __init__(self, change, flavours):
        self.change = change
        self.flavours = [flavour for flavour in fl.FLAVOURS
                         if flavour.name in flavours]
        self.deps = dependencies()
        self.sources = {}  # object of the tree -> source
        self.compiled = 0

    def write(self):
        build = configured()
        out = build.out
        folder = self.change.folder
        out.variable('ninja_required_version', '1.10')
        out.variable('builddir', folder)
        import configure
        flags = [f'-I{folder}', f'-fmacro-prefix-map={folder}/=',
                 *configure.common_flags(build.args), PLAIN]
        out.variable('cflags', flags)
        for flavour in self.flavours:
            build.flavour_rules(flavour)
            build.planted_rule(flavour)
            self.flavour(build, flavour.name)
        manifest = tree.inside(folder, 'build.ninja')
        with open(manifest, 'w', encoding='utf-8') as text:
            text.write(str(out))
        return manifest

    def affected(self, flavour):
        """{object: source} of what must be compiled, None for a deleted
        source."""
        objects = objects_of(flavour)
        chosen = {}
        for path in self.change.files:
            if path.endswith('.h'):
                for name in objects:
                    if path in self.deps.get(name, ()):
                        chosen.setdefault(name, self.source(flavour, name))
            elif path in self.change.added:
                chosen[object_name(flavour, path)] = self.copy(path)
            elif object_name(flavour, path) in objects:
                chosen[object_name(flavour, path)] = None \
                    if path in self.change.deleted else self.copy(path)
        return chosen

    def copy(self, path):
        return f'{self.change.folder}/{path}'

    def source(self, flavour, name):
        path = name.removeprefix(f'build/{flavour}/').removesuffix('.o') + '.c'
        if path in self.change.changed:
            return self.copy(path)
        return path

    def flavour(self, build, name):
        chosen = self.affected(name)
        made = []
        for replaced, source in chosen.items():
            if source is None:
                continue
            target = f'{self.change.folder}/{name}/' \
                + replaced.removeprefix(f'build/{name}/')
            build.out.build(target, f'cc_{name}', source)
            made.append(target)
        self.compiled += len(made)
        needs = [build.object_list(build_flavour(name)),
                 *(one for one in objects_of(name) if one not in chosen)]
        if name.startswith('explore'):
            needs.append('build/explore/libexplore.a')
        build.out.build(
            f'{self.change.folder}/{name}/mmtorture', f'link_planted_{name}',
            made, implicit=needs, replaced=' '.join(
                f'-e {one}' for one in chosen) or '-e :')


def build_flavour(name):
    return next(one for one in fl.FLAVOURS if one.name == name)


def build(change, flavours, loud):
    """Build the programs.  Return (objects compiled, warnings)."""
    recipe = Recipe(change, flavours)
    manifest = recipe.write()
    targets = [f'{change.folder}/{name}/mmtorture' for name in flavours]
    worked, output = tree.ninja(targets, manifest, loud=loud)
    output = output.replace(f'{change.folder}/', '')
    if not worked:
        raise tree.Failure(f'try: {change.name}: does not compile:\n'
                           + complaint(output), tree.USAGE)
    return recipe.compiled, warnings(change, output)


def complaint(output):
    """The compiler's errors with the lines they are about."""
    lines = output.splitlines()
    first = next((at for at, line in enumerate(lines)
                  if ERROR.match(line) or 'error:' in line
                  or 'undefined reference' in line), None)
    if first is None:
        return '\n'.join(lines[-10:])
    last = next((at for at in range(first, len(lines))
                 if COMMAND.match(lines[at])), len(lines))
    return '\n'.join(lines[first:min(last, first + 20)])


def warnings(change, output):
    """Warnings of this build, or of the one that compiled it."""
    kept = tree.inside(change.folder, 'warnings.txt')
    found = list(dict.fromkeys(WARNING.findall(output)))
    if found or not os.path.exists(kept):
        with open(kept, 'w', encoding='utf-8') as out:
            out.write('\n'.join(found))
    with open(kept, encoding='utf-8') as text:
        return text.read().splitlines()
