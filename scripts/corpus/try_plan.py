# SPDX-License-Identifier: GPL-2.0-or-later
"""Which scenarios a change is attacked with, by the files it touches."""

import re

import plan
from attack import Attack, SHORTEST

# Files, and words of which one stands in the name of a scenario that goes
# through them.
RELATED = [
    (r'mm/(fork|fork_mm|copy_process|memory_copy)\.',
     'fork clone vfork cow accounting'),
    (r'mm/(exit|exit_notify|wait|wait4|pid)\.',
     'exit dump reap tid thread tasklist wait'),
    (r'mm/signal', 'dump kill signal exit thread stop'),
    (r'mm/(coredump|binfmt_elf_core|freezer)\.', 'dump'),
    (r'mm/(exec|exec_de_thread|binfmt_elf)\.', 'exec vfork stop'),
    (r'mm/(memory|memory_zap|fault|pgtable|pagewalk|gup|uaccess|page_alloc)',
     'fault cow stale swap reclaim trunc gup remote unmap'),
    (r'mm/(tlb|mmu|mmu_context|mmu_gather)\.',
     'tlb stale unmap flush switch lazy cow fault'),
    (r'mm/(mmap|munmap|vma|vma_merge|mremap|mprotect|madvise|mlock|brk)',
     'mmap unmap stack grow split mremap trunc lock short'),
    (r'mm/(rmap|swap|swapfile|swap_state|vmscan|page_io|shmem)\.',
     'rmap swap reclaim cow unmap short'),
    (r'mm/(filemap|filestore|msync|truncate|memory_truncate|prio_tree|file'
     r'|fremap)\.',
     'trunc file cow nonlinear mmap unmap dirty write last-user short'),
    (r'mm/ldt\.', 'ldt short'),
    (r'mm/futex\.', 'futex tid short'),
    (r'mm/aio', 'aio short'),
    (r'mm/mempolicy\.', 'policy short'),
    (r'mm/(sched|sched_init|runqueue|cpu|carrier|entry|process)\.',
     'tlb lazy exec completion events switch wake'),
    (r'mm/(ptrace|proc_task_mmu)\.', 'remote readers get-mm dump proc trace attach'),
    (r'mm/accounting\.', 'accounting stack grow short'),
    (r'locking/rwsem', 'rwsem mmap_queue readers dump'),
    (r'locking/spinlock', 'spinlock cow fork'),
    (r'locking/rwlock', 'rwlock tasklist fork'),
    (r'locking/semaphore', 'semaphore'),
    (r'locking/completion', 'compl vfork stack_events dump'),
    (r'locking/rcu', 'rcu exit futex'),
    (r'locking/', 'rwsem spinlock rwlock semaphore compl rcu'),
]
LESS = 0.4  # of the time that a scenario gets which seems related


def related(files, names, bugs):
    """Those of @names that go through @files: first those in which planted
    bugs of the same files were found, then by the words above."""
    words = {word for pattern, text in RELATED for path in files
             if re.match(pattern, path) for word in text.split()}
    also = {name for bug in bugs if set(bug.files) & set(files)
            for name in bug.scenario + bug.bounded}
    by_words = [name for name in names
                if any(word in name.replace('_', '-') or word in name
                       for word in words)]
    return [name for name in names if name in also] + \
        [name for name in by_words if name not in also]


def attacks(files, secs, seed, names, bugs):
    """The attacks on a change, first those likely to see something soon.

    @names: (scenarios of run, bounded scenarios).
    """
    stress = tuple(one for one in related(files, names[0], bugs)
                   if one != 'mix')
    bounded = related(files, names[1], bugs)
    others = tuple(one for one in names[1] if one not in bounded)
    runs = [(runtime, scenarios) for runtime in ('native', 'tsan')
            for scenarios in ([stress] if stress else []) + [('mix',)]]
    if any(path.startswith('locking/') for path in files):
        runs.append(('tsan-bare', ('mix',)))
    for_runs = 0.5 * secs / len(runs)
    chosen = explored(bounded, others, 0.5 * secs, seed,
                      any(is_order(path) for path in files))
    chosen += [Attack(runtime, scenarios, max(2, for_runs), seed)
               for runtime, scenarios in runs]
    return chosen


def is_order(path):
    """Does it hold barriers or lockless code, so that models matter?"""
    return path.startswith('locking/') or re.match(
        r'mm/(tlb|mmu|memory|sched|runqueue|signal|futex|aio|ldt)', path)


def explored(bounded, others, secs, seed, weak):
    """One attack for each related scenario, and one each for all of them with
    failing allocations and for the others, with LESS time for each."""
    parts = [('sc', one) for one in bounded]
    all_of_them = LESS * (len(bounded) + len(others))
    if weak:
        # Not all of them in other models: the likeliest, in half the time,
        # and as many as there is time for.
        models = plan.MODELS[1:]
        room = secs * LESS / SHORTEST - len(bounded) - all_of_them
        most = max(1, int(min(0.5 * secs, room) / len(models)))
        parts += [(model, one) for model in models for one in bounded[:most]]
    share = max(SHORTEST / LESS, secs / max(1, len(parts) + all_of_them))
    made = [Attack('explore', (name,), share, seed,
                   options=('-M', model) if model != 'sc' else ())
            for model, name in parts]
    if bounded:
        made.append(Attack('explore', tuple(bounded),
                           LESS * share * len(bounded), seed,
                           options=('--fail-alloc',)))
    if others:
        made.append(Attack('explore', others, LESS * share * len(others),
                           seed))
    return made
