# SPDX-License-Identifier: GPL-2.0-or-later
"""Every source file of the project: listed by hand, in alphabetical order.

configure.py stops when a listed file does not exist and warns of a file in
these folders that is not listed.
"""

# Files a source takes in with .incbin; the compiler does not name them.
EMBEDDED = {
    'stress/layout_builtin.c': ['stress/layouts/bash.smaps',
                                'stress/layouts/python3.smaps',
                                'stress/layouts/sleep.smaps'],
}

LOCKING = """
""".split()

MM = """
""".split()

# The mmtorture program, without the file that has main().
STRESS = """
""".split()

# The file that has main().
PROGRAM = """
""".split()

# The benchmark program.
BENCH = """
bench/bench.c
bench/host.c
bench/stats.c
""".split()

# One Criterion program each.  Its folder says what it may link: tests/locking
# sees locking/ only, tests/mm adds mm/, tests/stress has everything but main().
TESTS = """
""".split()

# Linked into every test program of a folder.
TEST_SUPPORT = {
}

# Tests that also run under ThreadSanitizer, and with two-level page tables.
TSAN_TESTS = """
""".split()

I386_TESTS = """
""".split()
