# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture bugs, try, selfcheck and report: the program leaves them to this."""

import signal
import sys

sys.dont_write_bytecode = True
import child  # noqa: E402
import tree  # noqa: E402
import cmd_bugs  # noqa: E402
import cmd_report  # noqa: E402
import cmd_selfcheck  # noqa: E402
import cmd_try  # noqa: E402

COMMANDS = {'bugs': cmd_bugs.main, 'try': cmd_try.main,
            'selfcheck': cmd_selfcheck.main, 'report': cmd_report.main}


def main():
    for number in (signal.SIGINT, signal.SIGTERM):  # as a run takes them
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, child.interrupted)
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(f"corpus: one of {', '.join(COMMANDS)} is needed",
              file=sys.stderr)
        return tree.USAGE
    try:
        return COMMANDS[sys.argv[1]](sys.argv[2:])
    except tree.Failure as failure:
        print(f'mmtorture: {failure}', file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        print('mmtorture: interrupted', file=sys.stderr)
        return tree.HARNESS
    except BrokenPipeError:
        return tree.HARNESS


if __name__ == '__main__':
    sys.exit(main())
