#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes build.ninja.  docs/building.md explains flavours and targets."""

import argparse
import glob
import os
import shlex
import shutil
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, 'scripts'))

import bugs as planted  # noqa: E402
import deps  # noqa: E402
import flavours as fl  # noqa: E402
import sources as src  # noqa: E402
from ninja_syntax import Writer  # noqa: E402

INPUTS = ['configure.py', 'scripts/bugs.py', 'scripts/deps.py', 'scripts/flavours.py',
          'scripts/ninja_syntax.py', 'scripts/sources.py', *src.BUGS]
LIBS = '-lurcu-memb -lurcu-cds -lurcu-common -lz'
PROGRAM_LIBS = f'-lpopt -ljansson {LIBS}'
SOURCE_HASH = 'build/source_hash.c'
LAYERS = {'locking': src.LOCKING, 'mm': src.MM,
          'stress': [*src.STRESS, SOURCE_HASH]}
# What a test program links, by the folder its source is in.
LINKED = {
    'tests/locking': ['locking'],
    'tests/mm': ['mm', 'locking'],
    'tests/stress': ['stress', 'mm', 'locking'],
}
# What libexplore.a needs; it stands in place of the sanitizer's runtime.
EXPLORE_LIBS = '-ldw -lm'
# Suites leave their results by this.
VERDICT = 'scripts/verdict.py'
RUN_TEST = ['scripts/run_test.py', VERDICT]
LIBEXPLORE = 'build/explore/libexplore.a'
MAX_CPUS = 1024
PLANTED_FLAVOURS = ('native', 'tsan', 'tsan-bare', 'explore')


def fail(message, code=2):
    print(f'configure: {message}', file=sys.stderr)
    sys.exit(code)


class Parser(argparse.ArgumentParser):
    """Reports a bad option in one line."""

    def error(self, message):
        fail(message)


def compiler(name):
    if not name or name.startswith('-') or len(name.split()) != 1:
        raise argparse.ArgumentTypeError(f"'{name}' is not a compiler's name")
    return name


def cpu_count(text):
    if not text.isdecimal() or not 1 <= int(text) <= MAX_CPUS:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a number from 1 to {MAX_CPUS}")
    return int(text)


