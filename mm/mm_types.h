/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mm_types.h - every structure of the emulated kernel, with its lock keys
 *
 * Lock keys: one letter names the lock that protects a field; two letters
 * with a comma mean "either one to read, both to write"; with a plus, "both".
 *
 *   (m) mm->mmap_sem             (p) mm->page_table_lock
 *   (i) mapping->i_mmap_lock     (v) anon_vma->lock
 *   (T) tasklist_lock            (s) sighand->siglock
 *   (k) task_lock(task)          (L) page lock, PG_locked
 *   (t) mapping->tree_lock       (l) zone lru_lock
 *   (d) swap_info.sdev_lock      (w) swap_list_lock
 *   (M) mmlist_lock              (x) mm->context.sem
 *   (q) runqueue lock            (I) the CPU's interrupt lock
 *   (a) atomic, no lock needed   (c) constant once published
 *   (o) owning task only         (r) racy by design, READ_ONCE/WRITE_ONCE
 *
 * Sources: specification sections 0.1 to 0.10 (OBJ-1 to OBJ-15).
 */
#ifndef MM_MM_TYPES_H
#define MM_MM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <bsd/sys/tree.h>
#include <urcu/list.h>

#include "locking/annotate.h"
#include "locking/atomic.h"
#include "locking/bitops.h"
#include "locking/compiler.h"
#include "locking/completion.h"
#include "locking/lockdep.h"
#include "locking/rcu.h"
#include "locking/rwlock.h"
#include "locking/rwsem.h"
#include "locking/semaphore.h"
#include "locking/seqcount.h"
#include "locking/spinlock.h"
#include "locking/time.h"
#include "mm/cpumask.h"
#include "mm/pgtable_types.h"

typedef unsigned long uaddr_t; /* an address in an emulated process */
typedef unsigned long pgoff_t; /* a page index in a file or anon VMA */
typedef uint64_t ksigset_t; /* bit n-1 stands for signal n */
typedef uint16_t swap_count_t;

struct address_space;
struct anon_vma;
struct carrier;
struct cpu;
struct inode;
struct kioctx;
struct linux_binprm;
struct mempolicy;
struct mm_struct;
struct page;
struct shmem_inode_info;
struct sighand_struct;
struct signal_struct;
struct task_struct;
struct user_struct;
struct vm_area_struct;

/* ---- Wait queues (mm/wait.c) ------------------------------------------- */

struct wait_queue_head {
	spinlock_t lock;
	struct cds_list_head waiters; /* under lock: wait_queue_entry.node */
};

struct wait_queue_entry {
	struct task_struct *task; /* (c) who sleeps */
	bool exclusive; /* (c) wake_up() stops after one of these */
	struct cds_list_head node; /* under head->lock; self-linked when off */
};

/* ---- Physical pages (mm/page_alloc.c) ---------------------------------- */

/* Bit numbers in page->flags; gaps are the reference's own (spec 0.7). */
enum pageflags {
	PG_locked = 0,
	PG_referenced = 2,
	PG_uptodate = 3,
	PG_dirty = 4,
	PG_lru = 5,
	PG_active = 6,
	PG_slab = 7,
	PG_reserved = 11,
	PG_private = 12,
	PG_writeback = 13,
	PG_swapcache = 16,
	PG_reclaim = 18,
	PG_mlocked = 19, /* of later kernels: counted by mlock.c */
	PG_table = 20, /* ours: the frame holds a page table */
	PG_buddy = 21, /* ours: the frame is free */
};

struct page {
	unsigned long flags; /* (a) PG_* bits */
	union {
		struct {
			atomic_t _count; /* (a) references minus one */
			atomic_t _mapcount; /* (a) PTEs minus one */
		}; /* free: both -1 */
		uint64_t counts; /* (a) both at one instant: page_counts() */
	};
	unsigned long private; /* (L) swap entry; free lists: order */
	struct address_space *mapping; /* (r) bit 0 set: anon_vma (OBJ-7) */
	pgoff_t index; /* (r) offset in mapping; set at 0->1 */
	struct cds_list_head lru; /* (l) LRU, or zone lock: free list */
};

/* ---- Files (mm/file.c, mm/filemap.c, mm/shmem.c) ------------------------ */

