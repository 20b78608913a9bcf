# SPDX-License-Identifier: GPL-2.0-or-later
"""What a page says of the attacks of mmtorture bugs, try or selfcheck."""

import os

import page
from chart import Chart


def matches(folder):
    return os.path.exists(os.path.join(folder, 'attacks.jsonl'))


def contents(folder):
    attacks = page.load_lines(folder, 'attacks.jsonl')
    what = os.path.basename(os.path.abspath(folder)).split('-')[2:3]
    planted = any('bug' in attack for attack in attacks)
    found = [attack for attack in attacks if attack['found']]
    return {
        'title': ' '.join(['mmtorture', *what]),
        'verdict': verdict(attacks, found, planted),
        'good': is_good(attacks, found, planted),
        'facts': [('attacks', len(attacks)), ('with a find', len(found)),
                  ('seconds', f"{sum(a['seconds'] for a in attacks):.0f}")],
        'charts': curves(attacks) if planted else [],
        'findings': [],
        'tables': [table(attacks, planted)],
    }


def curves(attacks):
    return [chart for chart in (by_seconds(attacks), by_executions(attacks))
            if chart.curves]


def bugs_of(attacks):
    return {attack['bug'] for attack in attacks if 'bug' in attack}


def verdict(attacks, found, planted):
    if planted:
        return f'{len(bugs_of(found))} of {len(bugs_of(attacks))} found'
    return 'FINDINGS' if found else 'CLEAN'


def is_good(attacks, found, planted):
    """A planted bug should be found, a patch be clean."""
    return bugs_of(found) == bugs_of(attacks) if planted else not found


def firsts(attacks, runtime, measure):
    """What each bug took in @runtime, least first."""
    least = {}
    for attack in attacks:
        if attack['found'] and attack['runtime'] == runtime:
            took = max(attack[measure], 1 if measure == 'executions' else .01)
            bug = attack['bug']
            least[bug] = min(took, least.get(bug, took))
    return sorted(least.values())


def by_seconds(attacks):
    chart = Chart('Bugs found within so many seconds', 'seconds', 'bugs',
                  log_across=True, steps=True)
    for runtime in dict.fromkeys(a['runtime'] for a in attacks):
        chart.curve(runtime, steps(firsts(attacks, runtime, 'seconds')))
    return chart


def by_executions(attacks):
    chart = Chart('Bugs found within so many executions', 'executions',
                  'bugs', log_across=True, steps=True)
    chart.curve('explore', steps(firsts(attacks, 'explore', 'executions')))
    return chart


def steps(sizes):
    return [(size, number) for number, size in enumerate(sizes, 1)]


def table(attacks, planted):
    head = ['bug'] * planted + ['runtime', 'scenario', 'result', 'seconds',
                                'executions', 'again']
    rows = []
    for attack in attacks:
        result = attack['detector'] if attack['found'] else \
            attack.get('error') or ('missed' if planted else 'clean')
        rows.append(tuple(
            [attack.get('bug', '')] * planted
            + [attack['runtime'], attack['scenario'], result,
               f"{attack['seconds']:.1f}", str(attack['executions'] or ''),
               attack['replay']]))
    wrong = [row for row, attack in zip(rows, attacks)
             if attack['found'] != planted]
    return page.without_empty_columns(
        {'title': 'Attacks', 'head': head, 'rows': rows, 'bad': wrong})
