// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * futex.c - sleeping on user words
 *
 *	waiter					waker
 *	R(mmap_sem): key			store to the word
 *	queue on the key's bucket		R(mmap_sem): key
 *	read the word: as expected?		bucket lock: find, dequeue
 *	state, still queued? schedule()		q->bucket = NULL, wake
 *
 * The waiter queues before it reads, so a waker that stores after the read
 * finds it.  q lives on the waiter's stack: clearing q->bucket (release;
 * the waiter acquires) is the waker's last access to it.
 *
 * A word of private memory is named by (mm, address) and pins mm_count while
 * queued (PROC-9), one of shared memory by (inode, offset) and pins the inode.
 */
#include <errno.h>

#include "mm/file.h"
#include "mm/files.h"
#include "mm/fork_mm.h"
#include "mm/futex.h"
#include "mm/gup.h"
#include "mm/lock_classes.h"
#include "mm/page.h"
#include "mm/signal.h"
#include "mm/slab.h"
#include "mm/uaccess.h"
#include "mm/vma.h"
#include "mm/wait.h"

#define FUTEX_BUCKETS 256

struct futex_bucket {
	spinlock_t lock;
	struct cds_list_head queue; /* under lock: futex_q.node */
} __attribute__((aligned(64)));

struct futex_q {
	struct cds_list_head node; /* under bucket->lock */
	struct futex_bucket *bucket; /* (a) NULL: woken; changes under lock */
	struct futex_key key; /* under bucket->lock while queued */
	struct task_struct *task; /* (c) NULL: a futex file */
	uint32_t expected; /* (c) */
	bool moved; /* under bucket->lock */
	int woken; /* (a) futex file; set under bucket->lock, for good */
	struct wait_queue_head waiters; /* futex file: who polls it */
};

struct futex_stats futex_stats;

static struct futex_bucket buckets[FUTEX_BUCKETS];

static struct inode *futexfs_inode;

struct inode *futex_inode(void)
{
	return futexfs_inode;
}

int futex_init(void)
{
	futexfs_inode = inode_create("futex", 0, NULL);
	if (!futexfs_inode)
		return -ENOMEM;
	futex_stats = (struct futex_stats){ 0 };
	for (int i = 0; i < FUTEX_BUCKETS; i++) {
		spin_lock_init(&buckets[i].lock, &futex_bucket_class);
		CDS_INIT_LIST_HEAD(&buckets[i].queue);
	}
	return 0;
}

void futex_exit(void)
{
	for (int i = 0; i < FUTEX_BUCKETS; i++) {
		if (!cds_list_empty(&buckets[i].queue))
			report_finding(FINDING_LEAK,
				       "futex bucket %d has waiters", i);
		spin_lock_destroy(&buckets[i].lock);
	}
	iput(futexfs_inode);
	futexfs_inode = NULL;
}

/* ---- keys ----------------------------------------------------------------- */

static bool same_key(const struct futex_key *a, const struct futex_key *b)
{
	return a->mm == b->mm && a->inode == b->inode &&
	       a->offset == b->offset;
}

static struct futex_bucket *bucket_of(const struct futex_key *key)
{
	uint64_t h = key->offset ^ (uintptr_t)key->mm ^ (uintptr_t)key->inode;

	h *= 0x9e3779b97f4a7c15ULL;
	return &buckets[h >> 32 & (FUTEX_BUCKETS - 1)];
}

/* A nonlinear mapping does not tell the offset: ask the page itself. */
static int nonlinear_offset(struct mm_struct *mm, uaddr_t uaddr,
			    pgoff_t *pgoff)
	__must_hold_shared(&mm->mmap_sem)
{
	struct page *page;
	int ret = get_user_pages(mm, uaddr, 1, 0, &page);

	if (ret <= 0)
		return ret ? ret : -EFAULT;
	*pgoff = READ_ONCE(page->index);
	put_page(page);
	return 0;
}

