# SPDX-License-Identifier: GPL-2.0-or-later
"""The flavours: one row each, every one compiled into build/<name>/."""

from dataclasses import dataclass

COMMON = ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror',
          '-pthread', '-I.']
CLANG_ONLY = ['-Wthread-safety']
# Or gcc leaves small constant memset and memcpy uninstrumented, and warns of
# every fence (no plain data here is ordered by one).
GCC_TSAN_ONLY = ['-fno-builtin', '-Wno-tsan']

SANITIZE = '-O1 -g -fno-omit-frame-pointer'
COVER = '-fprofile-instr-generate -fcoverage-mapping'
# Counters live in the profile itself (%c in run_test.py), so that a test that
# ends in _exit() or a signal counts too.
COVER_ALWAYS = '-mllvm -runtime-counter-relocation=true'


@dataclass(frozen=True)
class Flavour:
    """A way to compile everything.

    compiler names the option that chooses the compiler; links repeats on
    the link line what must stand there too; support is a source linked into
    every test program.
    """
    name: str
    compiler: str
    flags: str
    links: str = ''
    support: str = ''


FLAVOURS = [
    Flavour('native', 'cc', '-O2 -g'),
    Flavour('tsan', 'tsan_cc',
            f'{SANITIZE} -fsanitize=thread -DLOCK_TSAN_ANNOTATE=1',
            '-fsanitize=thread', 'tests/support/tsan_shim.c'),
    Flavour('tsan-bare', 'tsan_cc',
            f'{SANITIZE} -fsanitize=thread -DLOCK_TSAN_ANNOTATE=0',
            '-fsanitize=thread', 'tests/support/tsan_shim.c'),
    # Linked with libexplore.a in place of the sanitizer's runtime.
    Flavour('explore', 'tsan_cc',
            f'{SANITIZE} -fsanitize=thread -DLOCK_TSAN_ANNOTATE=1'
            ' -UNR_CPUS -DNR_CPUS=8'),
    Flavour('explore-locks', 'tsan_cc',
            f'{SANITIZE} -fsanitize=thread -DLOCK_TSAN_ANNOTATE=1'
            ' -DLOCK_VALIDATOR=0'),
    Flavour('asan', 'tsan_cc',
            f'{SANITIZE} -fsanitize=address,undefined'
            ' -fno-sanitize-recover=undefined',
            '-fsanitize=address,undefined', 'tests/support/asan_options.c'),
    Flavour('coverage', 'coverage_cc', f'-O1 -g {COVER} {COVER_ALWAYS}', COVER),
    Flavour('i386', 'cc', '-O2 -g -DGEOMETRY_I386'),
    Flavour('bench', 'cc', '-O2 -g -DLOCK_VALIDATOR=0'),
]


def is_clang(compiler):
    return 'clang' in compiler


def compile_flags(flavour, compiler):
    """Flags of one flavour that depend on the compiler it is built with."""
    flags = [flavour.flags]
    if is_clang(compiler):
        flags += CLANG_ONLY
    elif 'thread' in flavour.links:
        flags += GCC_TSAN_ONLY
    return flags
