// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * binfmt_elf_core.c - write an address space as an ELF core file
 *
 * The file is a stream: header, program headers, notes, padding, memory.
 * Everything is sized first, from snapshots of the VMAs and of the threads:
 * the mm's tasks are parked, but a reader from outside may still grow a stack
 * (DUMP-6), which must not move what the headers promise.  For the same
 * reason VMAs are looked at under R(mmap_sem), which nobody holds for long.
 */
#include <elf.h>
#include <string.h>

#include "mm/binfmt_elf.h"
#include "mm/coredump.h"
#include "mm/fork.h"
#include "mm/gup.h"
#include "mm/page_alloc.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/uaccess.h"
#include "mm/vma.h"

/* One layout for both classes: the fields differ in width only. */
#define CORE_WORD sizeof(pteval_t)
#define CORE_64 (CORE_WORD == 8)
#define EHDR_SIZE (CORE_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr))
#define PHDR_SIZE (CORE_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr))

/* Sizes of the processor's elf_prstatus and elf_prpsinfo. */
#define PRSTATUS_SIZE (CORE_64 ? 336 : 144)
#define PRPSINFO_SIZE (CORE_64 ? 136 : 124)
#define NR_REGS (CORE_64 ? 27 : 17)
#define NOTE_BYTES(desc) (12 + 8 + (size_t)(desc))

struct core_vma {
	uaddr_t start;
	unsigned long len; /* bytes of address space */
	unsigned long filesz; /* bytes in the file */
	unsigned int flags; /* PF_R, PF_W, PF_X */
};

struct core_thread {
	pid_t pid, ppid, tgid;
	uaddr_t sp;
	void (*entry)(void *arg);
	ksigset_t pending, blocked;
};

struct core_file {
	struct core_sink *sink;
	uint64_t pos, limit; /* bytes written, bytes allowed */
	int signr;
	unsigned int nr_vmas, max_vmas, nr_threads;
	struct core_vma *vmas;
	struct core_thread *threads; /* the dumper first */
	struct page *bounce; /* a page on its way to the sink */
};

/* A buffer that is filled from the front. */
struct packer {
	unsigned char *buf;
	size_t used;
};

/* ---- memory of our own ---------------------------------------------------- */

static unsigned int order_of(size_t bytes)
{
	unsigned int order = 0;

	while ((PAGE_SIZE << order) < bytes)
		order++;
	return order;
}

/* An array that may be larger than kmalloc() likes, or NULL. */
static void *array_alloc(size_t bytes)
{
	struct page *page;

	if (order_of(bytes) >= MAX_ORDER)
		return NULL;
	page = alloc_pages(GFP_KERNEL, order_of(bytes));
	return page ? page_address(page) : NULL;
}

static void array_free(void *array, size_t bytes)
{
	if (array)
		__free_pages(virt_to_page(array), order_of(bytes));
}

/* ---- output --------------------------------------------------------------- */

static bool emit(struct core_file *cf, const void *buf, size_t len)
{
	if (cf->pos + len > cf->limit)
		return false;
	if (cf->sink->write(cf->sink, buf, len))
		return false;
	cf->pos += len;
	atomic_long_add((long)len, &core_stats.bytes);
	return true;
}

static void pack(struct packer *pk, uint64_t value, size_t width)
{
	/* Little endian, as the emulated processor is. */
	for (size_t i = 0; i < width; i++)
		pk->buf[pk->used++] = (unsigned char)(value >> (8 * i));
}

static void pack_bytes(struct packer *pk, const void *bytes, size_t len)
{
	memcpy(pk->buf + pk->used, bytes, len);
	pk->used += len;
}

/* Zeroes up to offset @to. */
static void pack_pad(struct packer *pk, size_t to)
{
	while (pk->used < to)
		pk->buf[pk->used++] = 0;
}

/* ---- snapshots ------------------------------------------------------------ */

/*
 * Devices must not be read; a file can be had elsewhere; and private memory
 * that has never been written is what its headers say: zeroes, or the file.
 */
static bool vma_is_dumped(const struct vm_area_struct *vma)
{
	if (vma->vm_flags & (VM_IO | VM_RESERVED))
		return false;
	if (vma->vm_flags & VM_SHARED)
		return vma->vm_file && vma->vm_file->f_inode->i_shmem;
	/* A fault of a reader from outside may set it meanwhile (FLT-60). */
	return READ_ONCE(vma->anon_vma);
}

