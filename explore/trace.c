// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/trace.h"

#include <string.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/object.h"
#include "explore/race.h"
#include "explore/report.h"

#define TRACE_SHARED 255

const char *(*trace_name_lock)(const void *lock) EXPLORE_STATE;
static struct trace the_trace EXPLORE_STATE;

static const char *const op_names[NR_OPS] = {
	[OP_NONE] = "-",
	[OP_START] = "start",
	[OP_EXIT] = "exit",
	[OP_CREATE] = "create",
	[OP_JOIN] = "join",
	[OP_LOAD] = "load",
	[OP_STORE] = "store",
	[OP_RMW] = "rmw",
	[OP_FENCE] = "fence",
	[OP_FLUSH] = "flush",
	[OP_LOCK] = "lock",
	[OP_TRYLOCK] = "trylock",
	[OP_UNLOCK] = "unlock",
	[OP_RDLOCK] = "rdlock",
	[OP_TRYRDLOCK] = "tryrdlock",
	[OP_RDUNLOCK] = "rdunlock",
	[OP_COND_WAIT] = "cond-wait",
	[OP_SIGNAL] = "signal",
	[OP_BROADCAST] = "broadcast",
	[OP_FUTEX_WAIT] = "futex-wait",
	[OP_FUTEX_NOBODY] = "futex-wake",
	[OP_FUTEX_WAKE] = "futex-wake",
	[OP_BARRIER] = "barrier",
	[OP_SEM_WAIT] = "sem-wait",
	[OP_SEM_POST] = "sem-post",
	[OP_ONCE] = "once",
	[OP_YIELD] = "yield",
	[OP_SLEEP] = "sleep",
	[OP_RCU_LOCK] = "rcu-read-lock",
	[OP_RCU_UNLOCK] = "rcu-read-unlock",
	[OP_RCU_SYNC] = "rcu-synchronize",
	[OP_RCU_CALL] = "rcu-call",
};

const char *op_name(enum op_kind kind)
{
	return op_names[kind];
}

struct trace *trace_get(void)
{
	struct trace *tr = &the_trace;

	if (!tr->steps) {
		tr->steps = mmap(NULL, TRACE_MAX * sizeof(*tr->steps),
				 PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
				 -1, 0);
		if (tr->steps == MAP_FAILED) {
			tr->steps = NULL;
			return NULL;
		}
	}
	tr->n = 0;
	tr->lost = 0;
	tr->prev_runnable = 0;
	memset(tr->last, 0, sizeof(tr->last));
	memset(tr->users, 0, sizeof(tr->users));
	return tr;
}

const struct trace *trace_last(void)
{
	return the_trace.steps ? &the_trace : NULL;
}

static void copy_frames(struct trace_step *s, const struct thread *t)
{
	const uintptr_t *f = t->frame;

	s->nr_frames = 0;
	while (f > t->frames && s->nr_frames < TRACE_FRAMES)
		s->frames[s->nr_frames++] = *--f;
}

static bool may_be_quiet(enum op_kind kind)
{
	return kind == OP_LOAD || kind == OP_STORE || kind == OP_RMW ||
	       kind == OP_FENCE;
}

bool trace_shown(const struct trace *tr, uint32_t i)
{
	const struct trace_step *s = &tr->steps[i];

	if (report_all_steps || tr->n <= TRACE_SHORT || eng.model->flush ||
	    s->preempted ||
	    !may_be_quiet(s->kind) || i + 1 == tr->n)
		return true;
	if (s->kind == OP_FENCE)
		return !eng.model->newest;
	return (race_cell(s->addr)->marked &&
		tr->users[s->obj % TRACE_USERS] == TRACE_SHARED) ||
	       s[1].preempted;
}

/* Two objects that share an entry count as shared. */
static void note_user(struct trace *tr, const struct trace_step *s)
{
	uint8_t *user = &tr->users[s->obj % TRACE_USERS];

	*user = !*user || *user == s->tid + 1 ? s->tid + 1 : TRACE_SHARED;
}

const char *trace_lock_name(uintptr_t addr)
{
	return trace_name_lock && object_find(addr, OBJECT_ANNOTATED, 0) ?
	       trace_name_lock((const void *)addr) : NULL;
}

unsigned int trace_column(const struct trace_step *s)
{
	return s->tid < eng.nr_threads ? s->tid : s->tid - EX_FLUSH_BASE;
}

void trace_step(struct thread *t)
{
	struct trace *tr = eng.trace;
	const struct object *o = t->op.obj;
	struct trace_step *s;

	if (tr->n == TRACE_MAX) {
		tr->lost++;
		return;
	}
	s = &tr->steps[tr->n++];
	*s = (struct trace_step){
		.tid = t->id, .kind = t->op.kind, .size = t->op.size,
		.order = t->op.order, .obj = o ? o->id : 0,
		.obj_kind = o ? o->kind : 0, .addr = o ? o->addr : 0,
		.pc = t->op.pc, .decisions = eng.nr_decisions,
		.value = t->op.value, .nr_held = (uint8_t)t->nr_held,
		.lock = t->nr_held ? t->held[t->nr_held - 1].obj->addr : 0,
	};
	s->preempted = tr->n > 1 && s[-1].tid != t->id &&
		       (eng.runnable >> s[-1].tid & 1);
	note_user(tr, s);
	s->name = s->addr ? trace_lock_name(s->addr) : NULL;
	s->lock_name = s->lock ? trace_lock_name(s->lock) : NULL;
	copy_frames(s, t);
	tr->last[t->id] = tr->n;
}

void trace_result(struct thread *t)
{
	struct trace *tr = eng.trace;

	if (!tr->last[t->id])
		return;
	tr->steps[tr->last[t->id] - 1].value = t->op.value;
	tr->steps[tr->last[t->id] - 1].failed = t->op.failed;
}