/* What the word at @uaddr of current is called; takes no reference. */
static int get_futex_key(struct mm_struct *mm, uaddr_t uaddr,
			 struct futex_key *key)
	__must_hold_shared(&mm->mmap_sem)
{
	struct vm_area_struct *vma;
	pgoff_t pgoff;
	int err = 0;

	if (uaddr % sizeof(uint32_t))
		return -EINVAL;
	vma = find_extend_vma(mm, uaddr);
	if (!vma || !(vma->vm_flags & VM_READ) || (vma->vm_flags & VM_IO))
		return -EFAULT;
	if (!(vma->vm_flags & VM_MAYSHARE)) {
		*key = (struct futex_key){ .mm = mm, .offset = uaddr };
		return 0;
	}
	pgoff = vma_pgoff_of(vma, uaddr);
	if (vma->vm_flags & VM_NONLINEAR)
		err = nonlinear_offset(mm, uaddr, &pgoff);
	*key = (struct futex_key){
		.inode = vma->vm_file->f_inode,
		.offset = (uint64_t)pgoff << PAGE_SHIFT | (uaddr & ~PAGE_MASK),
	};
	return err;
}

static void get_key_refs(const struct futex_key *key)
{
	if (key->mm)
		mmgrab(key->mm);
	else
		iget(key->inode);
}

static void drop_key_refs(const struct futex_key *key)
{
	if (key->mm)
		mmdrop(key->mm);
	else
		iput(key->inode);
}

/* ---- waking --------------------------------------------------------------- */

/* It stays queued, so that its key is known, until it is closed. */
static void wake_futex_file(struct futex_q *q)
{
	WRITE_ONCE(q->woken, 1);
	wake_up_all(&q->waiters);
}

static void wake_futex(struct futex_bucket *hb, struct futex_q *q)
	__must_hold(&hb->lock)
{
	struct task_struct *task = q->task;

	lockdep_assert_held(&hb->lock);
	if (!task) {
		wake_futex_file(q);
		return;
	}
	get_task_struct(task);
	cds_list_del(&q->node);
	/* From here on *q may be gone: unqueue_me() takes no lock then. */
	smp_store_release(&q->bucket, NULL);
	wake_up_state(task, TASK_INTERRUPTIBLE);
	put_task_struct(task);
}

/* Wake up to @nr waiters of @key.  Return: how many. */
static int wake_bucket(struct futex_bucket *hb, const struct futex_key *key,
		       int nr)
	__must_hold(&hb->lock)
{
	struct futex_q *q, *next;
	int woken = 0;

	cds_list_for_each_entry_safe(q, next, &hb->queue, node) {
		if (woken >= nr)
			break;
		if (q->woken || !same_key(&q->key, key))
			continue;
		wake_futex(hb, q);
		woken++;
	}
	return woken;
}

int futex_wake(uaddr_t uaddr, int nr_wake)
{
	struct mm_struct *mm = current->mm;
	struct futex_bucket *hb;
	struct futex_key key;
	int ret;

	down_read(&mm->mmap_sem);
	ret = get_futex_key(mm, uaddr, &key);
	if (!ret) {
		hb = bucket_of(&key);
		spin_lock(&hb->lock);
		ret = wake_bucket(hb, &key, nr_wake);
		spin_unlock(&hb->lock);
	}
	up_read(&mm->mmap_sem);
	return ret;
}

int for_each_futex_waiter(void (*fn)(const struct futex_waiter *waiter,
				     void *arg), void *arg)
{
	struct futex_q *q;
	int locked = 0;

	for (int i = 0; i < FUTEX_BUCKETS; i++) {
		if (!spin_trylock(&buckets[i].lock)) {
			locked++;
			continue;
		}
		cds_list_for_each_entry(q, &buckets[i].queue, node)
			fn(&(struct futex_waiter){ &q->key, q->task, q,
						   q->expected, q->moved },
			   arg);
		spin_unlock(&buckets[i].lock);
	}
	return locked;
}

/* ---- waiting -------------------------------------------------------------- */

static void queue_me(struct futex_q *q)
{
	struct futex_bucket *hb = bucket_of(&q->key);

	get_key_refs(&q->key);
	spin_lock(&hb->lock);
	WRITE_ONCE(q->bucket, hb);
	cds_list_add_tail(&q->node, &hb->queue);
	spin_unlock(&hb->lock);
}

/*
 * Leave the queue.  Between the look at q->bucket and the lock a waker may
 * have dequeued us, or a requeue have moved us: look again under the lock.
 *
 * Return: false if somebody has woken us.
 */