static void snapshot_vma(struct core_vma *cv, const struct vm_area_struct *vma)
{
	cv->start = vma_start(vma);
	cv->len = vma->vm_end - cv->start;
	cv->filesz = vma_is_dumped(vma) ? cv->len : 0;
	cv->flags = (vma->vm_flags & VM_READ ? PF_R : 0) |
		    (vma->vm_flags & VM_WRITE ? PF_W : 0) |
		    (vma->vm_flags & VM_EXEC ? PF_X : 0);
}

static bool snapshot_vmas(struct core_file *cf, struct mm_struct *mm)
{
	down_read(&mm->mmap_sem);
	cf->max_vmas = (unsigned int)mm->map_count + 1;
	up_read(&mm->mmap_sem);
	cf->vmas = array_alloc(cf->max_vmas * sizeof(*cf->vmas));
	if (!cf->vmas)
		return false;
	/* Nobody is left who could add a VMA: there is room enough. */
	down_read(&mm->mmap_sem);
	for (struct vm_area_struct *vma = mm->mmap;
	     vma && cf->nr_vmas < cf->max_vmas; vma = vma->vm_next)
		snapshot_vma(&cf->vmas[cf->nr_vmas++], vma);
	up_read(&mm->mmap_sem);
	return true;
}

static void snapshot_thread(struct core_thread *ct, struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
{
	ct->pid = p->pid;
	ct->tgid = p->tgid;
	ct->ppid = p->real_parent->tgid;
	ct->sp = p->user_sp;
	ct->entry = p->entry;
	spin_lock_irq(&p->sighand->siglock);
	ct->pending = p->pending.signal;
	ct->blocked = p->blocked;
	spin_unlock_irq(&p->sighand->siglock);
}

/* Count with @room 0, then again with room for all; they are parked. */
static unsigned int scan_threads(struct core_thread *threads,
				 unsigned int room)
{
	struct task_struct *leader, *p;
	unsigned int nr = 1;

	read_lock(&tasklist_lock);
	if (room)
		snapshot_thread(&threads[0], current);
	for_each_process_thread(leader, p) {
		if (p == current || !task_uses_mm(p, current->mm))
			continue;
		if (nr < room)
			snapshot_thread(&threads[nr], p);
		nr++;
	}
	read_unlock(&tasklist_lock);
	return nr;
}

static bool snapshot_threads(struct core_file *cf)
{
	cf->nr_threads = scan_threads(NULL, 0);
	cf->threads = array_alloc(cf->nr_threads * sizeof(*cf->threads));
	if (!cf->threads)
		return false;
	mm_bug_on(scan_threads(cf->threads, cf->nr_threads) != cf->nr_threads,
		  "of %u threads of a dump some came or went", cf->nr_threads);
	return true;
}

/* ---- headers -------------------------------------------------------------- */

static size_t notes_size(const struct core_file *cf)
{
	return cf->nr_threads * NOTE_BYTES(PRSTATUS_SIZE) +
	       NOTE_BYTES(PRPSINFO_SIZE) +
	       NOTE_BYTES(ARRAY_SIZE(current->mm->saved_auxv) * CORE_WORD);
}

static uint64_t notes_offset(const struct core_file *cf)
{
	return EHDR_SIZE + (uint64_t)(cf->nr_vmas + 1) * PHDR_SIZE;
}

static uint64_t data_offset(const struct core_file *cf)
{
	return PAGE_ALIGN(notes_offset(cf) + notes_size(cf));
}

static bool write_elf_header(struct core_file *cf)
{
	static const unsigned char magic[] = { ELFMAG0, ELFMAG1, ELFMAG2,
					       ELFMAG3 };
	unsigned char buf[sizeof(Elf64_Ehdr)];
	struct packer pk = { .buf = buf };

	pack_bytes(&pk, magic, sizeof(magic));
	pack(&pk, CORE_64 ? ELFCLASS64 : ELFCLASS32, 1);
	pack(&pk, ELFDATA2LSB, 1);
	pack(&pk, EV_CURRENT, 1);
	pack_pad(&pk, EI_NIDENT);
	pack(&pk, ET_CORE, 2);
	pack(&pk, CORE_64 ? EM_X86_64 : EM_386, 2);
	pack(&pk, EV_CURRENT, 4);
	pack(&pk, 0, CORE_WORD); /* e_entry */
	pack(&pk, EHDR_SIZE, CORE_WORD); /* e_phoff */
	pack(&pk, 0, CORE_WORD); /* e_shoff */
	pack(&pk, 0, 4); /* e_flags */
	pack(&pk, EHDR_SIZE, 2);
	pack(&pk, PHDR_SIZE, 2);
	pack(&pk, cf->nr_vmas + 1, 2);
	pack_pad(&pk, EHDR_SIZE); /* no sections */
	return emit(cf, buf, EHDR_SIZE);
}

static bool write_phdr(struct core_file *cf, const Elf64_Phdr *ph)
{
	unsigned char buf[sizeof(Elf64_Phdr)];
	struct packer pk = { .buf = buf };

	pack(&pk, ph->p_type, 4);
	if (CORE_64)
		pack(&pk, ph->p_flags, 4);
	pack(&pk, ph->p_offset, CORE_WORD);
	pack(&pk, ph->p_vaddr, CORE_WORD);
	pack(&pk, 0, CORE_WORD); /* p_paddr */
	pack(&pk, ph->p_filesz, CORE_WORD);
	pack(&pk, ph->p_memsz, CORE_WORD);
	if (!CORE_64)
		pack(&pk, ph->p_flags, 4);
	pack(&pk, ph->p_align, CORE_WORD);
	return emit(cf, buf, pk.used);
}

static bool write_phdrs(struct core_file *cf)
{
	uint64_t offset = data_offset(cf);
	Elf64_Phdr ph = {
		.p_type = PT_NOTE, .p_offset = notes_offset(cf),
		.p_filesz = notes_size(cf), .p_align = 4,
	};

	if (!write_phdr(cf, &ph))
		return false;
	for (unsigned int i = 0; i < cf->nr_vmas; i++) {
		const struct core_vma *cv = &cf->vmas[i];

		ph = (Elf64_Phdr){
			.p_type = PT_LOAD, .p_flags = cv->flags,
			.p_offset = offset, .p_vaddr = cv->start,
			.p_filesz = cv->filesz, .p_memsz = cv->len,
			.p_align = PAGE_SIZE,
		};
		if (!write_phdr(cf, &ph))
			return false;
		offset += cv->filesz;
	}
	return true;
}

/* ---- notes ---------------------------------------------------------------- */

static bool write_note(struct core_file *cf, unsigned int type,
		       const struct packer *desc)
{
	unsigned char head[12 + 8];
	struct packer pk = { .buf = head };

	pack(&pk, 5, 4); /* "CORE" with its NUL */
	pack(&pk, desc->used, 4);
	pack(&pk, type, 4);
	pack_bytes(&pk, "CORE\0\0\0", 8);
	return emit(cf, head, sizeof(head)) &&
	       emit(cf, desc->buf, desc->used);
}

/* Registers by index, in the order of the processor's user_regs_struct. */
static void pack_registers(struct packer *pk, const struct core_thread *ct)
{
	const int pc = CORE_64 ? 16 : 12, sp = CORE_64 ? 19 : 15;

	/* What the emulation has of them: where it began, and its stack. */
	for (int reg = 0; reg < NR_REGS; reg++)
		pack(pk, reg == pc ? (uintptr_t)ct->entry :
			 reg == sp ? ct->sp : 0, CORE_WORD);
}

static bool write_prstatus(struct core_file *cf, const struct core_thread *ct)
{
	unsigned char buf[PRSTATUS_SIZE];
	struct packer pk = { .buf = buf };

	pack(&pk, (unsigned int)cf->signr, 4); /* si_signo */
	pack_pad(&pk, 12);
	pack(&pk, (unsigned int)cf->signr, 2); /* pr_cursig */
	pack_pad(&pk, 16);
	pack(&pk, ct->pending, CORE_WORD);
	pack(&pk, ct->blocked, CORE_WORD);
	pack(&pk, (unsigned int)ct->pid, 4);
	pack(&pk, (unsigned int)ct->ppid, 4);
	pack(&pk, (unsigned int)ct->tgid, 4); /* process group */
	pack(&pk, (unsigned int)ct->tgid, 4); /* session */
	pack_pad(&pk, pk.used + 8 * CORE_WORD); /* four times */
	pack_registers(&pk, ct);
	pack_pad(&pk, PRSTATUS_SIZE);
	return write_note(cf, NT_PRSTATUS, &pk);
}

static bool write_prpsinfo(struct core_file *cf)
{
	const struct core_thread *ct = &cf->threads[0];
	const size_t id = CORE_64 ? 4 : 2;
	unsigned char buf[PRPSINFO_SIZE];
	struct packer pk = { .buf = buf };
	char comm[sizeof(current->comm)];

	task_lock(current);
	memcpy(comm, current->comm, sizeof(comm));
	task_unlock(current);

	pack(&pk, 0, 1); /* state: running */
	pack(&pk, 'R', 1);
	pack_pad(&pk, CORE_64 ? 8 : 4);
	pack(&pk, current->flags, CORE_WORD);
	pack(&pk, current->user->uid, id);
	pack(&pk, current->user->uid, id);
	pack(&pk, (unsigned int)ct->tgid, 4);
	pack(&pk, (unsigned int)ct->ppid, 4);
	pack(&pk, (unsigned int)ct->tgid, 4);
	pack(&pk, (unsigned int)ct->tgid, 4);
	pack_bytes(&pk, comm, sizeof(comm)); /* pr_fname */
	pack_bytes(&pk, comm, sizeof(comm)); /* pr_psargs */
	pack_pad(&pk, PRPSINFO_SIZE);
	return write_note(cf, NT_PRPSINFO, &pk);
}

static bool write_auxv(struct core_file *cf)
{
	const unsigned long *auxv = current->mm->saved_auxv;
	unsigned char buf[sizeof(current->mm->saved_auxv)];
	struct packer pk = { .buf = buf };

	for (size_t i = 0; i < ARRAY_SIZE(current->mm->saved_auxv); i++)
		pack(&pk, auxv[i], CORE_WORD);
	return write_note(cf, NT_AUXV, &pk);
}

static bool write_notes(struct core_file *cf)
{
	for (unsigned int i = 0; i < cf->nr_threads; i++) {
		if (!write_prstatus(cf, &cf->threads[i]))
			return false;
		/* The process's note follows its first thread's. */
		if (!i && !write_prpsinfo(cf))
			return false;
	}
	return write_auxv(cf);
}

/* ---- memory --------------------------------------------------------------- */

static bool write_zeroes(struct core_file *cf, uint64_t len)
{
	const char *zero = page_address(empty_zero_page);

	while (len) {
		size_t n = len < PAGE_SIZE ? (size_t)len : PAGE_SIZE;

		if (!emit(cf, zero, n))
			return false;
		len -= n;
	}
	return true;
}

/* A page of the process, or zeroes where there is none to be had. */
static bool write_page(struct core_file *cf, struct mm_struct *mm,
		       uaddr_t addr)
{
	struct page *page = NULL;
	int got;

	down_read(&mm->mmap_sem);
	got = get_user_pages(mm, addr, 1, GUP_FORCE, &page);
	up_read(&mm->mmap_sem);
	if (got != 1)
		return write_zeroes(cf, PAGE_SIZE);
	/* A shared mapping may be written by others at this moment. */
	copy_user_page(cf->bounce, page);
	put_page(page);
	return emit(cf, page_address(cf->bounce), PAGE_SIZE);
}

static bool write_memory(struct core_file *cf, struct mm_struct *mm)
{
	if (!write_zeroes(cf, data_offset(cf) - cf->pos))
		return false;
	for (unsigned int i = 0; i < cf->nr_vmas; i++) {
		const struct core_vma *cv = &cf->vmas[i];

		for (unsigned long off = 0; off < cv->filesz; off += PAGE_SIZE)
			if (!write_page(cf, mm, cv->start + off))
				return false;
	}
	return true;
}

bool elf_core_dump(int signr, struct core_sink *sink, rlim_t limit)
{
	struct core_file cf = {
		.sink = sink, .signr = signr,
		.limit = limit == RLIM_INFINITY ? UINT64_MAX : limit,
	};
	struct mm_struct *mm = current->mm;
	bool ok = false;

	cf.bounce = alloc_page(GFP_KERNEL);
	if (!cf.bounce)
		return false;
	if (snapshot_vmas(&cf, mm) && snapshot_threads(&cf))
		ok = write_elf_header(&cf) && write_phdrs(&cf) &&
		     write_notes(&cf) && write_memory(&cf, mm);
	array_free(cf.threads, cf.nr_threads * sizeof(*cf.threads));
	array_free(cf.vmas, cf.max_vmas * sizeof(*cf.vmas));
	put_page(cf.bounce);
	return ok;
}
