# SPDX-License-Identifier: GPL-2.0-or-later
"""What a whole campaign of attacks on planted bugs amounts to."""

import statistics

import tree
from terminal import amount

BY = ('area', 'consequence', 'depth')


def finds(record):
    """{runtime: its finds, one a seed at most}."""
    found = {}
    for attacks in record['seeds']:
        for one in attacks:
            if one['found']:
                found.setdefault(one['runtime'], []).append(one)
    return found


def errors(record):
    return [f"{one['runtime']}: {one['error']}"
            for attacks in record['seeds'] for one in attacks if one['error']]


def first(outcomes):
    """Median seconds and executions up to the first detection."""
    return (statistics.median(one['seconds'] for one in outcomes),
            statistics.median(one['executions'] for one in outcomes))


def spread(values):
    """{median, quartiles, extremes} of some numbers, or None."""
    if not values:
        return None
    quarters = statistics.quantiles(values, n=4, method='inclusive') \
        if len(values) > 1 else [values[0]] * 3
    return {'n': len(values), 'min': min(values), 'lower': quarters[0],
            'median': quarters[1], 'upper': quarters[2], 'max': max(values)}


def score(records):
    found = sum(bool(finds(record)) for record in records)
    return {'found': found, 'of': len(records)}


def of(records):
    """The numbers of a campaign."""
    tried = [record for record in records
             if record['seeds'] or record['broken']]
    every = [one for record in tried for outcomes in finds(record).values()
             for one in outcomes]
    explored = [one['executions'] for one in every
                if one['runtime'] == 'explore']
    skipped = [record for record in records
               if record['known_miss'] and record not in tried]
    total = {'score': score(tried), 'not_attacked': len(skipped),
             'seconds': spread([one['seconds'] for one in every]),
             'executions': spread(explored),
             'missed': [record['bug'] for record in tried
                        if not finds(record) and not record['broken']],
             'broken': [record['bug'] for record in tried
                        if record['broken']],
             'news': [record['bug'] for record in tried
                      if record['known_miss'] and finds(record)]}
    total['runtimes'] = {
        runtime: sum(runtime in finds(record) for record in tried)
        for runtime in ('native', 'tsan', 'tsan-bare', 'explore')}
    for key in BY:
        total[key] = {
            value: score([record for record in tried if record[key] == value])
            for value in sorted({record[key] for record in tried})}
    return total


def lines(total, interrupted=False):
    """The same for people."""
    found, of_all = total['score']['found'], total['score']['of']
    percent = f' ({100 * found / of_all:.0f} %)' if of_all else ''
    yield ''
    for key in BY:
        parts = [f"{value} {one['found']}/{one['of']}"
                 for value, one in total[key].items()]
        yield f"by {key}: {', '.join(parts)}"
    parts = [f'{name} {n}' for name, n in total['runtimes'].items() if n]
    yield f"found in: {', '.join(parts) or 'no runtime'}"
    if total['seconds']:
        yield f"time to detection: {told(total['seconds'], amount)}"
    if total['executions']:
        yield ('executions to detection (explore): '
               + told(total['executions'], lambda n: f'{n:.0f}'))
    if total['missed']:
        yield f"missed: {', '.join(total['missed'])}"
    if total['broken']:
        yield f"broken: {', '.join(total['broken'])}"
    if total['news']:
        yield ('found although their headers say found-by: none: '
               + ', '.join(total['news']))
    if interrupted:
        yield 'interrupted: the rest was not attacked'
    skipped = total['not_attacked']
    yield (f'mutation score: {found} of {of_all}{percent}'
           + (f', {skipped} known misses not attacked' if skipped else ''))


def told(numbers, form):
    return (f"median {form(numbers['median'])}, quartiles"
            f" {form(numbers['lower'])} to {form(numbers['upper'])}, range"
            f" {form(numbers['min'])} to {form(numbers['max'])}"
            f" (n={numbers['n']})")


def exit_code(records, controls):
    """3: something could not be built or run, or does not replay.  1: a bug
    that has been found before was missed, or an alarm was false."""
    if any(record['broken'] or errors(record) for record in records) or \
            any(one['error'] for one in controls):
        return tree.HARNESS
    missed = any(record['seeds'] and not record['known_miss']
                 and not record['older'] and not all_seeds_found(record)
                 for record in records)
    alarms = any(one['found'] for one in controls)
    return tree.FINDINGS if missed or alarms else tree.CLEAN


def all_seeds_found(record):
    return all(any(one['found'] for one in attacks)
               for attacks in record['seeds'])
