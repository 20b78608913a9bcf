# SPDX-License-Identifier: GPL-2.0-or-later
"""What a suite of tests leaves behind for check_summary.py to judge."""

import json

FIRST_LINES, LAST_LINES, COLUMNS = 20, 40, 400


def write(path, program, tested, why, said=''):
    """Record that @tested tests of @program ran.

    @why is one line, '' if all is well; @said what a reader wants to know
    then, of any length.
    """
    with open(path, 'w', encoding='utf-8') as out:
        json.dump({'program': program, 'tested': tested, 'why': why,
                   'said': said if why else ''}, out)
        out.write('\n')


def write_faults(path, program, tested, faults):
    """The same of a list of what is wrong."""
    first = faults[0].splitlines()[0] if faults else ''
    write(path, program, tested, first, '\n'.join(faults))


def excerpt(said):
    """Lines of @said: its beginning and its end, no line too long."""
    lines = [line if len(line) <= COLUMNS else line[:COLUMNS] + ' ...'
             for line in said.splitlines()]
    left_out = len(lines) - FIRST_LINES - LAST_LINES
    if left_out <= 1:
        return lines
    return [*lines[:FIRST_LINES], f'({left_out} lines left out)',
            *lines[-LAST_LINES:]]
