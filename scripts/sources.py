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
locking/completion.c
locking/lockdep.c
locking/rcu.c
locking/report.c
locking/rwlock.c
locking/rwsem.c
locking/seam_linux.c
locking/semaphore.c
locking/spinlock.c
locking/thread.c
locking/time.c
locking/wait_fifo.c
locking/waitgraph.c
""".split()

MM = """
mm/accounting.c
mm/aio.c
mm/aio_ring.c
mm/binfmt_elf.c
mm/binfmt_elf_core.c
mm/boot.c
mm/carrier.c
mm/copy_process.c
mm/coredump.c
mm/cpu.c
mm/direct_io.c
mm/entry.c
mm/exec.c
mm/exec_de_thread.c
mm/exit.c
mm/exit_notify.c
mm/fault.c
mm/fault_inject.c
mm/file.c
mm/filemap.c
mm/files.c
mm/filestore.c
mm/fork.c
mm/fork_mm.c
mm/freezer.c
mm/fremap.c
mm/futex.c
mm/gup.c
mm/kiocb.c
mm/kmalloc.c
mm/kthread.c
mm/ldt.c
mm/lock_classes.c
mm/madvise.c
mm/memory.c
mm/memory_copy.c
mm/memory_truncate.c
mm/memory_zap.c
mm/mempolicy.c
mm/mincore.c
mm/mlock.c
mm/mmap.c
mm/mmu.c
mm/mmu_context.c
mm/mmu_gather.c
mm/mprotect.c
mm/mremap.c
mm/msync.c
mm/munmap.c
mm/oom_kill.c
mm/page_alloc.c
mm/page_io.c
mm/page_tree.c
mm/pagewalk.c
mm/pgtable.c
mm/pid.c
mm/prio_tree.c
mm/proc_task_mmu.c
mm/process.c
mm/ptrace.c
mm/rmap.c
mm/rmap_unmap.c
mm/runqueue.c
mm/sched.c
mm/sched_init.c
mm/shmem.c
mm/shmem_swap.c
mm/signal.c
mm/signal_deliver.c
mm/signal_notify.c
mm/signal_struct.c
mm/slab.c
mm/slab_cache.c
mm/swap.c
mm/swap_state.c
mm/swapfile.c
mm/swapfile_onoff.c
mm/swapfile_unuse.c
mm/sys.c
mm/thrash.c
mm/tlb.c
mm/truncate.c
mm/uaccess.c
mm/user.c
mm/user_program.c
mm/validate.c
mm/vma.c
mm/vma_merge.c
mm/vmscan.c
mm/wait.c
mm/wait4.c
mm/workqueue.c
""".split()

# The mmtorture program, without the file that has main().
STRESS = """
stress/actions.c
stress/actions_aio.c
stress/actions_aio_ring.c
stress/actions_swap.c
stress/aio_user.c
stress/balloon.c
stress/bounded/access.c
stress/bounded/advice.c
stress/bounded/aio.c
stress/bounded/aio_cancel.c
stress/bounded/aio_oom.c
stress/bounded/bounded.c
stress/bounded/brief.c
stress/bounded/cache.c
stress/bounded/calls.c
stress/bounded/cut_file.c
stress/bounded/daemons.c
stress/bounded/device.c
stress/bounded/exec.c
stress/bounded/faults.c
stress/bounded/fds.c
stress/bounded/futex.c
stress/bounded/group_signals.c
stress/bounded/kthreads.c
stress/bounded/ldt.c
stress/bounded/life.c
stress/bounded/locks.c
stress/bounded/memory.c
stress/bounded/move.c
stress/bounded/oom.c
stress/bounded/partners.c
stress/bounded/policy.c
stress/bounded/process.c
stress/bounded/programs.c
stress/bounded/readers.c
stress/bounded/reclaim.c
stress/bounded/relay.c
stress/bounded/shmem.c
stress/bounded/short.c
stress/bounded/signals.c
stress/bounded/stops.c
stress/bounded/swapin.c
stress/bounded/swapoff.c
stress/bounded/trace.c
stress/bounded/truncate_areas.c
stress/bounded/truncate_family.c
stress/bounded/truncate_faults.c
stress/bounded/unmap.c
stress/bounded/waits.c
stress/campaign.c
stress/collect.c
stress/config.c
stress/daemon.c
stress/counters.c
stress/findings.c
stress/host_limits.c
stress/idle_report.c
stress/job_control.c
stress/layout.c
stress/layout_builtin.c
stress/machinery.c
stress/options.c
stress/oracle_audit.c
stress/oracle_census.c
stress/oracle_core.c
stress/oracle_data.c
stress/oracle_dump.c
stress/oracle_files.c
stress/oracle_futex.c
stress/oracle_pages.c
stress/oracle_refs.c
stress/oracle_rmap.c
stress/oracle_signals.c
stress/oracle_vmas.c
stress/oracle_waits.c
stress/overlap.c
stress/pace.c
stress/pressure.c
stress/progress.c
stress/ptrmap.c
stress/recorder.c
stress/results.c
stress/scenario.c
stress/scenario_accounting.c
stress/scenario_aio.c
stress/scenario_clear_tid.c
stress/scenario_clone_dump.c
stress/scenario_cow_storm.c
stress/scenario_dump_readers.c
stress/scenario_dying_mm.c
stress/scenario_exec_threads.c
stress/scenario_futex.c
stress/scenario_hog.c
stress/scenario_jobs.c
stress/scenario_last_put.c
stress/scenario_lazy_tlb.c
stress/scenario_ldt.c
stress/scenario_mix.c
stress/scenario_mmap_queue.c
stress/scenario_names.c
stress/scenario_reclaim.c
stress/scenario_ptrace.c
stress/scenario_stack_events.c
stress/scenario_stack_growth.c
stress/scenario_stale_write.c
stress/scenario_swapoff.c
stress/scenario_tasklist.c
stress/scenario_thread_exit.c
stress/scenario_truncate.c
stress/scenario_vfork.c
stress/series.c
stress/shadow.c
stress/shared.c
stress/summary.c
stress/tree_tools.c
stress/tsan_report.c
stress/user.c
stress/user_memory.c
stress/wakers.c
stress/watchdog.c
stress/worker.c
stress/worker_process.c
stress/world.c
""".split()

# The file that has main().
PROGRAM = """
stress/main.c
""".split()

# What the explore flavour compiles instead: no file that waits on the host.
EXPLORE_INSTEAD = {
    'locking/rcu.c': ['locking/rcu_model.c'],
    'locking/seam_linux.c': [],
    'stress/main.c': ['stress/explore_main.c', 'stress/explore_args.c',
                      'stress/explore_folder.c'],
}

# Planted bugs, one semantic patch each.
BUGS = """
bugs/aio-completion-skips-wakeup-without-mb.cocci
bugs/aio-last-request-races-io-destroy.cocci
bugs/aio-request-listed-before-its-data.cocci
bugs/anon-vma-freed-under-rmap-walk.cocci
bugs/attach-claims-before-it-links.cocci
bugs/child-tid-wake-before-clear.cocci
bugs/chosen-dumper-exits-others-stay-stopped.cocci
bugs/chosen-dumper-forgotten-after-a-handler.cocci
bugs/clone-vm-starts-during-tlb-gather.cocci
bugs/completion-fast-path-skips-lock.cocci
bugs/core-done-wakes-only-one-waiter.cocci
bugs/coredump-counts-vfork-parent.cocci
bugs/coredump-fork-child-escapes-zap.cocci
bugs/coredump-loses-to-late-sigstop.cocci
bugs/cow-drops-rmap-before-flush.cocci
bugs/cow-installs-pte-without-clear-flush.cocci
bugs/cow-releases-old-page-before-recheck.cocci
bugs/cow-reuse-decided-without-page-lock.cocci
bugs/cpumask-trim-races-with-use-mm.cocci
bugs/de-thread-takes-tracee-from-sleeping-tracer.cocci
bugs/dead-state-overwritten-by-late-wakeup.cocci
bugs/def-01-unwound-thread-stays-live.cocci
bugs/def-02-dontcopy-pages-stay-counted.cocci
bugs/def-05-child-keeps-parents-ldt-pointer.cocci
bugs/def-06-exec-inherits-ldt.cocci
bugs/def-08-io-bitmap-leaks-on-late-failure.cocci
bugs/def-09-clear-child-tid-survives-exec.cocci
bugs/def-10-dump-and-exec-wait-for-each-other.cocci
bugs/def-12-dumpable-again-during-dump.cocci
bugs/def-13-kill-revives-dying-group.cocci
bugs/def-14-dump-overwrites-exit-code.cocci
bugs/def-15-stopped-clone-misses-kill.cocci
bugs/def-17-mremap-uses-freed-vma.cocci
bugs/def-18-stack-charge-leaks-on-failure.cocci
bugs/def-20-shared-memory-may-grow.cocci
bugs/def-21-nonlinear-rss-asymmetric.cocci
bugs/def-29-fork-misses-group-kill.cocci
bugs/destroy-context-clears-foreign-ldt.cocci
bugs/detach-signal-lost-before-trace-stop.cocci
bugs/do-brk-without-mmap-sem.cocci
bugs/exec-active-mm-switch-split-by-flush.cocci
bugs/exec-double-mmdrop-after-handover.cocci
bugs/exec-gives-up-and-sleeps-with-sigkill.cocci
bugs/exec-keeps-stop-count-of-killed-threads.cocci
bugs/exec-mmap-skips-core-waiters-test.cocci
bugs/exec-misses-signals-sent-during-de-thread.cocci
bugs/exec-releases-old-mm-after-switch.cocci
bugs/exec-reuses-mm-in-place-unlocked.cocci
bugs/exit-aio-not-run-by-last-user.cocci
bugs/exit-frees-mempolicy-before-last-allocation.cocci
bugs/exit-mm-checks-core-waiters-unlocked.cocci
bugs/exiters-decrement-core-waiters-under-read-lock.cocci
bugs/expand-stack-races-on-mm-counters.cocci
bugs/expand-stack-skips-recheck.cocci
bugs/failed-ldt-copy-frees-parents-ldt.cocci
bugs/fault-for-another-mm-behind-end-of-file.cocci
bugs/fault-ignores-truncate-generation.cocci
bugs/fault-uses-pte-read-before-lock.cocci
bugs/fault-without-page-table-lock.cocci
bugs/finish-switch-tests-death-after-unlock.cocci
bugs/flush-acks-before-invalidating.cocci
bugs/flush-rereads-live-cpu-mask.cocci
bugs/flush-skipped-when-caller-is-lazy.cocci
bugs/fork-child-rb-root-aliases-parent.cocci
bugs/fork-copies-pte-without-page-ref.cocci
bugs/fork-copies-ptes-without-source-ptl.cocci
bugs/fork-error-drops-ref-copied-by-memcpy.cocci
bugs/fork-error-leaks-mm-count.cocci
bugs/fork-leaves-child-off-mmlist.cocci
bugs/fork-links-child-vma-ahead-of-parent.cocci
bugs/fork-memcpy-mm-outside-mmap-sem.cocci
bugs/fork-skips-parent-flush.cocci
bugs/futex-unqueue-rereads-lock-pointer.cocci
bugs/get-mempolicy-reads-after-unlock.cocci
bugs/get-task-mm-on-borrowed-mm.cocci
bugs/get-task-mm-without-task-lock.cocci
bugs/group-stop-counts-a-thread-twice.cocci
bugs/handler-keeps-signal-from-others.cocci
bugs/gup-forced-write-retried-as-read.cocci
bugs/i-mmap-lock-and-ptl-inverted.cocci
bugs/ldt-flush-skips-lazy-cpus.cocci
bugs/ldt-size-published-before-pointer.cocci
bugs/leave-mm-keeps-page-directory-loaded.cocci
bugs/limit-charged-before-test-fails-innocent.cocci
bugs/mmap-sem-read-recursion-behind-writer.cocci
bugs/mmdrop-under-runqueue-lock.cocci
bugs/mmlist-empty-test-not-repeated.cocci
bugs/mmput-tests-then-decrements.cocci
bugs/mremap-moves-pte-behind-rmap-walk.cocci
bugs/munlock-loses-count-when-isolation-fails.cocci
bugs/new-anon-vma-linked-without-its-lock.cocci
bugs/oom-kill-marks-threads-it-does-not-kill.cocci
bugs/oom-kill-may-be-the-last-user.cocci
bugs/page-tables-freed-before-rmap-unlink.cocci
bugs/pte-alloc-skips-recheck.cocci
bugs/pte-page-published-before-zeroing-ordered.cocci
bugs/remote-access-forgets-mmput.cocci
bugs/remote-mm-user-ignores-coredump.cocci
bugs/rwsem-downgrade-undercounts-readers.cocci
bugs/rwsem-grants-out-of-order.cocci
bugs/rwsem-queues-without-recheck.cocci
bugs/rwsem-read-slowpath-lacks-acquire.cocci
bugs/rwsem-wake-count-truncated.cocci
bugs/rwsem-waker-touches-waiter-after-grant.cocci
bugs/rwsem-wakes-before-clearing-waiter.cocci
bugs/shared-writable-count-missed-on-fork.cocci
bugs/sigcont-leaves-stop-to-executing-group.cocci
bugs/signal-sender-uses-freed-sighand.cocci
bugs/signal-wake-skipped-for-running-target.cocci
bugs/sigprocmask-keeps-signal-from-others.cocci
bugs/sleeper-sets-state-after-test.cocci
bugs/split-vma-moves-bounds-without-i-mmap-lock.cocci
bugs/stop-revived-by-another-threads-signal.cocci
bugs/swapin-unlocks-page-before-rmap.cocci
bugs/swapoff-page-lock-against-mmap-sem.cocci
bugs/swapoff-pins-mm-with-zero-users.cocci
bugs/swapout-copies-page-before-flush.cocci
bugs/switch-mm-clears-old-bit-before-leaving.cocci
bugs/switch-mm-lacks-full-barrier.cocci
bugs/switch-mm-loads-pgd-before-mask-bit.cocci
bugs/thread-list-walk-from-dead-leader.cocci
bugs/tracee-leaves-stop-of-its-group.cocci
bugs/tracee-stops-last-and-parent-sleeps.cocci
bugs/truncate-generation-lacks-barriers.cocci
bugs/use-mm-without-task-lock.cocci
bugs/zap-frees-page-before-remote-flush.cocci
bugs/zap-threads-counts-leader-twice.cocci
bugs/zombie-visible-before-self-reap.cocci
""".split()

# The benchmark program.
BENCH = """
bench/bench.c
bench/emulated.c
bench/explored.c
bench/host.c
bench/memory.c
bench/pressure.c
bench/stats.c
""".split()

# Programs of the explorer that are also measured natively, and what repeats
# their main().
BENCH_PROGRAMS = """
tests/explore/programs/bounded_buffer.c
tests/explore/programs/counter.c
tests/explore/programs/sections.c
""".split()

BENCH_REPEAT = """
bench/repeat.c
""".split()

# One Criterion program each.  Its folder says what it may link: tests/locking
# sees locking/ only, tests/mm adds mm/, tests/stress has everything but main().
TESTS = """
tests/locking/test_atomic.c
tests/locking/test_bitops.c
tests/locking/test_completion.c
tests/locking/test_lockdep.c
tests/locking/test_rcu.c
tests/locking/test_report.c
tests/locking/test_rwlock.c
tests/locking/test_rwsem.c
tests/locking/test_seam_linux.c
tests/locking/test_semaphore.c
tests/locking/test_seqcount.c
tests/locking/test_spinlock.c
tests/locking/test_thread.c
tests/locking/test_time.c
tests/locking/test_wait_fifo.c
tests/locking/test_waitgraph.c
tests/mm/test_accounting.c
tests/mm/test_aio.c
tests/mm/test_aio_context.c
tests/mm/test_aio_ring.c
tests/mm/test_aio_setup.c
tests/mm/test_boot.c
tests/mm/test_carrier.c
tests/mm/test_copy_process.c
tests/mm/test_coredump.c
tests/mm/test_coredump_borrowed.c
tests/mm/test_coredump_file.c
tests/mm/test_coredump_progress.c
tests/mm/test_cpu.c
tests/mm/test_exec.c
tests/mm/test_exit.c
tests/mm/test_fault.c
tests/mm/test_fault_inject.c
tests/mm/test_filemap.c
tests/mm/test_files.c
tests/mm/test_filestore.c
tests/mm/test_fork_mm.c
tests/mm/test_freezer.c
tests/mm/test_fremap.c
tests/mm/test_futex.c
tests/mm/test_gup.c
tests/mm/test_kmalloc.c
tests/mm/test_ldt.c
tests/mm/test_lock_classes.c
tests/mm/test_memory.c
tests/mm/test_memory_swap.c
tests/mm/test_mempolicy.c
tests/mm/test_mincore.c
tests/mm/test_mlock.c
tests/mm/test_mmap.c
tests/mm/test_mmu.c
tests/mm/test_mmu_context.c
tests/mm/test_mmu_gather.c
tests/mm/test_mprotect.c
tests/mm/test_mremap.c
tests/mm/test_msync.c
tests/mm/test_munmap.c
tests/mm/test_oom_kill.c
tests/mm/test_page_alloc.c
tests/mm/test_pgtable.c
tests/mm/test_pid.c
tests/mm/test_prio_tree.c
tests/mm/test_proc_task_mmu.c
tests/mm/test_ptrace.c
tests/mm/test_rmap.c
tests/mm/test_rmap_unmap.c
tests/mm/test_sched.c
tests/mm/test_shmem.c
tests/mm/test_shmem_swap.c
tests/mm/test_signal.c
tests/mm/test_slab.c
tests/mm/test_swap.c
tests/mm/test_swap_state.c
tests/mm/test_swapfile.c
tests/mm/test_swapfile_unuse.c
tests/mm/test_sys.c
tests/mm/test_tlb.c
tests/mm/test_uaccess.c
tests/mm/test_validate.c
tests/mm/test_vma_merge.c
tests/mm/test_vmscan.c
tests/mm/test_wait.c
tests/mm/test_workqueue.c
tests/stress/test_balloon.c
tests/stress/test_daemon.c
tests/stress/test_idle_report.c
tests/stress/test_job_control.c
tests/stress/test_join.c
tests/stress/test_layout.c
tests/stress/test_options.c
tests/stress/test_oracle_refs.c
tests/stress/test_oracle_signals.c
tests/stress/test_oracle_waits.c
tests/stress/test_overlap.c
tests/stress/test_pace.c
tests/stress/test_progress.c
tests/stress/test_machinery.c
tests/stress/test_results.c
tests/stress/test_scenario_names.c
tests/stress/test_rng.c
tests/stress/test_tree_tools.c
tests/stress/test_tsan_report.c
tests/stress/test_wakers.c
tests/stress/test_watchdog.c
""".split()

# Linked into every test program of a folder.
TEST_SUPPORT = {
}

# Tests that also run under ThreadSanitizer, and with two-level page tables.
TSAN_TESTS = """
tests/locking/test_rwlock.c
tests/locking/test_seqcount.c
tests/locking/test_spinlock.c
tests/locking/test_thread.c
""".split()

I386_TESTS = """
tests/mm/test_pgtable.c
""".split()

# Documents whose commands and links ninja check tries.
DOCS = """
README.md
docs/adding.md
docs/bugs.md
docs/building.md
docs/defects.md
docs/detectors.md
docs/locking.md
docs/oracles.md
docs/protocol.md
docs/trying.md
results/README.md
bugs/README.md
explore/README.md
""".split()

# Planted bugs that tests/explore/test_bounded.c looks for.
EXPLORE_TEST_BUGS = '''
child-tid-wake-before-clear
coredump-fork-child-escapes-zap
exec-double-mmdrop-after-handover
exit-mm-checks-core-waiters-unlocked
rwsem-grants-out-of-order
'''.split()

# The explorer: stands in place of ThreadSanitizer's runtime.
EXPLORE = """
explore/atomics.c
explore/campaign.c
explore/classes.c
explore/coverage.c
explore/crash.c
explore/curve.c
explore/depend.c
explore/engine.c
explore/execution.c
explore/fiber.c
explore/finding.c
explore/heap.c
explore/heap_malloc.c
explore/host.c
explore/image.c
explore/interrupt.c
explore/main.c
explore/map.c
explore/minimise.c
explore/mm_c11.c
explore/mm_sc.c
explore/mm_tso.c
explore/object.c
explore/poison.c
explore/progress.c
explore/program.c
explore/prologue.c
explore/quiet.c
explore/race.c
explore/race_base.c
explore/race_overflow.c
explore/race_range.c
explore/race_report.c
explore/replay.c
explore/report.c
explore/report_diagram.c
explore/report_turns.c
explore/sched.c
explore/sched_dfs.c
explore/sched_dpor.c
explore/sched_pct.c
explore/sched_pos.c
explore/sched_random.c
explore/sched_replay.c
explore/sched_rff.c
explore/schedule.c
explore/seam.c
explore/settings.c
explore/stuck.c
explore/symbol.c
explore/sync.c
explore/sync_cond.c
explore/sync_futex.c
explore/sync_key.c
explore/sync_misc.c
explore/sync_mutex.c
explore/sync_rcu.c
explore/sync_rwlock.c
explore/sync_sem.c
explore/sync_thread.c
explore/sync_time.c
explore/thread.c
explore/trace.c
explore/tsan_access.c
explore/tsan_atomic.c
explore/tsan_locks.c
explore/unmodelled.c
explore/verdict.c
explore/workers.c
explore/world.c
""".split()

# Programs its tests explore, each with a main() of its own.
EXPLORE_PROGRAMS = """
tests/explore/programs/account.c
tests/explore/programs/bounded_buffer.c
tests/explore/programs/calls.c
tests/explore/programs/counter.c
tests/explore/programs/crowd.c
tests/explore/programs/deadlock.c
tests/explore/programs/errno.c
tests/explore/programs/large.c
tests/explore/programs/last_user.c
tests/explore/programs/lost_wakeup.c
tests/explore/programs/memory.c
tests/explore/programs/mixed.c
tests/explore/programs/outside.c
tests/explore/programs/peterson.c
tests/explore/programs/pool.c
tests/explore/programs/publish.c
tests/explore/programs/race.c
tests/explore/programs/ranges.c
tests/explore/programs/rcu.c
tests/explore/programs/reorder.c
tests/explore/programs/rwlock_race.c
tests/explore/programs/sections.c
tests/explore/programs/spin.c
""".split()

# The same, linked with locking/ without its validator: small enough to be
# explored to completion.
EXPLORE_LOCKS = """
tests/explore/programs/locks.c
""".split()

# Criterion programs linked with the explorer, and what all of them link.
EXPLORE_TESTS = """
tests/explore/test_bounded.c
tests/explore/test_bounded_all.c
tests/explore/test_campaigns.c
tests/explore/test_engine.c
tests/explore/test_litmus.c
tests/explore/test_programs.c
tests/explore/test_prologue.c
""".split()

# Criterion programs that run mmtorture itself.
PROGRAM_TESTS = """
tests/stress/test_campaign.c
tests/stress/test_interleavings.c
""".split()

EXPLORE_SUPPORT = """
tests/explore/litmus.c
""".split()

# mmtorture bugs, try, selfcheck and report.
CORPUS_SCRIPTS = """
scripts/corpus/__main__.py
scripts/corpus/attack.py
scripts/corpus/building.py
scripts/corpus/chart.py
scripts/corpus/child.py
scripts/corpus/cmd_bugs.py
scripts/corpus/cmd_report.py
scripts/corpus/cmd_selfcheck.py
scripts/corpus/cmd_try.py
scripts/corpus/compare.py
scripts/corpus/history.py
scripts/corpus/interleaving.py
scripts/corpus/options.py
scripts/corpus/page.py
scripts/corpus/patches.py
scripts/corpus/plan.py
scripts/corpus/report.html.j2
scripts/corpus/report_attacks.py
scripts/corpus/report_curve.py
scripts/corpus/report_find.py
scripts/corpus/report_run.py
scripts/corpus/results.py
scripts/corpus/show.py
scripts/corpus/summary.py
scripts/corpus/terminal.py
scripts/corpus/tree.py
scripts/corpus/try_build.py
scripts/corpus/try_plan.py
scripts/corpus/valgrind.py
""".split()

# Python tests of those, and of scripts/mutants.py.
CORPUS_TESTS = """
tests/corpus/test_campaign.py
tests/corpus/test_ends.py
tests/corpus/test_history.py
tests/corpus/test_mutants.py
tests/corpus/test_patches.py
tests/corpus/test_report.py
tests/corpus/test_verdict.py
""".split()

# Planted bugs that ninja check attacks, one an area, by the runtime in which
# they must be found.
SAMPLE_BUGS = {
    'explore': """
        completion-fast-path-skips-lock
        core-done-wakes-only-one-waiter
        cpumask-trim-races-with-use-mm
        exec-double-mmdrop-after-handover
        fork-skips-parent-flush
        get-task-mm-without-task-lock
        rwsem-wakes-before-clearing-waiter
        switch-mm-lacks-full-barrier
    """.split(),
    'native': """
        cow-reuse-decided-without-page-lock
        expand-stack-skips-recheck
        fault-without-page-table-lock
        i-mmap-lock-and-ptl-inverted
    """.split(),
}
