# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian packages the build needs, and how to install them."""

import os
import shutil
import subprocess
import sys

PACKAGES = [
    'clang-19',            # compiler of every flavour by default
    'libclang-rt-19-dev',  # sanitizer and profile runtimes
    'llvm-19',             # llvm-symbolizer, llvm-cov, llvm-profdata
    'clang-format-19',     # ninja format-check
    'ninja-build',
    'liburcu-dev',         # RCU, lists, hash tables
    'libbsd-dev',          # sys/tree.h
    'libjansson-dev',      # JSON
    'libpopt-dev',         # command line
    'zlib1g-dev',          # checksums of swap slots
    'libcriterion-dev',    # unit tests
    'coccinelle',          # plants bugs
    'patch',               # mmtorture try
    'gnuplot-nox',         # mmtorture report: curves
    'python3-jinja2',      # mmtorture report: the page
    'libdw-dev',           # explore/: functions and lines of addresses
    'elfutils',            # tests read core files with eu-readelf
]


def compiler_packages(*compilers):
    """Packages of compilers other than the default one."""
    return [name for name in compilers
            if '/' not in name and name not in PACKAGES]


def is_installed(package):
    done = subprocess.run(
        ['dpkg-query', '-W', '-f', '${db:Status-Status}', package],
        capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout == 'installed'


def install(extra):
    """Install what is missing.  Return 0, or 2 after saying why not."""
    wanted = PACKAGES + extra
    if not shutil.which('dpkg-query') or not shutil.which('apt-get'):
        print('configure: --install-deps knows Debian only; install what'
              f" corresponds to: {' '.join(wanted)}", file=sys.stderr)
        return 2
    missing = [name for name in wanted if not is_installed(name)]
    if not missing:
        print('configure: all packages are installed')
        return 0
    command = ['apt-get', 'install', '-y', '--no-install-recommends', *missing]
    if os.geteuid() != 0:
        print('configure: not root; run as root: apt-get update &&'
              f" {' '.join(command)}", file=sys.stderr)
        return 2
    print(f"configure: installing {' '.join(missing)}", flush=True)
    return run_apt(command)


def run_apt(command):
    env = dict(os.environ, DEBIAN_FRONTEND='noninteractive')
    for step in (['apt-get', 'update'], command):
        done = subprocess.run(step, env=env, stdin=subprocess.DEVNULL,
                              check=False)
        if done.returncode != 0:
            print(f"configure: {' '.join(step)} failed with exit code"
                  f' {done.returncode}', file=sys.stderr)
            return 2
    return 0
