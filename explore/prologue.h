/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The prologue: what an execution does before the program calls
 * explore_ready().  It is the same in each execution, because threads take
 * turns in a fixed way and the scheduler is not asked.  So it is done once;
 * then the state of program and explorer is kept, and later executions resume
 * there.
 *
 * Executions that are traced or replayed begin at the beginning all the same,
 * and their decisions are those of the others: a repetition compares both.
 */
#ifndef EXPLORE_PROLOGUE_H
#define EXPLORE_PROLOGUE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * prologue_begin() - an execution is about to begin at the beginning
 *
 * Threads take turns until explore_ready(); eng.sched decides from there.
 *
 * Context: host, where eng.from_ready is set; prologue_resume() was called.
 */
void prologue_begin(void);

/**
 * prologue_end() - the execution is over, whether it was ready or not
 *
 * Context: host, where eng.from_ready is set.
 */
void prologue_end(void);

/**
 * prologue_resume() - restore the state at the end of the prologue
 *
 * Context: host, where eng.from_ready is set, instead of all else that begins
 *          an execution.
 * Return: false when there is none, and nothing was done.
 */
bool prologue_resume(void);

/**
 * prologue_forget() - the next execution begins at the beginning
 *
 * Context: host; also before another program, or in a child process.
 */
void prologue_forget(void);

/**
 * prologue_keep() - remember [@at, +@size), which prologue_resume() restores
 * @at: any address of the explorer's own, or of a thread
 * @size: in bytes; 0 for nothing
 *
 * Where there is no room the prologue is done in each execution.
 *
 * Context: the functions of other modules that are called *_keep().
 */
void prologue_keep(void *at, size_t size);

#endif