/* Node of the i_mmap tree: VMAs with one (start, last) share one slot. */
struct prio_tree_node {
	RB_ENTRY(prio_tree_node) rb;
	pgoff_t start, last;
	pgoff_t max_last; /* greatest last in this subtree */
};

struct prio_tree_root {
	struct prio_tree_node *rbh_root; /* RB_HEAD layout */
};

/* How a page is written: what ->writepage() is told. */
struct writeback_control {
	bool for_reclaim; /* from shrink_list(): to free the page */
	bool sync; /* the caller will wait: do not skip busy pages */
	long nr_to_write; /* pages left to write */
};

/* ->writepage() result: not now, the page is locked still; activate it. */
#define WRITEPAGE_ACTIVATE 0x80000

struct address_space_ops {
	/* Fill a locked, new page; 0 or -Exxx.  May sleep. */
	int (*readpage)(struct address_space *mapping, struct page *page);
	/* Find or make a page, in place of readpage; as read_cache_page(). */
	struct page *(*getpage)(struct address_space *mapping, pgoff_t index,
				bool *major);
	/*
	 * Write a locked page whose dirty flag the caller has cleared; it is
	 * unlocked on return, under writeback until the write is over.  0,
	 * -Exxx, or WRITEPAGE_ACTIVATE.  May sleep.
	 */
	int (*writepage)(struct page *page, struct writeback_control *wbc);
};

struct page_tree_node;

struct address_space {
	struct inode *host; /* (c) */
	const struct address_space_ops *a_ops; /* (c) */
	spinlock_t tree_lock; /* irq */
	void **page_slots; /* (t) page cache by index, host array */
	unsigned long nr_slots; /* (t) length of page_slots */
	unsigned long nrpages; /* (t) pages in the cache */
	spinlock_t i_mmap_lock;
	struct prio_tree_root i_mmap; /* (i) linear VMAs, OBJ-6 */
	struct cds_list_head i_mmap_nonlinear; /* (i) VM_NONLINEAR VMAs */
	unsigned int i_mmap_writable; /* (i) number of VM_SHARED VMAs */
	unsigned int truncate_count; /* (i) write; lockless read FLT-25 */
};

struct stored_page;
RB_HEAD(stored_tree, stored_page);

struct inode {
	unsigned long i_ino; /* (c) */
	atomic_t i_count; /* (a) references */
	atomic_t i_writecount; /* (a) >0 writers, <0 deny-write holders */
	seqcount_t i_size_seq;
	loff_t i_size; /* i_sem to write; (r) read by faults */
	struct semaphore i_sem;
	loff_t i_disk_size; /* (r), lowered with i_size: has content below */
	bool i_shmem; /* (c) anonymous shared memory */
	struct shmem_inode_info *i_shmem_info; /* (c) shmem: its swap vector */
	bool i_prepaid; /* (c) shmem: charged as a whole at creation */
	atomic_long_t i_charged; /* (a) shmem: pages charged so far */
	spinlock_t i_store_lock;
	struct stored_tree i_store; /* under i_store_lock: filestore.c */
	char i_name[64]; /* (c) */
	struct address_space i_data;
	struct cds_list_head i_list; /* all inodes, inode_lock */
};

struct vm_operations {
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	/* A referenced page, or NOPAGE_SIGBUS / NOPAGE_OOM.  May sleep. */
	struct page *(*nopage)(struct vm_area_struct *vma, uaddr_t addr,
			       int *type);
	int (*populate)(struct vm_area_struct *vma, uaddr_t addr,
			unsigned long len, unsigned long pgoff);
};

struct file;
struct files_struct;

struct file_operations {
	const char *name;
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	void (*release)(struct inode *inode, struct file *file);
};

struct file {
	atomic_t f_count; /* (a) */
	unsigned int f_flags; /* (c) FILE_READ, FILE_WRITE, FILE_EXEC */
	struct inode *f_inode; /* (c) one i_count */
	struct address_space *f_mapping; /* (c) */
	const struct file_operations *f_op; /* (c) */
	void *private_data; /* (c) f_op's own */
};

#define FILE_READ 1u
#define FILE_WRITE 2u
#define FILE_EXEC 4u

/* ---- Anonymous reverse mapping (mm/rmap.c) ------------------------------ */

/*
 * Type-stable: freed memory may become another anon_vma at once, anything
 * else only after a grace period.  lock and list are constructor state.
 */
