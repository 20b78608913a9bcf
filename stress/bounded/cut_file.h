/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of which all but the first page is cut off while programs have it
 * mapped: what the bounded scenarios of truncation share.
 */
#ifndef STRESS_BOUNDED_CUT_FILE_H
#define STRESS_BOUNDED_CUT_FILE_H

#include <sys/mman.h>

#include "stress/bounded/bounded.h"

#define CUT_FILE_AT 0x20000000UL /* where it is mapped */
#define CUT_FILE_PAGE(n) (CUT_FILE_AT + (n)*PAGE_SIZE)
#define CUT_FILE_MOVED 0x30000000UL /* where to move a mapping */
#define PROT_RW (PROT_READ | PROT_WRITE)

extern struct file *cut_file; /* constant while programs run */

/* ---- of init ---------------------------------------------------------------- */

/**
 * cut_file_open() - make the file
 * @pages: its length
 *
 * Context: init, before programs are started.
 */
void cut_file_open(unsigned int pages);

/** cut_file_cut() - cut all but the first page off.  Context: init. */
void cut_file_cut(void);

/**
 * cut_file_close() - wait for the children and close the file
 *
 * A file that somebody still refers to is a finding (REF-10).
 *
 * Context: init.
 */
void cut_file_close(void);

/**
 * cut_file_under() - a whole scenario: open, start, cut when mapped, close
 * @fn: program that calls cut_file_mapped()
 * @pages: length of the file
 *
 * Context: init.
 */
#define cut_file_under(fn, pages) cut_file_under_as(#fn, fn, pages)
void cut_file_under_as(const char *name, bounded_fn_t fn, unsigned int pages);

/** cut_file_wait_mapped() - until cut_file_mapped().  Context: init. */
void cut_file_wait_mapped(void);

/* ---- of programs ------------------------------------------------------------ */

/**
 * cut_file_map() - map all of it at CUT_FILE_AT
 * @prot: PROT_*
 * @flags: MAP_SHARED or MAP_PRIVATE
 *
 * Context: program.
 */
void cut_file_map(unsigned long prot, unsigned long flags);

/** cut_file_map_any() - map it shared or private, to be written. */
void cut_file_map_any(void);

/** cut_file_mapped() - let init go on.  Context: program. */
void cut_file_mapped(void);

/** cut_file_touch() - a load from @addr or a store, which may be refused. */
void cut_file_touch(uaddr_t addr);

/** cut_file_wait() - until it has been cut.  Context: program. */
void cut_file_wait(void);

/**
 * cut_file_expect() - truncate() is over, so a page cannot be had (FLT-30)
 * @addr: address in a mapping, behind what is the end of the file now
 *
 * Context: program, after cut_file_wait().
 */
void cut_file_expect(uaddr_t addr);

/** cut_file_wait_expect() - cut_file_wait(), then cut_file_expect(@addr). */
void cut_file_wait_expect(uaddr_t addr);

#endif
