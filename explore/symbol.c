// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/symbol.h"

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "explore/engine.h"
#include "explore/heap.h"
#include "explore/world.h"

extern char __data_start[]; /* set by the linker */

static Dwfl *dwfl EXPLORE_STATE;

/*
 * What was asked before: a report of 350,000 steps is at a few thousand places,
 * and each answer searches tables.  A newer one takes an older one's slot.
 */
#define SLOTS (1u << 13)

struct code {
	uintptr_t pc;
	struct symbol s; /* file NULL: nothing here yet */
	bool named; /* the function has been looked up, too */
};

struct variable {
	uintptr_t addr;
	bool known;
	const char *name; /* NULL: none there */
	GElf_Off offset;
};

static struct code codes[SLOTS] EXPLORE_STATE;
static struct variable variables[SLOTS] EXPLORE_STATE;

static uint32_t slot_of(uintptr_t addr)
{
	return (uint32_t)(addr * 0x9e3779b97f4a7c15ull >> 51) & (SLOTS - 1);
}

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

static struct code *code_at(uintptr_t pc)
{
	struct code *c = &codes[slot_of(pc)];
	Dwfl_Module *mod;

	if (c->pc == pc && c->s.file)
		return c;
	*c = (struct code){ .pc = pc, .s = { .function = "?", .file = "?" } };
	mod = pc ? module_at(pc - 1) : NULL;
	if (mod)
		find_line(mod, pc - 1, &c->s);
	return c;
}

struct symbol symbol_line(uintptr_t pc)
{
	return code_at(pc)->s;
}

struct symbol symbol_code(uintptr_t pc)
{
	struct code *c = code_at(pc);
	Dwfl_Module *mod = pc && !c->named ? module_at(pc - 1) : NULL;
	const char *name = mod ? dwfl_module_addrname(mod, pc - 1) : NULL;

	if (name)
		c->s.function = name;
	c->named = true;
	return c->s;
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

static const struct variable *variable_at(uintptr_t addr)
{
	struct variable *v = &variables[slot_of(addr)];
	Dwfl_Module *mod;
	GElf_Sym sym;

	if (v->known && v->addr == addr)
		return v;
	*v = (struct variable){ .addr = addr, .known = true };
	/* Zeroed variables lie behind what is mapped of the file. */
	mod = module_at(world_in_data(addr) ? (uintptr_t)__data_start : addr);
	if (mod)
		v->name = dwfl_module_addrinfo(mod, addr, &v->offset, &sym,
					       NULL, NULL, NULL);
	return v;
}

void symbol_data(uintptr_t addr, char *buf, size_t size)
{
	const struct thread *t = stack_owner(addr);
	const struct variable *v;

	if (heap_owns(addr)) {
		name_heap(addr, buf, size);
		return;
	}
	if (t) {
		snprintf(buf, size, "stack of thread %u", t->id);
		return;
	}
	v = variable_at(addr);
	if (!v->name)
		snprintf(buf, size, "%#lx", (unsigned long)addr);
	else if (v->offset)
		snprintf(buf, size, "%s+%lu", v->name,
			 (unsigned long)v->offset);
	else
		snprintf(buf, size, "%s", v->name);
}