struct anon_vma {
	spinlock_t lock;
	struct cds_list_head head; /* (v) vma->anon_vma_node */
};

/* ---- Virtual memory areas (mm/mmap.c) ----------------------------------- */

enum {
	VM_READ = 0x1, VM_WRITE = 0x2, VM_EXEC = 0x4, VM_SHARED = 0x8,
	VM_MAYREAD = 0x10, VM_MAYWRITE = 0x20, VM_MAYEXEC = 0x40,
	VM_MAYSHARE = 0x80, VM_GROWSDOWN = 0x100, VM_SHM = 0x400,
	VM_DENYWRITE = 0x800, VM_EXECUTABLE = 0x1000, VM_LOCKED = 0x2000,
	VM_IO = 0x4000, VM_SEQ_READ = 0x8000, VM_RAND_READ = 0x10000,
	VM_DONTCOPY = 0x20000, VM_DONTEXPAND = 0x40000,
	VM_RESERVED = 0x80000, VM_ACCOUNT = 0x100000,
	VM_HUGETLB = 0x400000, VM_NONLINEAR = 0x800000,
};

struct vm_area_struct {
	struct mm_struct *vm_mm; /* (c) not counted; alive by EXIT-31 */
	uaddr_t vm_start; /* (m)+(i)+(v); growth: R(m)+(v)+(p) */
	uaddr_t vm_end; /* (m)+(i)+(v); exclusive */
	struct vm_area_struct *vm_next; /* (m); child in fork: (p) */
	RB_ENTRY(vm_area_struct) vm_rb; /* (m); child in fork: (p) */
	pteval_t vm_page_prot; /* (m) */
	unsigned long vm_flags; /* (m); VM_NONLINEAR also (i) */
	struct {
		struct prio_tree_node node; /* (i) when parent is set */
		struct cds_list_head list; /* (i) members, or nonlinear */
		struct vm_area_struct *head; /* (i) OBJ-6 pairing */
		bool in_tree; /* (i) this VMA is the tree node */
	} shared;
	struct cds_list_head anon_vma_node; /* (v) */
	struct anon_vma *anon_vma; /* (p) NULL to set; (m) */
	const struct vm_operations *vm_ops; /* (c) */
	pgoff_t vm_pgoff; /* as vm_start; in pages */
	struct file *vm_file; /* (c) one f_count */
	void *vm_private_data; /* (i) scan cursor, nonlinear */
	unsigned long vm_truncate_count; /* (i) */
	struct mempolicy *vm_policy; /* (m) owned */
};

RB_HEAD(vma_tree, vm_area_struct);

/* ---- Address spaces (kernel/fork.c, mm/mmap.c) -------------------------- */

struct mm_context {
	int size; /* (x) write; lockless read by fork and switch */
	struct semaphore sem;
	uint64_t *ldt; /* (x) write; lockless read by context switch */
};

struct mm_struct {
	struct vm_area_struct *mmap; /* (m); child in fork: (p) */
	struct vma_tree mm_rb; /* as mmap */
	struct vm_area_struct *mmap_cache; /* (r) last find_vma() hit */
	uaddr_t mmap_base; /* (m) */
	uaddr_t free_area_cache; /* (m) */
	pgd_t *pgd; /* (c); contents (p) */
	atomic_t mm_users; /* (a) REF-1 */
	atomic_t mm_count; /* (a) REF-2 */
	int map_count; /* (m); child in fork: (p) */
	struct rw_semaphore mmap_sem;
	spinlock_t page_table_lock;
	struct cds_list_head mmlist; /* (M) */
	bool mmlisted; /* (M) write, (a) peek: ours, is it on mmlist? */

	uaddr_t start_code, end_code, start_data, end_data; /* (m) */
	uaddr_t start_brk, brk, start_stack; /* (m) */
	uaddr_t arg_start, arg_end, env_start, env_end; /* (m) */
	unsigned long saved_auxv[42]; /* (m) */

