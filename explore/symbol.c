// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/symbol.h"

#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "explore/engine.h"
#include "explore/heap.h"
#include "explore/world.h"

extern char __data_start[]; /* set by the linker */

static Dwfl *dwfl EXPLORE_STATE;

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

static Dwfl_Module *module_at(uintptr_t addr)
{
	if (!dwfl) {
		dwfl = dwfl_begin(&callbacks);
		if (!dwfl)
			return NULL;
		dwfl_linux_proc_report(dwfl, getpid());
		dwfl_report_end(dwfl, NULL, NULL);
	}
	return dwfl_addrmodule(dwfl, addr);
}

/* clang writes no address table, so ask the compilation units in turn. */
static Dwarf_Line *search_line(Dwfl_Module *mod, Dwarf_Addr pc)
{
	Dwarf_Addr bias;
	Dwarf_Die *cu = NULL;

	while ((cu = dwfl_module_nextcu(mod, cu, &bias)) != NULL)
		if (dwarf_haspc(cu, pc - bias) == 1)
			return dwarf_getsrc_die(cu, pc - bias);
	return NULL;
}

static void find_line(Dwfl_Module *mod, uintptr_t pc, struct symbol *s)
{
	Dwarf_Line *line = search_line(mod, pc);
	const char *name = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	const char *slash;

	if (!name)
		return;
	dwarf_lineno(line, &s->line);
	slash = strrchr(name, '/');
	s->file = slash ? slash + 1 : name;
}

struct symbol symbol_line(uintptr_t pc)
{
	struct symbol s = { .function = "?", .file = "?" };
	Dwfl_Module *mod = pc ? module_at(pc - 1) : NULL;

	if (mod)
		find_line(mod, pc - 1, &s);
	return s;
}

struct symbol symbol_code(uintptr_t pc)
{
	struct symbol s = symbol_line(pc);
	Dwfl_Module *mod = pc ? module_at(pc - 1) : NULL;
	const char *name = mod ? dwfl_module_addrname(mod, pc - 1) : NULL;

	if (name)
		s.function = name;
	return s;
}

static const struct thread *stack_owner(uintptr_t addr)
{
	for (unsigned int i = 0; i < eng.nr_prepared; i++)
		if (addr - (uintptr_t)eng.threads[i].fiber.stack <
		    FIBER_STACK_SIZE)
			return &eng.threads[i];
	return NULL;
}

static void name_heap(uintptr_t addr, char *buf, size_t size)
{
	const struct block *b = heap_find(addr);

	if (!b)
		snprintf(buf, size, "heap");
	else
		snprintf(buf, size, "heap block %u+%lu of %zu",
			 (unsigned int)(b - heap.blocks),
			 (unsigned long)(addr - b->addr), b->size);
}

void symbol_data(uintptr_t addr, char *buf, size_t size)
{
	const struct thread *t = stack_owner(addr);
	Dwfl_Module *mod;
	const char *name;
	GElf_Off offset = 0;
	GElf_Sym sym;

	if (heap_owns(addr)) {
		name_heap(addr, buf, size);
		return;
	}
	if (t) {
		snprintf(buf, size, "stack of thread %u", t->id);
		return;
	}
	/* Zeroed variables lie behind what is mapped of the file. */
	mod = module_at(world_in_data(addr) ? (uintptr_t)__data_start : addr);
	name = mod ? dwfl_module_addrinfo(mod, addr, &offset, &sym, NULL,
					  NULL, NULL) : NULL;
	if (!name)
		snprintf(buf, size, "%#lx", (unsigned long)addr);
	else if (offset)
		snprintf(buf, size, "%s+%lu", name, (unsigned long)offset);
	else
		snprintf(buf, size, "%s", name);
}
