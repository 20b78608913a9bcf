# SPDX-License-Identifier: GPL-2.0-or-later
"""Which attacks a planted bug has to stand."""

import tree
from attack import Attack, STRESS

import bugs as planted

STRATEGIES = ('random', 'pct', 'pos', 'rff', 'dfs', 'dpor')
MODELS = ('sc', 'tso', 'c11')


def bounded(bug, names):
    """The bounded scenarios of a bug; @names: all there are."""
    if bug.bounded == ['all']:
        return tuple(names)
    lost = [name for name in bug.bounded if name not in names]
    if lost:
        raise tree.Failure(f"{bug.name}: header names an unknown bounded"
                           f" scenario '{lost[0]}'")
    return tuple(bug.bounded)


def variants(bug):
    """Options with which explore is to be tried, one after the other."""
    if bug.explore_options:
        return [tuple(bug.explore_options)]
    if bug['depth'] == planted.WEAK:
        return [('-M', 'c11')] + ([] if 'x86' in bug.blind else
                                  [('-M', 'tso')])
    if 'explore' in bug.runtimes and bug.found_by:
        return [()]
    if bug['threads'] == '1':
        return [('--fail-alloc',), ()]
    return [(), ('--fail-alloc',)]


def attacks_in(bug, runtime, budget, seed, names):
    """The attacks of one runtime; together they keep to the budget."""
    if runtime in STRESS:
        return [Attack(runtime, tuple(bug.scenario), budget.secs, seed,
                       options=tuple(bug.run_options))]
    tries = variants(bug)
    return [Attack('explore', bounded(bug, names), budget.secs / len(tries),
                   seed, budget.executions // len(tries), options)
            for options in tries]


def older_attacks(bug, runtime, budget, seed, names):
    """The attacks of one runtime with scenarios @names alone, each for its
    share of the budget."""
    if not names:
        return []
    if runtime in STRESS:
        # Few tasks: they are all there at once, of so little time.
        return [Attack(runtime, (name,), budget.secs / len(names), seed,
                       options=('--tasks', '200')) for name in names]
    tries = variants(bug)
    return [Attack('explore', names, budget.secs / len(tries), seed,
                   budget.executions // len(tries), options)
            for options in tries]


def runtimes(bug):
    """Those that found it or ought to, then the others."""
    others = [name for name in ('explore', 'native', 'tsan')
              if name not in bug.runtimes]
    return bug.runtimes + others


def comparison(bug, budget, seed, names):
    """{column: attack}: one for each detector there is to compare."""
    scenarios = tuple(bug.scenario)
    options = tuple(bug.run_options)
    columns = {
        runtime: Attack(runtime, scenarios, budget.secs, seed,
                        options=options, reports_only=runtime != 'native')
        for runtime in ('tsan', 'tsan-bare', 'native')}
    kept = tuple(word for word in bug.explore_options
                 if word.startswith('--'))
    for model in MODELS:
        for strategy in STRATEGIES:
            columns[f'{strategy}/{model}'] = Attack(
                'explore', bounded(bug, names), budget.secs, seed,
                budget.executions, ('-S', strategy, '-M', model, *kept))
    return columns
