// SPDX-License-Identifier: GPL-2.0-or-later
/* The oracle of references: counts against the shadow of their holders. */
#include <stdio.h>

#include "locking/report.h"
#include "mm/file.h"
#include "mm/files.h"
#include "mm/fork.h"
#include "mm/mempolicy.h"
#include "stress/oracle.h"
#include "stress/shadow.h"
#include "stress/world.h"

/* Report a count that is not what its holders add up to. */
static void check_count(struct shadow *s, enum ref_kind ref,
			const void *object, const char *what, long seen)
{
	long expected = shadow_count(s, ref, object);
	char holders[HOLDERS_TEXT_MAX];

	if (seen == expected)
		return;
	report_finding(FINDING_REFCOUNT, "%s is %ld, expected %ld\nheld by: %s",
		       what, seen, expected,
		       shadow_holders(s, ref, object, holders,
				      sizeof(holders)));
}

static void check_mm(struct shadow *s, struct mm_struct *mm)
{
	int users = atomic_read(&mm->mm_users);
	char what[64];

	snprintf(what, sizeof(what), "INV-2: mm_users of mm %lu", mm->mm_id);
	check_count(s, REF_MM_USERS, mm, what, users);
	snprintf(what, sizeof(what), "INV-3: mm_count of mm %lu", mm->mm_id);
	check_count(s, REF_MM_COUNT, mm, what, atomic_read(&mm->mm_count));
	if (!users)
		stress_count(COVER_B14_LAZY_LAST);
}

/* REF-13: fork and split make new objects, nobody shares one. */
static void check_policies(struct shadow *s)
{
	char holders[HOLDERS_TEXT_MAX];
	struct ptrmap_entry *e;

	ptrmap_for_each(&s->counts[REF_POLICY], e) {
		const struct mempolicy *pol = e->key;

		check_count(s, REF_POLICY, pol, "REF-13: refcnt of a mempolicy",
			    atomic_read(&pol->refcnt));
		if (e->a > 1)
			report_finding(FINDING_REFCOUNT, "REF-13: a mempolicy"
				       " has %ld owners\nheld by: %s", e->a,
				       shadow_holders(s, REF_POLICY, pol,
						      holders,
						      sizeof(holders)));
	}
}

static void check_groups(struct shadow *s)
{
	struct ptrmap_entry *e;

	ptrmap_for_each(&s->counts[REF_SIGNAL], e) {
		const struct signal_struct *sig = e->key;

		check_count(s, REF_SIGNAL, sig, "INV-28: signal->count",
			    atomic_read(&sig->count));
	}
	ptrmap_for_each(&s->counts[REF_SIGHAND], e) {
		const struct sighand_struct *sighand = e->key;

		check_count(s, REF_SIGHAND, sighand, "sighand->count",
			    atomic_read(&sighand->count));
	}
}

static void check_files(struct shadow *s)
{
	struct ptrmap_entry *e;

	ptrmap_for_each(&s->counts[REF_FILES], e) {
		const struct files_struct *files = e->key;

		check_count(s, REF_FILES, files, "files->count",
			    atomic_read(&files->count));
	}
	ptrmap_for_each(&s->counts[REF_FILE], e) {
		const struct file *file = e->key;
		char what[128];

		snprintf(what, sizeof(what), "REF-10: f_count of a file of %s",
			 file->f_inode->i_name);
		check_count(s, REF_FILE, file, what,
			    atomic_read(&file->f_count));
	}
}

static void check_inode(struct shadow *s, struct inode *inode)
{
	char what[128];

	snprintf(what, sizeof(what), "REF-10: i_count of inode %lu (%s)",
		 inode->i_ino, inode->i_name);
	check_count(s, REF_INODE, inode, what, atomic_read(&inode->i_count));
	snprintf(what, sizeof(what), "INV-9: i_writecount of inode %lu (%s)",
		 inode->i_ino, inode->i_name);
	check_count(s, REF_WRITER, inode, what,
		    atomic_read(&inode->i_writecount));
}

/* Also those that nobody holds. */
static void note_inode(struct inode *inode, void *arg)
{
	struct shadow *s = arg;

	ptrmap_get(&s->counts[REF_INODE], inode);
}

static void check_inodes(struct shadow *s)
{
	struct ptrmap_entry *e;

	for_each_inode(note_inode, s);
	ptrmap_for_each(&s->counts[REF_INODE], e)
		check_inode(s, (struct inode *)e->key);
}

/* INV-1: whatever is held is still there. */
static void check_existence(struct shadow *s, enum ref_kind ref)
{
	char holders[HOLDERS_TEXT_MAX];
	struct ptrmap_entry *e;

	for (unsigned int i = 0; i < s->c->nr; i++) {
		e = ptrmap_get(&s->counts[ref], s->c->mms[i]);
		if (e)
			e->b = 1;
	}
	ptrmap_for_each(&s->counts[ref], e)
		if (!e->b && e->key != &init_mm)
			report_finding(FINDING_USE_AFTER_FREE, "INV-1: an mm"
				       " that has been freed is held\nheld by: %s",
				       shadow_holders(s, ref, e->key, holders,
						      sizeof(holders)));
}

void census_refs(struct shadow *s)
{
	check_existence(s, REF_MM_USERS);
	check_existence(s, REF_MM_COUNT);
	for (unsigned int i = 0; i < s->c->nr; i++)
		check_mm(s, s->c->mms[i]);
	check_groups(s);
	check_policies(s);
	check_files(s);
	check_inodes(s);
}