static bool unqueue_me(struct futex_q *q)
{
	struct futex_bucket *hb;
	bool queued = false;

	/* Pairs with the release in wake_futex(). */
	while (!queued && (hb = smp_load_acquire(&q->bucket))) {
		spin_lock(&hb->lock);
		queued = READ_ONCE(q->bucket) == hb;
		if (queued) {
			cds_list_del(&q->node);
			WRITE_ONCE(q->bucket, NULL);
		}
		spin_unlock(&hb->lock);
	}
	drop_key_refs(&q->key);
	return queued;
}

static void sleep_until_woken(struct futex_q *q)
{
	if (smp_load_acquire(&q->bucket))
		schedule_on(LWAIT_IDLE, q);
	__set_current_state(TASK_RUNNING);
}

/*
 * One attempt.  Return: -ERESTART to try again, because the word had to be
 * faulted in, which cannot be done under mmap_sem (FLT-9).
 */
static int try_futex_wait(uaddr_t uaddr, uint32_t val)
{
	struct mm_struct *mm = current->mm;
	struct futex_q q = { .task = current, .expected = val };
	uint32_t now;
	int err;

	down_read(&mm->mmap_sem);
	err = get_futex_key(mm, uaddr, &q.key);
	if (err) {
		up_read(&mm->mmap_sem);
		return err;
	}
	queue_me(&q);
	err = get_user32_inatomic(&now, uaddr);
	if (err || now != val) {
		up_read(&mm->mmap_sem);
		if (!unqueue_me(&q))
			return 0;
		if (!err)
			return -EWOULDBLOCK;
		return get_user32(&now, uaddr) ? -EFAULT : -ERESTART;
	}
	set_current_state(TASK_INTERRUPTIBLE);
	up_read(&mm->mmap_sem);
	sleep_until_woken(&q);
	return unqueue_me(&q) ? -EINTR : 0;
}

static int futex_wait(uaddr_t uaddr, uint32_t val)
{
	int ret;

	do {
		ret = try_futex_wait(uaddr, val);
	} while (ret == -ERESTART);
	return ret;
}

/* ---- futex files ---------------------------------------------------------- */

/* The last one to close it: the process may be gone, its mm an empty shell. */
static void note_close(const struct futex_q *q)
{
	const struct mm_struct *mm = q->key.mm;

	if (!mm || atomic_read(&mm->mm_users))
		return;
	atomic_long_inc(&futex_stats.fds_outlived);
	if (atomic_read(&mm->mm_count) == 1)
		atomic_long_inc(&futex_stats.fds_last_count);
}

static void futex_close(struct inode *inode, struct file *file)
{
	struct futex_q *q = file->private_data;

	(void)inode;
	note_close(q);
	unqueue_me(q);
	spin_lock_destroy(&q->waiters.lock);
	kfree(q);
}

static const struct file_operations futex_fops = {
	.name = "futex", .release = futex_close,
};

static struct futex_q *new_file_q(uaddr_t uaddr)
{
	struct mm_struct *mm = current->mm;
	struct futex_q *q = kzalloc(sizeof(*q), GFP_KERNEL);
	int err;

	if (!q)
		return ERR_PTR(-ENOMEM);
	init_waitqueue_head(&q->waiters);
	down_read(&mm->mmap_sem);
	err = get_futex_key(mm, uaddr, &q->key);
	if (!err)
		queue_me(q);
	up_read(&mm->mmap_sem);
	if (!err)
		return q;
	spin_lock_destroy(&q->waiters.lock);
	kfree(q);
	return ERR_PTR(err);
}

static int futex_fd(uaddr_t uaddr)
{
	struct file *file = file_open(futexfs_inode, FILE_READ);
	struct futex_q *q;
	int fd;

	if (IS_ERR(file))
		return (int)PTR_ERR(file);
	q = new_file_q(uaddr);
	if (IS_ERR(q)) {
		fput(file);
		return (int)PTR_ERR(q);
	}
	file->private_data = q;
	file->f_op = &futex_fops;
	fd = fd_install(file);
	if (fd < 0)
		fput(file);
	else
		atomic_long_inc(&futex_stats.fds);
	return fd;
}

