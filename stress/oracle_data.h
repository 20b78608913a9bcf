/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data oracle.  A thread writes only its own word (its slot) of each
 * private page, and so knows what must be there: the last value it wrote, or
 * what was there when the page was mapped.  A fork child knows it too: its
 * record is a copy.  Values name writer, write and page:
 *
 *	serial of the writer (24) | generation (20) | hash of the page (20)
 *
 * Words of others are checked for two things: they belong to the page they
 * are found in, and in a child of fork, where the others do not exist, they
 * never change.
 *
 * Pages of shared files hold counters that only grow; what is read lies
 * between the increments made before and those begun by now.
 */
#ifndef STRESS_ORACLE_DATA_H
#define STRESS_ORACLE_DATA_H

#include "stress/user.h"

/**
 * data_write() - write a fresh value into the own word of a page
 * @u: caller
 * @page: address of a private page
 * @expect: what is known about the word; updated
 *
 * Context: user program.
 */
void data_write(struct stress_user *u, uaddr_t page, uint64_t *expect);

/**
 * data_check() - read the own word of a page
 * @u: caller
 * @page: address of a private page
 * @expect: what is known about the word
 * @initial: value if @expect is 0
 *
 * Context: user program.
 */
void data_check(struct stress_user *u, uaddr_t page, uint64_t expect,
		uint64_t initial);

/**
 * data_check_foreign() - read the word of another thread of the process
 * @u: caller
 * @page: address of a private anonymous page
 * @slot: the other's slot
 *
 * Context: user program.
 * Return: the value, 0 if it could not be read.
 */
uint64_t data_check_foreign(struct stress_user *u, uaddr_t page,
			    unsigned int slot);

/**
 * data_check_pattern() - read a word of a file page that nobody writes
 * @u: caller
 * @page: address
 * @ino: the file
 * @index: page of the file
 *
 * Context: user program.
 */
void data_check_pattern(struct stress_user *u, uaddr_t page,
			unsigned long ino, pgoff_t index);

/**
 * data_count_shared() - increment the counter of a shared file's page
 * @u: caller
 * @page: address
 * @file: index in world.shared
 * @index: page of the file
 *
 * Context: user program.
 */
void data_count_shared(struct stress_user *u, uaddr_t page, unsigned int file,
		       pgoff_t index);

/**
 * data_check_shared() - read the counter of a shared file's page
 * @u: caller
 * @page: address
 * @file: index in world.shared
 * @index: page of the file
 *
 * Context: user program.
 */
void data_check_shared(struct stress_user *u, uaddr_t page, unsigned int file,
		       pgoff_t index);

/**
 * data_count_anon() - increment a word of shared anonymous memory
 * @u: caller
 * @page: address
 * @seen: greatest value seen; updated
 *
 * Context: user program.
 */
void data_count_anon(struct stress_user *u, uaddr_t page, uint64_t *seen);

/**
 * data_watch_orphans() - in a fork child: words of absent threads stay
 * @u: caller, the only thread of its process
 * @between: called between the two readings
 *
 * Context: user program.
 */
void data_watch_orphans(struct stress_user *u,
			void (*between)(struct stress_user *u));

#endif