	unsigned long rss; /* (p); (r) zero test by rmap */
	unsigned long anon_rss; /* (p) */
	unsigned long nr_ptes; /* (p) */
	atomic_long_t total_vm; /* (a) pages; DEF-19 */
	atomic_long_t locked_vm; /* (a) pages; DEF-19 */
	atomic_long_t stack_vm; /* (a) pages; DEF-19 */
	unsigned long shared_vm, exec_vm, reserved_vm; /* (m) pages */
	unsigned long def_flags; /* (m) */
	unsigned int dumpable; /* (r) DUMP-5 */
	cpumask_t cpu_vm_mask; /* (a) */
	struct mm_context context;

	int core_waiters; /* (m) W to change, R to test */
	struct completion *core_startup_done; /* (m) on dumper's stack */
	struct completion core_done;

	rwlock_t ioctx_list_lock;
	struct kioctx *ioctx_list; /* under ioctx_list_lock */

	unsigned long swap_token_time; /* (r) jiffies, not eligible before */
	bool recent_pagein; /* (r) */
	unsigned long hiwater_rss, hiwater_vm; /* (r) 0 until it is built */
	unsigned long mm_id; /* (c) ours: serial number, never reused */
	struct cds_list_head mm_node; /* ours: all mms, mm_list_lock */
	unsigned int nr_changes; /* (m) ours: since the last validate_mm() */
	unsigned int nr_validated; /* (m) ours: layout checks so far */
};

/* ---- Signals (kernel/signal.c) ------------------------------------------ */

#define NSIG_EMULATED 64

struct k_sigaction {
	void (*handler)(int sig); /* K_SIG_DFL, K_SIG_IGN or a function */
};

#define K_SIG_DFL ((void (*)(int))0)
#define K_SIG_IGN ((void (*)(int))1)

struct sigpending {
	ksigset_t signal; /* (s) */
};

struct sighand_struct {
	atomic_t count; /* (a) */
	struct k_sigaction action[NSIG_EMULATED]; /* (s) */
	spinlock_t siglock;
};

enum { /* signal_struct.flags */
	SIGNAL_STOP_STOPPED = 1, /* 2: of each thread, stop_dequeued */
	SIGNAL_STOP_CONTINUED = 4, SIGNAL_GROUP_EXIT = 8,
};

struct signal_struct {
	atomic_t count; /* (a) tasks pointing here, half-built too */
	atomic_t live; /* (a) tasks before EXIT-1 step 3 */
	struct wait_queue_head wait_chldexit;
	struct task_struct *curr_target; /* (s) */
	struct sigpending shared_pending; /* (s) */
	int group_exit_code; /* (s) */
	struct task_struct *group_exit_task; /* (s) */
	int notify_count; /* (s) */
	int group_stop_count; /* (s) */
	unsigned int flags; /* (s) */
	struct rlimit rlim[RLIM_NLIMITS]; /* task_lock(group_leader) */
};

/* ---- Tasks ---------------------------------------------------------------- */

enum { /* task->state */
	TASK_RUNNING = 0, TASK_INTERRUPTIBLE = 1, TASK_UNINTERRUPTIBLE = 2,
	TASK_STOPPED = 4, TASK_TRACED = 8,
	TASK_WAKEKILL = 64, /* ours: a SIGKILL ends the sleep */
};

enum { EXIT_ZOMBIE = 16, EXIT_DEAD = 32 }; /* task->exit_state */

enum { /* task->flags */
	PF_STARTING = 0x2, PF_EXITING = 0x4, PF_DEAD = 0x8,
	PF_FORKNOEXEC = 0x40, PF_SUPERPRIV = 0x100, PF_DUMPCORE = 0x200,
	PF_SIGNALED = 0x400, PF_MEMALLOC = 0x800, PF_FROZEN = 0x10000,
	PF_SWAPOFF = 0x80000, PF_BORROWED_MM = 0x400000,
	PF_KTHREAD = 0x1000000, /* ours */
};

enum { /* bit numbers in task->ti_flags (thread_info flags) */
	TIF_SIGPENDING = 2, TIF_NEED_RESCHED = 3, TIF_FREEZE = 4,
	TIF_MEMDIE = 16,
};

enum { /* task->ptrace */
	PT_PTRACED = 0x1, PT_TRACE_FORK = 0x10, PT_TRACE_VFORK = 0x20,
	PT_TRACE_CLONE = 0x40, PT_TRACE_EXEC = 0x80,
	PT_TRACE_VFORK_DONE = 0x100, PT_TRACE_EXIT = 0x200,
};

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_MAX };

#define TLS_ENTRIES 3