static int poll_file(struct file *file, bool wait)
{
	struct futex_q *q = file->private_data;

	if (file->f_op != &futex_fops)
		return -EINVAL;
	if (!wait)
		return READ_ONCE(q->woken);
	return wait_event_interruptible(&q->waiters, READ_ONCE(q->woken)) ?: 1;
}

int futex_poll(int fd, bool wait)
{
	struct file *file = fget(fd);
	int ret;

	if (!file)
		return -EBADF;
	ret = poll_file(file, wait);
	fput(file);
	return ret;
}

/* ---- moving waiters ------------------------------------------------------- */

static void lock_two(struct futex_bucket *a, struct futex_bucket *b)
	__acquires(&a->lock, &b->lock) __no_lock_analysis
{
	struct futex_bucket *low = min(a, b), *high = max(a, b);

	spin_lock(&low->lock);
	if (low != high)
		spin_lock_nested(&high->lock, 1);
}

static void unlock_two(struct futex_bucket *a, struct futex_bucket *b)
	__releases(&a->lock, &b->lock) __no_lock_analysis
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);
}

/* Move up to @nr waiters from @from to @to.  Return: how many. */
static int move_waiters(struct futex_bucket *hb1, struct futex_key *from,
			struct futex_bucket *hb2, struct futex_key *to, int nr)
	__must_hold(&hb1->lock) __must_hold(&hb2->lock)
{
	struct futex_q *q, *next;
	int moved = 0;

	cds_list_for_each_entry_safe(q, next, &hb1->queue, node) {
		if (moved >= nr)
			break;
		if (q->woken || !same_key(&q->key, from))
			continue;
		get_key_refs(to);
		q->key = *to;
		q->moved = true;
		atomic_long_inc(&futex_stats.requeued);
		if (hb1 != hb2) {
			cds_list_del(&q->node);
			cds_list_add_tail(&q->node, &hb2->queue);
			smp_store_release(&q->bucket, hb2);
		}
		moved++;
	}
	return moved;
}

struct requeue_args {
	uaddr_t uaddr, uaddr2;
	int nr_wake, nr_move;
	bool compare;
	uint32_t expected;
};

/* One attempt.  Return: waiters woken and moved, or as try_futex_wait(). */
static int try_futex_requeue(const struct requeue_args *r)
{
	struct mm_struct *mm = current->mm;
	struct futex_key key, key2;
	struct futex_bucket *hb, *hb2;
	int err, woken = 0, moved = 0;
	uint32_t now = r->expected;

	down_read(&mm->mmap_sem);
	err = get_futex_key(mm, r->uaddr, &key);
	if (!err)
		err = get_futex_key(mm, r->uaddr2, &key2);
	if (err) {
		up_read(&mm->mmap_sem);
		return err;
	}
	hb = bucket_of(&key);
	hb2 = bucket_of(&key2);
	lock_two(hb, hb2);
	if (r->compare)
		err = get_user32_inatomic(&now, r->uaddr);
	if (!err && now == r->expected) {
		woken = wake_bucket(hb, &key, r->nr_wake);
		if (!same_key(&key, &key2))
			moved = move_waiters(hb, &key, hb2, &key2, r->nr_move);
	}
	unlock_two(hb, hb2);
	up_read(&mm->mmap_sem);

	/* The moved ones' references on the old name; freeing may sleep. */
	for (int i = 0; i < moved; i++)
		drop_key_refs(&key);
	if (err)
		return get_user32(&now, r->uaddr) ? -EFAULT : -ERESTART;
	return now == r->expected ? woken + moved : -EAGAIN;
}

static int futex_requeue(const struct requeue_args *r)
{
	int ret;

	do {
		ret = try_futex_requeue(r);
	} while (ret == -ERESTART);
	return ret;
}

int sys_futex(uaddr_t uaddr, int op, uint32_t val, uaddr_t uaddr2, int val2,
	      uint32_t val3)
{
	struct requeue_args r = {
		.uaddr = uaddr, .uaddr2 = uaddr2,
		.nr_wake = (int)val, .nr_move = val2,
		.compare = op == FUTEX_CMP_REQUEUE, .expected = val3,
	};

	switch (op) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, val);
	case FUTEX_WAKE:
		return futex_wake(uaddr, (int)val);
	case FUTEX_FD:
		return futex_fd(uaddr);
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(&r);
	default:
		return -ENOSYS;
	}
}
