/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much is left: a set of the happens-before classes seen, and how many
 * were seen once.  By Good and Turing's estimate the share of executions
 * whose class was seen once is the probability that the next one is new.
 */
#ifndef EXPLORE_CLASSES_H
#define EXPLORE_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct classes {
	uint64_t distinct;
	uint64_t once;
	bool full; /* no longer counting new ones */
};

extern struct classes classes;

/**
 * classes_begin() - forget all
 * @workers: how many processes will count, at least 1
 *
 * Return: 0, or -errno.
 */
int classes_begin(unsigned int workers);

/** classes_use() - this process is worker @i and counts for itself. */
void classes_use(unsigned int i);

/** classes_merge() - add up what all workers saw up to execution @last. */
void classes_merge(uint64_t last);

/** classes_add() - execution @n, from 1, was of class @hash. */
void classes_add(uint64_t hash, uint64_t n);

/**
 * classes_firsts() - the execution that was first of each class
 * @nr: gets how many
 *
 * Context: host; after classes_merge().
 * Return: their numbers in no order, to be freed; NULL: no memory.
 */
uint64_t *classes_firsts(size_t *nr);

#endif
