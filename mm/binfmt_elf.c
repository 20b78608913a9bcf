// SPDX-License-Identifier: GPL-2.0-or-later
/* binfmt_elf.c - install a program: segments, heap, stack with arguments */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "mm/binfmt_elf.h"
#include "mm/mmap.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/uaccess.h"
#include "mm/validate.h"

/* A word of the emulated program: as wide as a page-table word. */
#define USER_WORD sizeof(pteval_t)

static int put_word(uint64_t value, uaddr_t addr)
{
	return USER_WORD == 8 ? put_user64(value, addr) :
				put_user32((uint32_t)value, addr);
}

static int map_segment(const struct exec_image *image,
		       const struct exec_segment *s)
{
	struct mm_struct *mm = current->mm;
	unsigned long flags = MAP_FIXED;
	uaddr_t addr;

	flags |= s->shared ? MAP_SHARED : MAP_PRIVATE;
	if (!s->file)
		flags |= MAP_ANONYMOUS;
	else if (s->file == image->file)
		flags |= MAP_DENYWRITE | MAP_EXECUTABLE;
	down_write(&mm->mmap_sem);
	addr = do_mmap_pgoff(s->file, s->start, PAGE_ALIGN(s->len), s->prot,
			     flags, s->pgoff);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return IS_ERR_VALUE(addr) ? (int)addr : 0;
}

/* Where code, data and heap are, for brk() and for those who ask. */
static void set_layout(struct mm_struct *mm, const struct exec_image *image)
{
	uaddr_t end = 0;

	down_write(&mm->mmap_sem);
	for (int i = 0; i < image->nr_segments; i++) {
		const struct exec_segment *s = &image->segments[i];

		end = s->start + s->len;
		if ((s->prot & PROT_EXEC) && !mm->start_code) {
			mm->start_code = s->start;
			mm->end_code = end;
		}
		if ((s->prot & PROT_WRITE) && !mm->start_data)
			mm->start_data = s->start;
		if (s->prot & PROT_WRITE)
			mm->end_data = end;
	}
	mm->start_brk = PAGE_ALIGN(image->brk ? image->brk : end);
	mm->brk = mm->start_brk;
	up_write(&mm->mmap_sem);
}

/* Pairs of the auxiliary vector, kept for core dumps; words used. */
static int fill_auxv(struct mm_struct *mm)
{
	const unsigned long pairs[] = {
		AT_PAGESZ, PAGE_SIZE,
		AT_ENTRY, mm->start_code,
		AT_UID, current->user->uid,
		AT_EUID, current->user->uid,
		AT_SECURE, !READ_ONCE(mm->dumpable),
		AT_NULL, 0,
	};

	memcpy(mm->saved_auxv, pairs, sizeof(pairs));
	return ARRAY_SIZE(pairs);
}

/* A NULL-terminated table of the strings from @string on. */
static int put_pointers(const char *const *strings, int count, uaddr_t *table,
			uaddr_t *string)
{
	int err = 0;

	for (int i = 0; i < count && !err; i++) {
		err = put_word(*string, *table);
		*string += strlen(strings[i]) + 1;
		*table += USER_WORD;
	}
	if (!err)
		err = put_word(0, *table);
	*table += USER_WORD;
	return err;
}

/* argc, argv[], envp[] and auxv below the strings, as the ABI wants them. */
static int create_elf_tables(struct linux_binprm *bprm)
{
	struct mm_struct *mm = current->mm;
	int nr_aux = fill_auxv(mm);
	int words = 1 + bprm->argc + 1 + bprm->envc + 1 + nr_aux;
	uaddr_t string = bprm->p;
	uaddr_t sp = (bprm->p - (unsigned long)words * USER_WORD) & ~15UL;
	uaddr_t pos = sp + USER_WORD;
	int err;

	/* The kernel may write far below the stack's VMA, user code not. */
	current->user_sp = sp;
	err = put_word((uint64_t)bprm->argc, sp);
	if (!err)
		err = put_pointers(bprm->image->argv, bprm->argc, &pos,
				   &string);
	mm->arg_end = string;
	mm->env_start = string;
	if (!err)
		err = put_pointers(bprm->image->envp, bprm->envc, &pos,
				   &string);
	mm->env_end = string;
	for (int i = 0; i < nr_aux && !err; i++, pos += USER_WORD)
		err = put_word(mm->saved_auxv[i], pos);
	mm->start_stack = sp;
	return err;
}

static int map_segments(const struct exec_image *image)
{
	int err = 0;

	for (int i = 0; i < image->nr_segments && !err; i++)
		err = map_segment(image, &image->segments[i]);
	return err;
}

/*
 * EXEC-2: from here on a failure is the end of the task.  The loader of a.out
 * maps the file first, so its stack may find its place taken.
 */
static int install_image(struct linux_binprm *bprm)
{
	const struct exec_image *image = bprm->image;
	uaddr_t top = image->stack_top ? image->stack_top : STACK_TOP;
	int err = 0;

	if (image->aout)
		err = map_segments(image);
	if (!err)
		err = setup_arg_pages(bprm, top);
	if (!err && !image->aout)
		err = map_segments(image);
	if (err)
		return err;
	set_layout(current->mm, image);
	return create_elf_tables(bprm);
}

int load_elf_binary(struct linux_binprm *bprm)
{
	const struct exec_image *image = bprm->image;
	int err;

	err = flush_old_exec(bprm);
	if (err)
		return err;
	err = install_image(bprm);
	if (err) {
		force_sig(SIGKILL, current);
		return err;
	}
	current->entry = image->entry;
	current->entry_arg = image->arg;
	current->program = image->program;
	return 0;
}
