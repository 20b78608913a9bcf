// SPDX-License-Identifier: GPL-2.0-or-later
/* direct_io.c - pin, move, mark dirty, unpin */
#include "mm/direct_io.h"

#include <errno.h>

#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/gup.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "mm/sched.h"

/* The device of IOCB @data: page by page between file and pinned frames. */
static void move_data(void *data)
{
	struct kiocb *iocb = data;
	ssize_t n = 0;

	while (iocb->ki_done < iocb->ki_nbytes) {
		uaddr_t addr = iocb->ki_buf + iocb->ki_done;
		size_t off = addr & ~PAGE_MASK;
		size_t part = min(PAGE_SIZE - off,
				  iocb->ki_nbytes - iocb->ki_done);
		struct page *page = iocb->ki_pages[(addr - (iocb->ki_buf &
						    PAGE_MASK)) >> PAGE_SHIFT];
		char *frame = (char *)page_address(page) + off;
		loff_t pos = iocb->ki_pos + (loff_t)iocb->ki_done;

		if (!iocb->ki_to_user) {
			n = file_write(iocb->ki_filp, pos, frame, part);
		} else {
			n = file_read(iocb->ki_filp, pos, frame, part);
			if (n > 0)
				set_page_dirty_lock(page);
		}
		if (n <= 0)
			break;
		iocb->ki_done += (size_t)n;
	}
	atomic_long_inc(&aio_stats.direct_moved);
	dio_unpin(iocb);
	aio_complete(iocb, iocb->ki_done ? (long)iocb->ki_done : n);
}

int dio_pin(struct kiocb *iocb)
{
	struct mm_struct *mm = current->mm;
	uaddr_t first = iocb->ki_buf & PAGE_MASK;
	uaddr_t end = PAGE_ALIGN(iocb->ki_buf + iocb->ki_nbytes);
	int nr = (int)((end - first) >> PAGE_SHIFT), got;

	if (nr > DIO_MAX_PAGES)
		return -EINVAL;
	down_read(&mm->mmap_sem);
	got = get_user_pages(mm, first, nr, iocb->ki_to_user ? GUP_WRITE : 0,
			     iocb->ki_pages);
	up_read(&mm->mmap_sem);
	iocb->ki_nr_pages = max(0, got);
	if (got == nr)
		return 0;
	dio_unpin(iocb);
	return got < 0 ? got : -EFAULT;
}

void dio_unpin(struct kiocb *iocb)
{
	for (int i = 0; i < iocb->ki_nr_pages; i++)
		put_page(iocb->ki_pages[i]);
	iocb->ki_nr_pages = 0;
}

ssize_t dio_submit(struct kiocb *iocb)
{
	init_work(&iocb->ki_work, move_data, iocb);
	dio_queue_work(&iocb->ki_work);
	return -EIOCBQUEUED;
}
