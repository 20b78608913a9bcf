/* SPDX-License-Identifier: GPL-2.0-or-later */
/* swapfile_onoff.h - adding and removing swap devices; by swapfile.h */
#ifndef MM_SWAPFILE_ONOFF_H
#define MM_SWAPFILE_ONOFF_H

/**
 * sys_swapon_file() - add a device that lives in a file of the host
 * @path: file, created and extended as needed; NULL: memory
 * @pages: size in pages, slot 0 (the header) included
 * @prio: higher is used first
 *
 * Context: may sleep.
 * Return: its type, or -EPERM (no slot left), -EINVAL, -ENOMEM, or what the
 *	host says of @path.
 */
int sys_swapon_file(const char *path, unsigned long pages, int prio);

/** sys_swapon() - as sys_swapon_file(), in memory. */
int sys_swapon(unsigned long pages, int prio);

/**
 * sys_swapoff() - bring everything back to memory and remove a device
 * @type: what sys_swapon() returned
 *
 * Others go on swapping, forking and dying meanwhile (SWOFF-1).
 *
 * Context: no spinlock, no mmap_sem, no page lock; sleeps, may run the last
 *	mmput() of others.
 * Return: 0; or -EINVAL: not in use, or going already; -ENOMEM, -EINTR: it
 *	is in use as before, with less on it.
 */
int sys_swapoff(int type);

#endif /* MM_SWAPFILE_ONOFF_H */
