// SPDX-License-Identifier: GPL-2.0-or-later
/* Visit everything that holds a reference; count, or name it. */
#include "stress/shadow.h"

#include <stdio.h>
#include <string.h>

#include "mm/aio.h"
#include "mm/cpu.h"
#include "mm/exec.h"
#include "mm/fork.h"
#include "mm/files.h"
#include "mm/futex.h"
#include "mm/kiocb.h"
#include "stress/oracle.h"
#include "stress/world.h"

/* Where holders go: fn(h, arg). */
struct visit {
	void (*fn)(const struct holder *h, void *arg);
	void *arg;
};

static void hold_at(const struct visit *v, enum ref_kind ref,
		    const void *object, enum holder_kind kind,
		    unsigned long number, uaddr_t addr)
{
	struct holder h = { ref, kind, object, 1, number, addr };

	if (object)
		v->fn(&h, v->arg);
}

static void hold(const struct visit *v, enum ref_kind ref, const void *object,
		 enum holder_kind kind, unsigned long number)
{
	hold_at(v, ref, object, kind, number, 0);
}

/* REF-11: whoever denies writing counts downwards. */
static void deny(const struct visit *v, const struct file *file,
		 enum holder_kind kind, unsigned long number, uaddr_t addr)
{
	struct holder h = { REF_WRITER, kind, file->f_inode, -1, number,
			    addr };

	v->fn(&h, v->arg);
}

/* ---- Tasks ---------------------------------------------------------------- */

/* EXEC-1: what an exec owns until it is over. */
static void visit_exec(const struct visit *v, const struct task_struct *p)
{
	const struct linux_binprm *bprm = p->bprm;
	unsigned long pid = (unsigned long)p->pid;

	if (!bprm)
		return;
	hold(v, REF_MM_USERS, bprm->mm, HOLDER_EXEC, pid);
	hold(v, REF_FILE, bprm->file, HOLDER_EXEC, pid);
	if (bprm->file)
		deny(v, bprm->file, HOLDER_EXEC, pid, 0);
	for (int i = 0; i < MAX_ARG_PAGES; i++)
		hold(v, REF_PIN, bprm->page[i], HOLDER_EXEC, pid);
}

/* A task without an address space of its own keeps one loaded (TLB-20). */
static void visit_mm_user(const struct visit *v, const struct task_struct *p,
			  enum holder_kind lazy, unsigned long number)
{
	if (p->mm && !(READ_ONCE(p->flags) & PF_BORROWED_MM))
		hold(v, REF_MM_USERS, p->mm, HOLDER_TASK, number);
	else
		hold(v, REF_MM_COUNT, p->active_mm, lazy, number);
}

/* A table several tasks share is visited once, by its address. */
static void visit_descriptors(const struct visit *v,
			      const struct task_struct *p)
{
	const struct files_struct *files = p->files;

	if (!files)
		return;
	hold(v, REF_FILES, files, HOLDER_TASK, (unsigned long)p->pid);
}

static void visit_tasks(const struct visit *v)
{
	struct task_struct *leader, *p;
	struct cpu *cpu;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p) {
		unsigned long pid = (unsigned long)p->pid;

		visit_mm_user(v, p, HOLDER_LAZY_TASK, pid);
		visit_exec(v, p);
		visit_descriptors(v, p);
		hold(v, REF_POLICY, p->mempolicy, HOLDER_TASK, pid);
		hold(v, REF_SIGNAL, p->signal, HOLDER_TASK, pid);
		hold(v, REF_SIGHAND, p->sighand, HOLDER_TASK, pid);
	}
	read_unlock(&tasklist_lock);
	for_each_online_cpu(cpu)
		visit_mm_user(v, cpu->idle, HOLDER_IDLE_CPU,
			      (unsigned long)cpu->id);
}

static void visit_futex(const struct futex_waiter *waiter, void *arg)
{
	const struct futex_key *key = waiter->key;
	const struct visit *v = arg;
	unsigned long pid = waiter->task ? (unsigned long)waiter->task->pid :
			    0;

	hold_at(v, REF_MM_COUNT, key->mm, HOLDER_FUTEX, pid, key->offset);
	hold_at(v, REF_INODE, key->inode, HOLDER_FUTEX, pid, key->offset);
}

/* ---- Asynchronous I/O ----------------------------------------------------- */

static void visit_request(const struct visit *v, const struct kiocb *req,
			  unsigned long ctx)
{
	hold(v, REF_FILE, req->ki_filp, HOLDER_AIO, ctx);
	for (int i = 0; i < req->ki_nr_pages; i++)
		hold(v, REF_PIN, req->ki_pages[i], HOLDER_AIO, ctx);
}

/* Workers are idle: what is active waits to be cancelled. */
static void visit_ioctx(struct kioctx *ctx, void *arg)
{
	const struct visit *v = arg;
	const struct kiocb *req;

	hold(v, REF_MM_COUNT, ctx->mm, HOLDER_AIO, ctx->user_id);
	for (int i = 0; i < ctx->nr_pages; i++)
		hold(v, REF_PIN, ctx->ring_pages[i], HOLDER_AIO, ctx->user_id);
	cds_list_for_each_entry(req, &ctx->active_reqs, ki_list)
		visit_request(v, req, ctx->user_id);
}

/* ---- Address spaces ------------------------------------------------------- */

static void visit_areas(const struct visit *v, const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;

	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		hold_at(v, REF_POLICY, vma->vm_policy, HOLDER_AREA, mm->mm_id,
			vma->vm_start);
		if (!vma->vm_file)
			continue;
		hold_at(v, REF_FILE, vma->vm_file, HOLDER_AREA, mm->mm_id,
			vma->vm_start);
		if (vma->vm_flags & VM_DENYWRITE)
			deny(v, vma->vm_file, HOLDER_AREA, mm->mm_id,
			     vma->vm_start);
	}
}

