/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts of the emulated CPU, on or off for the calling thread.  The
 * scheduler's hooks do it; without hooks only the state is kept.
 */
#ifndef LOCKING_IRQFLAGS_H
#define LOCKING_IRQFLAGS_H

#include "locking/thread.h"

static inline bool irqs_disabled(void)
{
	return lthread_self()->irqs_off;
}

/**
 * local_irq_disable() - let no interrupt in on the current CPU
 *
 * Does not nest: one local_irq_enable() undoes any number of calls.
 *
 * Context: holds an emulated CPU, if there are any.
 */
void local_irq_disable(void);

/** local_irq_enable() - let interrupts in again.  Context: as above. */
void local_irq_enable(void);

/**
 * irq_save() - local_irq_disable(), remembering the state
 *
 * Context: as local_irq_disable().
 * Return: state for irq_restore().
 */
unsigned long irq_save(void);

/**
 * irq_restore() - return to a remembered state
 * @flags: what irq_save() returned
 *
 * Context: as local_irq_disable().
 */
void irq_restore(unsigned long flags);

#define local_irq_save(flags) ((void)((flags) = irq_save()))
#define local_irq_restore(flags) irq_restore(flags)

#endif
