# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that are started, watched and ended together with what they start.

Each gets a process group of its own: a Ctrl-C on the terminal reaches only
us, and we pass it on, once.
"""

import contextlib
import os
import signal
import subprocess
import time

PATIENCE = 10  # seconds, of an interrupted campaign for what it runs


class Told:
    """How often we were told to end, by a Ctrl-C or a SIGTERM."""
    running = False  # a program: whoever waits for it looks at the count
    times = 0


def interrupted(_number, _frame):
    """Handler.  An exception in the middle of Popen's own code would lose the
    program, or leave its lock held."""
    Told.times += 1
    if not Told.running:
        raise KeyboardInterrupt


@contextlib.contextmanager
def started(command, **more):
    """Start @command.  When the block ends by an exception, such as that of
    wait_a_moment(), the program is asked to end and waited for, so that it
    writes what it found.  What does not end is killed."""
    process, Told.running = None, True
    try:
        if Told.times:
            raise KeyboardInterrupt  # the last one ended just then
        process = subprocess.Popen(command, process_group=0, **more)
        yield process
        process.wait()
        if process.returncode < 0:
            tell(process, signal.SIGKILL)  # whom it could not end any more
    except BaseException:
        if process:
            end(process)
        raise
    finally:
        Told.running = False


def wait_a_moment(seconds):
    """Between two looks at a program that runs.  Raises KeyboardInterrupt if
    we were told to end."""
    time.sleep(seconds)
    if Told.times:
        raise KeyboardInterrupt


def end(process):
    """Ask it to; but not for ever, nor when told a second time."""
    deadline = time.monotonic() + PATIENCE
    times = Told.times
    tell(process, signal.SIGINT)
    while process.poll() is None and time.monotonic() < deadline \
            and Told.times == times:
        time.sleep(0.02)
    tell(process, signal.SIGKILL)
    process.wait()


def tell(process, what):
    """The program and all it started, whoever of them is left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, what)


def wait_for(process, secs, grace, tick):
    """Wait until it ends; ask it to after @secs and @grace, and kill it after
    as much again.  @tick is called now and then with the seconds spent, which
    are returned."""
    start = time.monotonic()
    ask_at = secs + grace
    while process.poll() is None:
        spent = time.monotonic() - start
        tick(spent)
        if spent > secs + 2 * grace:
            tell(process, signal.SIGKILL)
        elif spent > ask_at:
            tell(process, signal.SIGINT)
            ask_at += 2 * grace
        wait_a_moment(0.01 if spent < 1 else 0.1)
    return time.monotonic() - start
