// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/oracle_data.h"

#include <inttypes.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/filemap.h"
#include "mm/uaccess.h"

#define HASH_BITS 20
#define GENERATION_BITS 20
#define WATCHED 12

static uint64_t page_hash(uaddr_t page)
{
	return rng_mix(page >> PAGE_SHIFT) & ((1u << HASH_BITS) - 1);
}

static uint64_t make_value(struct stress_user *u, uaddr_t page)
{
	u->generation = (u->generation + 1) & ((1u << GENERATION_BITS) - 1);
	if (!u->generation)
		u->generation = 1;
	return ((uint64_t)u->serial << (HASH_BITS + GENERATION_BITS)) |
	       ((uint64_t)u->generation << HASH_BITS) | page_hash(page);
}

/* "written by user 12, generation 7" */
static const char *describe(uint64_t v, uaddr_t page, char *buf, size_t size)
{
	if (!v)
		snprintf(buf, size, "nothing written");
	else if ((v & ((1u << HASH_BITS) - 1)) != page_hash(page))
		snprintf(buf, size, "no value of this page");
	else
		snprintf(buf, size, "written by user %u, generation %u",
			 (unsigned int)(v >> (HASH_BITS + GENERATION_BITS)),
			 (unsigned int)(v >> HASH_BITS) &
			 ((1u << GENERATION_BITS) - 1));
	return buf;
}

/* The reader's latest calls, latest first. */
static void list_notes(const struct stress_user *u, char *buf, size_t size)
{
	size_t at = 0;

	buf[0] = '\0';
	for (unsigned int i = 1; i <= USER_NOTES && i <= u->nr_notes; i++) {
		const struct user_note *n =
			&u->notes[(u->nr_notes - i) % USER_NOTES];

		if (at < size)
			at += snprintf(buf + at, size - at,
				       "\n  %s %#lx length %#lx: %#lx",
				       n->what, n->addr, n->len, n->ret);
	}
}

static void found(const struct stress_user *u, uaddr_t addr, uint64_t expected,
		  uint64_t seen, const char *what)
{
	char old[64], new[64], notes[1200];
	uaddr_t page = addr & PAGE_MASK;

	list_notes(u, notes, sizeof(notes));
	report_finding(FINDING_DATA, "%s at %#lx: expected %#" PRIx64
		       " (%s), saw %#" PRIx64 " (%s); reader is user %u, pid"
		       " %d of group %d, slot %u, mm %lu, CPU %d, %u forks"
		       " from the ancestor; its latest calls:%s", what, addr,
		       expected, describe(expected, page, old, sizeof(old)),
		       seen, describe(seen, page, new, sizeof(new)),
		       u->serial, current->pid, current->tgid, u->slot,
		       current->mm->mm_id, smp_processor_id(), u->depth,
		       notes);
}

void data_write(struct stress_user *u, uaddr_t page, uint64_t *expect)
{
	uint64_t value = make_value(u, page);

	if (user_write64(page + u->slot * 8, value))
		return;
	*expect = value;
	stress_count(EV_WRITE);
}

void data_check(struct stress_user *u, uaddr_t page, uint64_t expect,
		uint64_t initial)
{
	uint64_t want = expect ? expect : initial, seen;

	if (user_read64(page + u->slot * 8, &seen))
		return;
	stress_count(EV_READ);
	if (unlikely(seen != want))
		found(u, page + u->slot * 8, want, seen,
		      expect ? "own value lost" : "first contents wrong");
}

uint64_t data_check_foreign(struct stress_user *u, uaddr_t page,
			    unsigned int slot)
{
	uint64_t seen;

	if (user_read64(page + slot * 8, &seen))
		return 0;
	stress_count(EV_READ);
	if (seen && (seen & ((1u << HASH_BITS) - 1)) != page_hash(page))
		found(u, page + slot * 8, page_hash(page), seen,
		      "another thread's word is foreign to the page");
	return seen;
}

