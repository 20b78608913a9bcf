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

#endif /* MM_SWAPFILE_ONOFF_H */