static void visit_mms(const struct visit *v, const struct census *c)
{
	for (unsigned int i = 0; i < c->nr; i++) {
		struct mm_struct *mm = c->mms[i];
		int users = atomic_read(&mm->mm_users);

		if (users <= 0)
			continue; /* torn down: nobody may look inside */
		hold(v, REF_MM_COUNT, mm, HOLDER_USERS, (unsigned long)users);
		visit_areas(v, mm);
	}
}

/* ---- Files ---------------------------------------------------------------- */

static void visit_harness(const struct visit *v)
{
	for (unsigned int i = 0; i < world.nr_open; i++)
		hold(v, REF_FILE, world.open[i], HOLDER_HARNESS, 0);
}

/* What is open, once for each table. */
static void visit_tables(const struct visit *v, const struct shadow *s)
{
	struct ptrmap_entry *e;

	ptrmap_for_each(&s->counts[REF_FILES], e) {
		const struct files_struct *files = e->key;

		for (int i = 0; i < NR_OPEN; i++)
			hold(v, REF_FILE, files->fd[i], HOLDER_TABLE,
			     (unsigned long)i);
	}
}

/* REF-10: an open file, whoever holds it, holds its inode. */
static void visit_file(const struct visit *v, const struct file *file)
{
	bool writer = file->f_flags & FILE_WRITE;
	enum holder_kind kind = writer ? HOLDER_WRITE_FILE : HOLDER_READ_FILE;

	hold(v, REF_INODE, file->f_inode, kind, file->f_inode->i_ino);
	if (writer)
		hold(v, REF_WRITER, file->f_inode, kind, file->f_inode->i_ino);
}

static void visit_files(const struct visit *v, const struct shadow *s)
{
	struct ptrmap_entry *e;

	ptrmap_for_each(&s->counts[REF_FILE], e)
		visit_file(v, e->key);
}

/* ---- What is done with holders ------------------------------------------ */

static void count_holder(const struct holder *h, void *arg)
{
	struct shadow *s = arg;
	struct ptrmap_entry *e = ptrmap_get(&s->counts[h->ref], h->object);

	if (e)
		e->a += h->change;
}

/* Files come last: they are known by their holders only. */
static void visit_all(const struct visit *v, const struct shadow *s)
{
	visit_tasks(v);
	for_each_futex_waiter(visit_futex, (void *)v);
	hold(v, REF_INODE, futex_inode(), HOLDER_FUTEXFS, 0);
	for_each_kioctx(visit_ioctx, (void *)v);
	visit_mms(v, s->c);
	visit_harness(v);
	visit_tables(v, s);
	visit_files(v, s);
}

bool shadow_make(struct shadow *s, const struct census *c)
{
	const struct visit count = { count_holder, s };
	bool ok = true;

	s->c = c;
	for (int i = 0; i < NR_REF_KINDS; i++)
		ok &= ptrmap_init(&s->counts[i]);
	if (ok)
		visit_all(&count, s);
	else
		shadow_free(s);
	return ok;
}

void shadow_free(struct shadow *s)
{
	for (int i = 0; i < NR_REF_KINDS; i++)
		ptrmap_free(&s->counts[i]);
}

long shadow_count(const struct shadow *s, enum ref_kind ref, const void *object)
{
	const struct ptrmap_entry *e = ptrmap_find(&s->counts[ref], object);

	return e ? e->a : 0;
}

/* A text of all holders of one count. */
struct holder_list {
	enum ref_kind ref;
	const void *object;
	char *buf;
	size_t size, at;
	unsigned int nr;
};

static void name_holder(const struct holder *h, void *arg)
{
	static const char *const names[NR_HOLDER_KINDS] = {
		[HOLDER_TASK] = "task pid %lu",
		[HOLDER_EXEC] = "exec by pid %lu",
		[HOLDER_USERS] = "mm_users %lu together",
		[HOLDER_LAZY_TASK] = "lazy task pid %lu",
		[HOLDER_IDLE_CPU] = "idle task of CPU %lu",
		[HOLDER_AIO] = "AIO context %#lx",
		[HOLDER_FUTEX] = "futex waiter pid %lu",
		[HOLDER_TABLE] = "descriptor %lu of a table",
		[HOLDER_FUTEXFS] = "all futex files",
		[HOLDER_AREA] = "area of mm %lu",
		[HOLDER_WRITE_FILE] = "open file of inode %lu, writable",
		[HOLDER_READ_FILE] = "open file of inode %lu",
		[HOLDER_HARNESS] = "the harness",
	};
	struct holder_list *l = arg;
	char name[80], place[32] = "";

	if (h->ref != l->ref || h->object != l->object)
		return;
	l->nr++;
	if (l->at >= l->size)
		return;
	snprintf(name, sizeof(name), names[h->kind], h->number);
	if (h->addr)
		snprintf(place, sizeof(place), " at %#lx", h->addr);
	l->at += (size_t)snprintf(l->buf + l->at, l->size - l->at,
				  "%s%s%s%s", l->at ? ", " : "",
				  h->change < 0 ? "minus " : "", name, place);
}

const char *shadow_holders(const struct shadow *s, enum ref_kind ref,
			   const void *object, char *buf, size_t size)
{
	char all[32];
	struct holder_list l = { ref, object, buf, size - sizeof(all), 0, 0 };
	const struct visit name = { name_holder, &l };

	snprintf(buf, size, "nobody");
	visit_all(&name, s);
	if (l.at >= l.size) {
		snprintf(all, sizeof(all), "... (%u in all)", l.nr);
		strcat(buf, all);
	}
	return buf;
}