void data_check_pattern(struct stress_user *u, uaddr_t page,
			unsigned long ino, pgoff_t index)
{
	unsigned int word = rng_below(&u->rng, PAGE_SIZE / 8);
	uint64_t want = file_pattern(ino, index, word), seen;

	if (user_read64(page + word * 8, &seen))
		return;
	stress_count(EV_READ);
	if (unlikely(seen != want))
		found(u, page + word * 8, want, seen,
		      "file page without its contents");
}

/* Returns the value before the increment; false if it could not be done. */
static bool fetch_add(uaddr_t addr, uint64_t *old)
{
	int ret;

	if (user_read64(addr, old))
		return false;
	do {
		ret = user_cmpxchg64(addr, old, *old + 1);
	} while (!ret);
	return ret == 1;
}

/* The counter must lie in [low, high] above the file's own contents. */
static void check_count(struct stress_user *u, uaddr_t page, uint64_t seen,
			uint64_t base, uint64_t low, uint64_t high)
{
	if (likely(seen - base - low <= high - low))
		return;
	report_finding(FINDING_DATA, "shared file page at %#lx: expected a"
		       " count from %" PRIu64 " to %" PRIu64 ", saw %" PRId64
		       "; reader is user %u, pid %d, mm %lu, CPU %d", page,
		       low, high, (int64_t)(seen - base), u->serial,
		       current->pid, current->mm->mm_id, smp_processor_id());
}

void data_count_shared(struct stress_user *u, uaddr_t page, unsigned int file,
		       pgoff_t index)
{
	struct shared_file *s = &world.shared[file];
	uint64_t low = __atomic_load_n(&s->made[index], __ATOMIC_ACQUIRE);
	uint64_t old, high;

	__atomic_fetch_add(&s->begun[index], 1, __ATOMIC_SEQ_CST);
	if (!fetch_add(page, &old))
		return; /* begun only: the upper bound is a bit loose now */
	__atomic_fetch_add(&s->made[index], 1, __ATOMIC_SEQ_CST);
	high = __atomic_load_n(&s->begun[index], __ATOMIC_ACQUIRE);
	stress_count(EV_WRITE);
	check_count(u, page, old, file_pattern(s->ino, index, 0), low, high);
}

void data_check_shared(struct stress_user *u, uaddr_t page, unsigned int file,
		       pgoff_t index)
{
	struct shared_file *s = &world.shared[file];
	uint64_t low = __atomic_load_n(&s->made[index], __ATOMIC_ACQUIRE);
	uint64_t seen, high;

	if (user_read64(page, &seen))
		return;
	high = __atomic_load_n(&s->begun[index], __ATOMIC_ACQUIRE);
	stress_count(EV_READ);
	check_count(u, page, seen, file_pattern(s->ino, index, 0), low, high);
}

void data_count_anon(struct stress_user *u, uaddr_t page, uint64_t *seen)
{
	uint64_t old;

	if (!fetch_add(page, &old))
		return;
	stress_count(EV_WRITE);
	if (old < *seen)
		found(u, page, *seen, old,
		      "shared anonymous counter fell back");
	*seen = old + 1;
}

void data_watch_orphans(struct stress_user *u,
			void (*between)(struct stress_user *u))
{
	uint64_t first[WATCHED], now;
	uaddr_t page[WATCHED];
	unsigned int slot[WATCHED];

	for (int i = 0; i < WATCHED; i++) {
		const struct data_page *d =
			&u->image->data[rng_below(&u->rng,
						  u->image->nr_data)];

		page[i] = d->addr;
		slot[i] = 1 + rng_below(&u->rng, 12);
		first[i] = 0;
		if (slot[i] == u->slot ||
		    user_read64(page[i] + slot[i] * 8, &first[i]))
			slot[i] = 0;
	}
	between(u);
	for (int i = 0; i < WATCHED; i++) {
		if (!slot[i] || user_read64(page[i] + slot[i] * 8, &now))
			continue;
		stress_count(EV_READ);
		if (now != first[i])
			found(u, page[i] + slot[i] * 8, first[i], now,
			      "a word changed that nobody here writes");
	}
}