struct task_struct {
	/* scheduling (mm/sched.c) */
	int state; /* (a) TASK_*; set_current_state(), try_to_wake_up() */
	int exit_state; /* (T) 0, EXIT_ZOMBIE; to EXIT_DEAD by exchange under R */
	atomic_t usage; /* (a) REF-15 */
	unsigned long flags; /* (o) write, (r) read: PF_* */
	unsigned long ti_flags; /* (a) TIF_* */
	struct cpu *cpu; /* (q) CPU held, NULL when off every CPU */
	int last_cpu; /* (q) hint for the next CPU */
	int on_rq; /* (q) 0 sleeping, 1 queued or running */
	int granted; /* (a) futex word: a CPU was handed over */
	struct cds_list_head run_list; /* (q) */
	unsigned int time_slice; /* (o) syscalls left before a yield */
	struct carrier *carrier; /* (c) host thread; NULL for idle tasks */

	/* identity and family */
	pid_t pid, tgid; /* (T) to change (de_thread) */
	struct task_struct *group_leader; /* (T) */
	struct cds_list_head tasks; /* (T) leaders only */
	struct cds_list_head thread_group; /* (T) ring of all threads */
	struct task_struct *real_parent, *parent; /* (T) */
	struct cds_list_head children, sibling; /* (T) */
	struct cds_list_head ptrace_children, ptrace_list; /* (T) */
	struct rcu_head rcu; /* deferred freeing */
	int exit_code; /* W(T), or (s) for the code of a stop */
	bool stop_counted; /* (s) group_stop_count waits for it */
	bool stop_dequeued; /* (s) has taken a stop signal, no SIGCONT since */
	int exit_signal, pdeath_signal; /* (T) */
	bool did_exec; /* (o) */
	unsigned long parent_exec_id, self_exec_id; /* (T) */
	char comm[16]; /* (k) */
	struct user_struct *user; /* (c) one __count, one processes */

	/* address space */
	struct mm_struct *mm; /* (k); leaving a user mm also R(m) */
	struct mm_struct *active_mm; /* (q) or (k); owner reads freely */
	unsigned long min_flt, maj_flt, nvcsw, nivcsw; /* (o) */
	struct completion *vfork_done; /* (o) after the first run */
	struct linux_binprm *bprm; /* (o) write, (r) read; ours: its exec */
	uaddr_t set_child_tid, clear_child_tid; /* (o) */
	struct mempolicy *mempolicy; /* (o) */
	struct files_struct *files; /* (o) NULL until the first descriptor */

	/* signals */
	struct signal_struct *signal; /* (T) pointer */
	struct sighand_struct *sighand; /* (T) pointer; (r) via RCU */
	ksigset_t blocked; /* (s) */
	struct sigpending pending; /* (s) */
	unsigned long ptrace; /* (T); attaching: with (k); (r) */
	int last_siginfo_code; /* (s) stop code seen by the tracer */

	spinlock_t alloc_lock; /* task_lock() */
	spinlock_t proc_lock;

	/* what user mode looks like (kernel_clone_args, exec) */
	void (*entry)(void *arg); /* (o) */
	void *entry_arg; /* (o) */
	uaddr_t user_sp; /* (o) stack pointer for growth checks, FLT-5 */
	uint64_t tls_array[TLS_ENTRIES]; /* (o) */
	void *program; /* (o) for the user program's own state; never read here */
	void *io_bitmap; /* (o) DEF-8 */
	uaddr_t fault_addr; /* (o) address of the last bad access */
	unsigned int rng; /* (o) */
};

struct user_struct {
	atomic_t __count; /* (a) */
	atomic_t processes; /* (a) */
	uid_t uid; /* (c) */
	struct cds_list_head uid_node; /* all users, uid_lock */
};

/* A task's place in a group: what clone() was asked for. */
struct kernel_clone_args {
	unsigned long flags; /* CLONE_*; low byte: exit signal */
	void (*entry)(void *arg); /* child's user program */
	void *arg;
	uaddr_t stack; /* child's stack pointer; 0: the caller's */
	uaddr_t parent_tid, child_tid; /* user addresses, or 0 */
	uaddr_t tls; /* user address of a descriptor, for CLONE_SETTLS */
	void *program; /* child's task->program */
};

#endif /* MM_MM_TYPES_H */
