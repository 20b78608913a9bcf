// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/object.h"

#include <stddef.h>

#include "explore/race.h"

static const char *const kind_names[] = {
	[OBJECT_ATOMIC] = "atomic",
	[OBJECT_MUTEX] = "mutex",
	[OBJECT_RWLOCK] = "rwlock",
	[OBJECT_COND] = "condition",
	[OBJECT_SEM] = "semaphore",
	[OBJECT_BARRIER] = "barrier",
	[OBJECT_ONCE] = "once",
	[OBJECT_SPIN] = "spinlock",
	[OBJECT_THREAD] = "thread",
	[OBJECT_FUTEX] = "futex",
	[OBJECT_RCU] = "grace period",
	[OBJECT_ANNOTATED] = "lock",
};

const char *object_kind_name(enum object_kind kind)
{
	return kind_names[kind];
}

static struct object *object_new(struct cell *c, uintptr_t addr,
				 enum object_kind kind, unsigned int size)
{
	struct object *o;

	if (eng.nr_objects + 1 >= EX_MAX_OBJECTS)
		engine_fail(VERDICT_HARNESS, "more than %u objects",
			    EX_MAX_OBJECTS);
	o = &eng.objects[++eng.nr_objects];
	memset(o, 0, offsetof(struct object, rel));
	o->id = eng.nr_objects;
	o->addr = addr;
	o->kind = kind;
	o->size = size;
	o->owner = -1;
	vclock_clear(&o->rel);
	vclock_clear(&o->rd_rel);
	o->next = c->obj;
	c->obj = o->id;
	return o;
}

struct object *object_lookup(uintptr_t addr, enum object_kind kind,
			     unsigned int size)
{
	struct cell *c = race_cell_now(addr);
	struct object *o;

	for (uint32_t i = c->obj; i; i = o->next) {
		o = &eng.objects[i];
		if (o->addr == addr && o->kind == kind && o->size == size)
			return o;
	}
	return object_new(c, addr, kind, size);
}

struct object *object_find(uintptr_t addr, enum object_kind kind,
			   unsigned int size)
{
	const struct cell *c = race_cell(addr);
	struct object *o;

	if (c->stamp != eng.exec && race_has_base(race_block(addr)))
		c = race_cell_now(addr);
	if (c->stamp != eng.exec)
		return NULL;
	for (uint32_t i = c->obj; i; i = o->next) {
		o = &eng.objects[i];
		if (o->addr == addr && o->kind == kind && o->size == size)
			return o;
	}
	return NULL;
}

void object_forget(struct object *obj)
{
	struct cell *c = race_cell_now(obj->addr);
	uint32_t i = c->obj;

	if (i == obj->id) {
		c->obj = obj->next;
		return;
	}
	while (i && eng.objects[i].next != obj->id)
		i = eng.objects[i].next;
	if (i)
		eng.objects[i].next = obj->next;
}
