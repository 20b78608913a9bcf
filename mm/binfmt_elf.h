/* SPDX-License-Identifier: GPL-2.0-or-later */
/* binfmt_elf.h - load a program, write a core file */
#ifndef MM_BINFMT_ELF_H
#define MM_BINFMT_ELF_H

#include "mm/coredump.h"
#include "mm/exec.h"

/**
 * load_elf_binary() - install a program in the new address space
 * @bprm: prepared
 *
 * Context: no lock; sleeps.
 * Return: 0, or -errno; bprm->mm tells whether the old mm is still there.
 */
int load_elf_binary(struct linux_binprm *bprm);

/**
 * elf_core_dump() - write current->mm and its threads as an ELF core file
 * @signr: signal that caused it
 * @sink: where to; not closed
 * @limit: most bytes, RLIM_INFINITY for no limit
 *
 * Notes: NT_PRSTATUS of every thread of the mm, the dumper first,
 * NT_PRPSINFO, NT_AUXV.  One PT_LOAD per VMA; files, devices and private
 * memory never written have no contents.  Pages that cannot be had are zeros.
 *
 * Context: the dumper, all other users of the mm parked (DUMP-6); takes
 *          R(mmap_sem) and R(tasklist_lock), one after the other; sleeps.
 * Return: whether the file is complete.
 */
bool elf_core_dump(int signr, struct core_sink *sink, rlim_t limit);

#endif /* MM_BINFMT_ELF_H */