def install_prefix(text):
    if not os.path.isabs(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not an absolute path")
    return text


def parse_args(argv):
    parser = Parser(prog='configure.py', allow_abbrev=False,
                    description='Write build.ninja.')
    parser.add_argument('--install-deps', action='store_true',
                        help='first install missing Debian packages')
    parser.add_argument('--cc', type=compiler, default='clang-19',
                        help='compiler of native, i386 and bench'
                        ' (default %(default)s)')
    parser.add_argument('--tsan-cc', type=compiler, default='clang-19',
                        help='compiler of the sanitizer flavours'
                        ' (default %(default)s)')
    parser.add_argument('--prefix', type=install_prefix, default='/usr/local',
                        help='where ninja install puts files'
                        ' (default %(default)s)')
    parser.add_argument('--geometry', choices=['x86_64', 'i386'],
                        default='x86_64',
                        help='page-table geometry (default %(default)s)')
    parser.add_argument('--max-cpus', type=cpu_count, metavar='N',
                        help='NR_CPUS, the most CPUs a run may emulate'
                        f' (1 to {MAX_CPUS})')
    parser.add_argument('--no-lock-validator', action='store_true',
                        help='compile the lock validator out of every flavour')
    return parser.parse_args(argv)


def dollars(text):
    """Text as it must stand in a ninja variable."""
    return text.replace('$', '$$')


def saved_arguments(args):
    """The options that differ from the default, for the rule that reruns us."""
    saved = []
    for key, default in vars(parse_args([])).items():
        value = getattr(args, key)
        if key == 'install_deps' or value == default:
            continue
        option = '--' + key.replace('_', '-')
        saved.append(option if value is True else f'{option}={value}')
    return dollars(' '.join(shlex.quote(word) for word in saved))


def check_sources():
    """Every listed file must exist; an unlisted one is worth a warning."""
    listed = [path for group in (*LAYERS.values(), src.PROGRAM, src.BENCH, src.BENCH_REPEAT,
                                 src.BUGS, src.DOCS, src.CORPUS_SCRIPTS, src.CORPUS_TESTS, src.TESTS, *src.TEST_SUPPORT.values(),
                                 src.EXPLORE, src.EXPLORE_PROGRAMS, src.EXPLORE_LOCKS,
                                 src.EXPLORE_TESTS, src.EXPLORE_SUPPORT,
                                 src.PROGRAM_TESTS,
                                 *src.EXPLORE_INSTEAD.values())
              for path in group]
    lost = [path for path in listed
            if path != SOURCE_HASH and not os.path.exists(path)]
    if lost:
        fail(f"scripts/sources.py lists missing files: {' '.join(lost)}", 1)
    homeless = [path for path in src.TESTS
                if os.path.dirname(path) not in LINKED]
    if homeless:
        fail(f"scripts/sources.py: TESTS of no known folder: {homeless[0]}", 1)
    stray = sorted(set(src.TSAN_TESTS + src.I386_TESTS) - set(src.TESTS))
    if stray:
        fail(f"scripts/sources.py: not in TESTS: {' '.join(stray)}", 1)
    for folder in [*LAYERS, *LINKED, 'bench', 'explore', 'tests/explore']:
        for path in sorted(glob.glob(f'{folder}/**/*.c', recursive=True)):
            if path not in listed:
                print(f'configure: warning: {path} is not listed in'
                      ' scripts/sources.py', file=sys.stderr)


def common_flags(args):
    flags = list(fl.COMMON)
    if args.geometry == 'i386':
        flags.append('-DGEOMETRY_I386')
    if args.max_cpus:
        flags.append(f'-DNR_CPUS={args.max_cpus}')
    if args.no_lock_validator:
        flags.append('-DLOCK_VALIDATOR=0')
    return flags


def sources(flavour, files):
    """What @flavour compiles of @files."""
    if not flavour.name.startswith('explore'):
        return files
    return [path for listed in files
            for path in src.EXPLORE_INSTEAD.get(listed, [listed])]


def program_libs(flavour):
    if not flavour.name.startswith('explore'):
        return PROGRAM_LIBS
    return f'{LIBEXPLORE} {PROGRAM_LIBS} {EXPLORE_LIBS}'


class Build:
    """What is written to build.ninja, top to bottom."""

    def __init__(self, args):
        self.args = args
        self.compilers = {'cc': args.cc, 'tsan_cc': args.tsan_cc,
                          'coverage_cc': 'clang-19'}
        self.out = Writer()
        self.objects = set()

    def write(self):
        self.head()
        self.rules()
        for flavour in fl.FLAVOURS:
            self.flavour(flavour)
        self.explore()
        self.checks()
        self.bugs()
        self.targets()
        return str(self.out)

    def head(self):
        out = self.out
        out.comment('Written by configure.py; edit scripts/sources.py or'
                    ' scripts/flavours.py instead.')
        out.newline()
        out.variable('ninja_required_version', '1.10')
        out.variable('builddir', 'build')
        out.variable('configure_args', saved_arguments(self.args))
        out.variable('cflags', common_flags(self.args))
        # The default stands in install.sh: no absolute path here unless asked.
        if self.args.prefix != parse_args([]).prefix:
            out.variable('prefix', dollars(shlex.quote(self.args.prefix)))
        out.newline()
        out.rule('configure', 'python3 configure.py $configure_args',
                 'CONFIGURE', generator='1')
        out.build('build.ninja', 'configure', implicit=INPUTS)
        out.newline()

    def rules(self):
        out = self.out
        out.pool('tests', 2)
        out.rule('ar', 'rm -f $out && ar rcs $out $in', 'AR $out')
        out.rule('test', 'python3 scripts/run_test.py $in $out', 'TEST $in',
                 pool='tests')
        out.rule('docs', 'python3 scripts/check_docs.py $out $in', 'DOCS',
                 pool='tests')
        out.rule('lists', 'python3 scripts/check_lists.py $out', 'LISTS',
                 depfile='$out.d', deps='gcc', pool='tests')
        out.rule('unittest', 'python3 scripts/run_unittest.py $in $out',
                 'TEST $in', pool='tests')
        out.rule('sample', 'python3 scripts/check_sample.py $out $bugs',
                 'SAMPLE', pool='tests')
        out.rule('bugs_doc', 'python3 scripts/bugs_doc.py --check $out',
                 'TABLE')
        out.rule('summary', 'python3 scripts/check_summary.py $in', 'CHECK')
        out.rule('coverage', 'python3 scripts/coverage.py $in $program',
                 'COVERAGE', pool='console')
        out.rule('stress', 'scripts/stress.sh $in', 'STRESS', pool='console')
        out.rule('install', 'scripts/install.sh $prefix', 'INSTALL',
                 pool='console')
        out.rule('source_hash', 'python3 scripts/source_hash.py $out',
                 'HASH $out', depfile='$out.d', deps='gcc', restat='1')
        out.build(SOURCE_HASH, 'source_hash', implicit=[
            'scripts/source_hash.py', *src.LOCKING, *src.MM, *src.STRESS])
        out.rule('run', '$in', 'RUN $in', pool='console')
        out.rule('plant', 'python3 scripts/plant.py $in $file $out',
                 'PLANT $in')
        # Everything is built by then: a second ninja would be in the way.
        out.rule('attack', 'python3 scripts/corpus bugs all --no-build',
                 'BUGS', pool='console')
        out.rule('format', 'python3 scripts/format_check.py', 'FORMAT',
                 pool='console')
        out.newline()

    def flavour_rules(self, flavour):
        """How one flavour compiles and links."""
        out, name = self.out, flavour.name
        cc = self.compilers[flavour.compiler]
        out.rule(f'cc_{name}', [cc, '-MMD -MF $out.d $cflags',
                                *fl.compile_flags(flavour, cc),
                                '-c $in -o $out'],
                 'CC $out', depfile='$out.d', deps='gcc')
        out.rule(f'link_{name}', [cc, '-pthread', flavour.links,
                                  '-o $out -Wl,--whole-archive $in'
                                  ' -Wl,--no-whole-archive'
                                  ' -Wl,--as-needed $libs'], 'LINK $out')
        out.newline()

    def flavour(self, flavour):
        """Rules, libraries and programs of one flavour."""
        out = self.out
        out.comment(f'---- {flavour.name}')
        self.flavour_rules(flavour)
        for layer, files in LAYERS.items():
            if files:
                objects = [self.compile(flavour, path)
                           for path in sources(flavour, files)]
                out.build(self.archive(flavour, layer), 'ar', objects)
        self.link(flavour, self.program(flavour),
                  sources(flavour, src.PROGRAM), ['stress', 'mm', 'locking'],
                  program_libs(flavour))
        out.newline()

    @staticmethod
    def archive(flavour, layer):
        return f'build/{flavour.name}/lib{layer}.a'

    @staticmethod
    def program(flavour):
        return f'build/{flavour.name}/mmtorture'

    def compile(self, flavour, path):
        obj = f'build/{flavour.name}/{path[:-2]}.o'
        if obj not in self.objects:
            self.objects.add(obj)
            self.out.build(obj, f'cc_{flavour.name}', path,
                           implicit=src.EMBEDDED.get(path))
        return obj

    def link(self, flavour, target, own, layers, libs):
        """Link the sources @own with whole layers into @target."""
        inputs = [self.compile(flavour, path) for path in own]
        inputs += [self.archive(flavour, layer) for layer in layers
                   if LAYERS[layer]]
        self.link_objects(flavour, target, inputs, libs)

    def link_objects(self, flavour, target, inputs, libs):
        self.out.build(target, f'link_{flavour.name}', inputs, libs=libs,
                       implicit=[LIBEXPLORE] if LIBEXPLORE in libs else None)

    def explore(self):
        """The explorer, and programs under it: tsan objects, its runtime."""
        out = self.out
        out.comment('---- explore')
        out.rule('link_explored', [self.args.tsan_cc, '-pthread -o $out $in',
                                  '$libs'], 'LINK $out')
        library = LIBEXPLORE
        out.build(library, 'ar', [self.compile(FLAVOUR['native'], path)
                                  for path in src.EXPLORE])
        for path in src.EXPLORE_PROGRAMS:
            out.build(self.explored(path), 'link_explored',
                      [self.compile(FLAVOUR['tsan'], path), library],
                      libs=f'-Wl,--wrap=main {EXPLORE_LIBS}')
        locks = FLAVOUR['explore-locks']
        for path in src.EXPLORE_LOCKS:
            out.build(self.explored(path), 'link_explored',
                      [self.compile(locks, path),
                       self.archive(locks, 'locking'), library],
                      libs=f'-Wl,--wrap=main {EXPLORE_LIBS}')
        out.build('explore', 'phony', [library, *self.all_explored()])
        out.newline()

    def all_explored(self):
        return [self.explored(path)
                for path in [*src.EXPLORE_PROGRAMS, *src.EXPLORE_LOCKS]]

    @staticmethod
    def explored(path):
        name = os.path.basename(path)[:-2]
        return f'build/explore/programs/{name}'

    def bounded_programs(self):
        """The emulated machine under the explorer, and with planted bugs."""
        return [self.program(FLAVOUR['explore']),
                *(f'build/bugs/{name}/explore/mmtorture'
                  for name in src.EXPLORE_TEST_BUGS)]

    def explore_test(self, path):
        """Build and run a test of the explorer; return the result's path."""
        target = f'build/explore/{os.path.basename(path)[:-2]}'
        inputs = [self.compile(FLAVOUR['tsan'], source)
                  for source in [path, *src.EXPLORE_SUPPORT]]
        self.out.build(target, 'link_explored', [*inputs, LIBEXPLORE],
                       libs=f'-lcriterion -ljansson {EXPLORE_LIBS}')
        self.out.build(f'{target}.result', 'test', target, implicit=[
            *RUN_TEST, *self.all_explored(),
            *self.bounded_programs()])
        return f'{target}.result'

    def test(self, flavour, path, *needs):
        """Build and run one test program; return the result's path."""
        target = f'build/{flavour.name}/{path[:-2]}'
        folder = os.path.dirname(path)
        own = [path, *src.TEST_SUPPORT.get(folder, [])]
        if flavour.support:
            own.append(flavour.support)
        self.link(flavour, target, own, LINKED[folder],
                  f'-lcriterion {PROGRAM_LIBS}')
        self.out.build(f'{target}.result', 'test', target,
                       implicit=[*RUN_TEST, *needs])
        return f'{target}.result'

    def checks(self):
        """check: every test natively and under ASan, some elsewhere too."""
        out = self.out
        out.comment('---- tests')
        wanted = [('native', src.TESTS), ('asan', src.TESTS),
                  ('tsan', src.TSAN_TESTS), ('i386', src.I386_TESTS)]
        results = [self.test(FLAVOUR[name], path)
                   for name, paths in wanted for path in paths]
        results += map(self.explore_test, src.EXPLORE_TESTS)
        programs = [self.program(FLAVOUR['native']),
                    self.program(FLAVOUR['explore']),
                    *map(self.explored, src.EXPLORE_PROGRAMS)]
        results += [self.test(FLAVOUR['native'], path, *programs)
                    for path in src.PROGRAM_TESTS]
        commands = 'build/docs/commands.result'
        out.build(commands, 'docs', src.DOCS, implicit=[
            'scripts/check_docs.py', VERDICT, 'configure.py',
            *map(self.program, (FLAVOUR['native'], FLAVOUR['tsan']))])
        lists = 'build/docs/lists.result'
        out.build(lists, 'lists', implicit=['scripts/check_lists.py', VERDICT,
                                            'scripts/sources.py'])
        results += [commands, lists, *self.bug_checks()]
        # Nothing makes the output, so the closing line is always printed.
        out.build('check', 'summary', results,
                  implicit=['scripts/check_summary.py', VERDICT])
        out.newline()
        self.coverage()

    def bug_checks(self):
        """Tests of scripts/corpus/, and a few planted bugs to be found."""
        out = self.out
        scripts = [*src.CORPUS_SCRIPTS, 'scripts/plant.py', 'scripts/bugs.py',
                   'scripts/mutants.py']
        results = []
        for path in src.CORPUS_TESTS:
            name = os.path.basename(path).removesuffix('.py')
            results.append(f'build/corpus/{name}.result')
            out.build(results[-1], 'unittest', path, implicit=[
                'scripts/run_unittest.py', VERDICT, *scripts, *src.BUGS,
                self.program(FLAVOUR['native']),
                self.object_list(FLAVOUR['native'])])
        results.append('build/corpus/sample.result')
        programs = [f'build/bugs/{name}/{flavour}/mmtorture'
                    for runtime, names in src.SAMPLE_BUGS.items()
                    for name in names
                    for flavour in dict.fromkeys(('native', runtime)
                                                 if runtime != 'explore'
                                                 else ('explore',))]
        out.build(results[-1], 'sample', None, implicit=[
            'scripts/check_sample.py', VERDICT, *scripts,
            self.program(FLAVOUR['native']), *programs],
            bugs=' '.join(f'{runtime}:{name}'
                          for runtime, names in src.SAMPLE_BUGS.items()
                          for name in names))
        results.append('build/corpus/table.result')
        out.build(results[-1], 'bugs_doc', None, implicit=[
            'scripts/bugs_doc.py', VERDICT, 'scripts/bugs.py',
            'scripts/sources.py', 'docs/bugs.md', *src.BUGS,
            # All patches must still apply.
            *(self.planted_source(bug, file)
              for bug in map(planted.read, src.BUGS) for file in bug.files)])
        return results

    def coverage(self):
        flavour = FLAVOUR['coverage']
        results = [self.test(flavour, path) for path in src.TESTS]
        # The program links every file: one no test touches counts as 0 %.
        program = [self.program(flavour)] if src.PROGRAM else []
        self.out.build('coverage', 'coverage', results,
                       implicit=['scripts/coverage.py', *program],
                       program=[f'--program={path}' for path in program])
        self.out.newline()

    def bugs(self):
        """One program per planted bug and flavour, in a tree of its own."""
        out = self.out
        out.comment('---- planted bugs')
        programs = []
        out.rule('objects', 'cp $out.rsp $out', 'OBJECTS $out',
                 rspfile='$out.rsp', rspfile_content='$in_newline')
        for name in PLANTED_FLAVOURS:
            self.plantable(FLAVOUR[name])
        for path in src.BUGS:
            bug = planted.read(path)
            for file in bug.files:
                out.build(self.planted_source(bug, file), 'plant', path,
                          implicit=[file, 'scripts/plant.py',
                                    'scripts/bugs.py'], file=file)
            # What only --all-runtimes needs is built when it is asked for.
            programs += [program for name in PLANTED_FLAVOURS
                         for program in [self.bug(FLAVOUR[name], bug)]
                         if name != 'tsan-bare']
        out.build('bug-programs', 'phony', programs)
        out.build('bugs', 'attack', None, implicit=[
            *src.CORPUS_SCRIPTS, 'programs', *programs])
        out.newline()

    @staticmethod
    def planted_source(bug, file):
        return f'build/bugs/{bug.name}/{file}'

    @staticmethod
    def object_list(flavour):
        return f'build/bugs/{flavour.name}.objects'

    def planted_rule(self, flavour):
        """The rule that links a program with some objects of it replaced.

        The objects stand in a file of their own: hundreds of link lines that
        name each of them would make build.ninja twenty times as long.
        """
        self.out.rule(f'link_planted_{flavour.name}', [
            f'grep -vxF $replaced {self.object_list(flavour)} > $out.objects &&',
            self.compilers[flavour.compiler], '-pthread', flavour.links,
            '-o $out $in @$out.objects -Wl,--as-needed',
            program_libs(flavour)], 'LINK $out')

    def plantable(self, flavour):
        files = [path for layer in (src.PROGRAM, *LAYERS.values())
                 for path in sources(flavour, layer)]
        self.out.build(self.object_list(flavour), 'objects',
                       [self.compile(flavour, path) for path in files])
        self.planted_rule(flavour)

    def bug(self, flavour, bug):
        """Link the program with the planted files in place of the true ones."""
        name = flavour.name
        objects = [f'build/bugs/{bug.name}/{name}/{file[:-2]}.o'
                   for file in bug.files]
        for obj, file in zip(objects, bug.files):
            self.out.build(obj, f'cc_{name}', self.planted_source(bug, file),
                           cflags='$cflags -Wno-error')
        target = f'build/bugs/{bug.name}/{name}/mmtorture'
        needs = [self.object_list(flavour)]
        if name.startswith('explore'):
            needs.append(LIBEXPLORE)
        self.out.build(target, f'link_planted_{name}', objects,
                       implicit=needs,
                       replaced=' '.join(f'-e build/{name}/{file[:-2]}.o'
                                         for file in bug.files))
        return target

    def bench_program(self, path):
        """Link a program of the explorer to be repeated natively."""
        target = f'build/bench/programs/{os.path.basename(path)[:-2]}'
        self.out.build(target, 'link_explored', [
            self.compile(FLAVOUR['bench'], source)
            for source in [path, *src.BENCH_REPEAT]], libs='-Wl,--wrap=main')
        return target

    def targets(self):
        out = self.out
        out.comment('---- what one asks for')
        programs = [self.program(FLAVOUR[name])
                    for name in ('native', 'tsan', 'tsan-bare', 'explore')]
        out.build('programs', 'phony', programs)
        out.build('stress', 'stress', programs[0], implicit=[
            'scripts/stress.sh', *programs[1:]])
        target = 'build/bench/mmtorture-bench'
        self.link(FLAVOUR['bench'], target, src.BENCH,
                  ['stress', 'mm', 'locking'], PROGRAM_LIBS)
        out.build('bench', 'run', target, implicit=[
            *map(self.bench_program, src.BENCH_PROGRAMS),
            *map(self.explored, src.BENCH_PROGRAMS),
            self.program(FLAVOUR['explore'])])
        out.build('install', 'install', implicit=[
            'scripts/install.sh', *programs])
        out.build('format-check', 'format')
        out.default('programs')


FLAVOUR = {flavour.name: flavour for flavour in fl.FLAVOURS}


def warn_missing_tools(args):
    lost = [tool for tool in ('ninja', args.cc, args.tsan_cc)
            if not shutil.which(tool)]
    if lost:
        print(f"configure: warning: not found: {' '.join(sorted(set(lost)))};"
              ' ./configure.py --install-deps installs it', file=sys.stderr)


def main():
    args = parse_args(sys.argv[1:])
    os.chdir(ROOT)
    if args.install_deps:
        code = deps.install(deps.compiler_packages(args.cc, args.tsan_cc))
        if code:
            sys.exit(code)
    check_sources()
    warn_missing_tools(args)
    try:
        text = Build(args).write()
    except ValueError as error:  # the header of a planted bug
        fail(str(error), 1)
    with open('build.ninja', 'w', encoding='utf-8') as out:
        out.write(text)


if __name__ == '__main__':
    main()
