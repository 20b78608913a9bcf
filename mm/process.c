// SPDX-License-Identifier: GPL-2.0-or-later
/* process.c - registers, TLS, I/O bitmap and host thread of a task */
#include "mm/process.h"

#include <errno.h>
#include <linux/sched.h>
#include <string.h>

#include "mm/carrier.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "mm/uaccess.h"

/* A TLS descriptor as clone() finds it in user memory. */
struct tls_desc {
	uint32_t entry; /* below TLS_ENTRIES */
	uint32_t limit;
	uint64_t base;
};

static int set_tls(struct task_struct *p, uaddr_t addr)
{
	struct tls_desc desc;

	if (copy_from_user(&desc, addr, sizeof(desc)))
		return -EFAULT;
	if (desc.entry >= TLS_ENTRIES)
		return -EINVAL;
	p->tls_array[desc.entry] = desc.base;
	return 0;
}

int copy_thread(const struct kernel_clone_args *args, struct task_struct *p)
{
	int err = -ENOMEM;

	p->entry = args->entry;
	p->entry_arg = args->arg;
	p->user_sp = args->stack ? args->stack : current->user_sp;
	p->program = args->program;
	memcpy(p->tls_array, current->tls_array, sizeof(p->tls_array));
	if (current->io_bitmap) {
		p->io_bitmap = kmalloc(IO_BITMAP_BYTES, GFP_KERNEL);
		if (!p->io_bitmap)
			return -ENOMEM;
		memcpy(p->io_bitmap, current->io_bitmap, IO_BITMAP_BYTES);
	}
	if (args->flags & CLONE_SETTLS) {
		err = set_tls(p, args->tls);
		if (err)
			goto out_free_bitmap;
	}
	p->carrier = carrier_reserve();
	err = -EAGAIN;
	if (!p->carrier)
		goto out_free_bitmap;
	return 0;

out_free_bitmap:
	kfree(p->io_bitmap);
	p->io_bitmap = NULL;
	return err;
}

void unwind_thread(struct task_struct *p)
{
	carrier_release(p->carrier);
	p->carrier = NULL;
	kfree(p->io_bitmap); /* DEF-8: also when publication fails */
	p->io_bitmap = NULL;
}

void exit_thread(void)
{
	kfree(current->io_bitmap);
	current->io_bitmap = NULL;
}

void flush_thread(void)
{
	memset(current->tls_array, 0, sizeof(current->tls_array));
	exit_thread();
}

/* A port is allowed by a 0 bit. */
long sys_ioperm(unsigned long from, unsigned long num, bool turn_on)
{
	unsigned long *bitmap = current->io_bitmap;

	if (!num || num > IO_BITMAP_PORTS || from > IO_BITMAP_PORTS - num)
		return -EINVAL;
	if (!bitmap) {
		bitmap = kmalloc(IO_BITMAP_BYTES, GFP_KERNEL);
		if (!bitmap)
			return -ENOMEM;
		memset(bitmap, 0xff, IO_BITMAP_BYTES);
		current->io_bitmap = bitmap;
	}
	for (unsigned int port = (unsigned int)from; port < from + num;
	     port++) {
		if (turn_on)
			__clear_bit(port, bitmap);
		else
			__set_bit(port, bitmap);
	}
	return 0;
}
