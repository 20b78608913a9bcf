# SPDX-License-Identifier: GPL-2.0-or-later
"""mmtorture selfcheck: do the detectors of this very build still fire?"""

import random
import time

import cmd_bugs
import options
import tree

SAMPLE = 8


def parse(argv):
    parser = options.Parser('selfcheck', '[OPTION...]', 'Attack a random sample of the'
                            ' planted bugs that have been found before; one'
                            ' that is missed means that a clean verdict of'
                            ' this build proves nothing: exit code 3.')
    parser.add_argument('--sample', '-n', type=options.number(1, 10**4),
                        default=SAMPLE, metavar='N',
                        help='how many bugs (default %(default)s)')
    parser.add_argument('--secs', '-s', type=options.number(1, 10**6),
                        default=options.SECS, metavar='S',
                        help='budget of a runtime (default %(default)s)')
    options.common(parser, seed=None)
    args = parser.parse_args(argv)
    if args.seed is None:
        args.seed = int(time.time())
    args.runtime, args.executions = [], options.EXECUTIONS
    args.seeds, args.control = 1, False
    args.older, args.skip_known_misses = False, False
    return args


def sample(bugs, number, seed):
    """@number bugs that have been found before: from as many areas as there
    are, and by as many runtimes, in the order of the draw."""
    rng = random.Random(seed)
    known = [bug for bug in bugs if bug.found_by]
    rng.shuffle(known)
    drawn, kinds = [], set()
    for bug in known:
        kind = bug['area'], bug.runtimes[0]
        if kind not in kinds:
            kinds.add(kind)
            drawn.append(bug)
    drawn += [bug for bug in known if bug not in drawn]
    return drawn[:number]


def main(argv):
    args = parse(argv)
    bugs = sample(options.load(), args.sample, args.seed)
    if not bugs:
        raise tree.Failure('selfcheck: no planted bug has ever been found')
    if args.dry_run:
        return cmd_bugs.dry_run(args, bugs)
    campaign = cmd_bugs.Campaign(args, bugs, 'selfcheck')
    code = campaign.run()
    verdict = 'PASS' if code == tree.CLEAN else 'FAIL'
    campaign.say(f'selfcheck: {verdict}: --seed {args.seed}'
                 f' --sample {args.sample}')
    return tree.HARNESS if code == tree.FINDINGS else code
