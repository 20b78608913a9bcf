// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The wait-for graph.
 *
 * A thread that waits has one record of its wait; the threads it waits for
 * are those that hold the lock (found by the address in their held stacks:
 * the lock itself, which may be gone, is not looked at), or the one that the
 * wait's blocker callback names, or that the caller knows.
 *
 *   1. snapshot every registered thread: wait, its number, locks held
 *   2. sort the locks held by address
 *   3. depth-first search from each thread that has waited too long, through
 *      such threads only
 *   4. a cycle counts if every member is still in the same wait, and has
 *      not been woken: while a thread waits it changes nothing of its own
 *      record, so there was an instant, between 1 and 4, at which all edges
 *      of the cycle held together
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locking/report.h"
#include "locking/lockdep.h"
#include "locking/thread.h"
#include "locking/waitgraph.h"

#define GRAPH_TEXT 3840
#define MAX_LISTED 16

enum mark { MARK_NONE, MARK_ON_PATH, MARK_DONE };

struct node {
	struct lthread *thread;
	char name[LTHREAD_NAME_LEN];
	unsigned int id;
	struct lwait wait;
	unsigned int seq;
	bool waits;		/* long enough to count */
	bool idle;		/* may last for ever, but for its blocker */
	bool in_cycle;
	enum mark mark;
	struct lthread *blocker;
	const char *note;	/* the caller's, or NULL */
};

struct hold {
	const void *lock;
	int node;
};

struct graph {
	struct node *nodes;	/* by thread address */
	int nr_nodes;
	struct hold *holds;	/* by lock address */
	int nr_holds;
	int *path;		/* node numbers, the search's stack */
	int nr_path;
	int findings;
	char *text;		/* GRAPH_TEXT bytes */
	size_t len;
};

static void __printf(2, 3) add_text(struct graph *g, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (g->len >= GRAPH_TEXT)
		return;
	va_start(ap, fmt);
	n = vsnprintf(g->text + g->len, GRAPH_TEXT - g->len, fmt, ap);
	va_end(ap);
	g->len += (size_t)n;
}

static int compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return x->thread < y->thread ? -1 : x->thread > y->thread;
}

static int compare_holds(const void *a, const void *b)
{
	const struct hold *x = a, *y = b;

	return x->lock < y->lock ? -1 : x->lock > y->lock;
}

/* A wait that somebody has ended already does not count. */
static bool woken(const struct lthread *t)
{
	return smp_load_acquire(&t->wait_word) != LTHREAD_WAIT;
}

/* Waits that do not use the word of the record say nothing by it. */
static bool uses_wait_word(const struct lwait *w)
{
	return w->kind == LWAIT_RWSEM_READ || w->kind == LWAIT_RWSEM_WRITE ||
	       w->kind == LWAIT_SEMAPHORE || w->kind == LWAIT_COMPLETION;
}

static void snapshot_thread(struct node *n, struct lthread *t,
			    unsigned long min_age)
{
	n->thread = t;
	n->id = READ_ONCE(t->id);
	lthread_name(t, n->name);
	n->waits = lwait_snapshot(t, &n->wait, &n->seq) &&
		   !(uses_wait_word(&n->wait) && woken(t)) &&
		   time_after_eq(jiffies, n->wait.since + min_age);
	n->idle = n->waits && n->wait.kind == LWAIT_IDLE;
	if (n->waits && n->wait.blocker)
		n->blocker = n->wait.blocker(&n->wait);
}

static void free_graph(struct graph *g)
{
	free(g->nodes);
	free(g->holds);
	free(g->path);
	free(g->text);
}

static void snapshot_holds(struct graph *g, int node)
{
	const struct lthread *t = g->nodes[node].thread;
	int nr = clamp(READ_ONCE(t->nr_held), 0, LTHREAD_MAX_HELD);

	for (int i = 0; i < nr; i++)
		g->holds[g->nr_holds++] = (struct hold) {
			.lock = READ_ONCE(t->held[i].lock), .node = node,
		};
}

/* Return: false without memory. */
static bool take_snapshot(struct graph *g, unsigned long min_age)
{
	struct lthread *first = lthread_first();
	size_t max = 0;

	for (struct lthread *t = first; t; t = t->next_all)
		max++;
	g->nodes = calloc(max + 1, sizeof(*g->nodes));
	g->holds = calloc((max + 1) * LTHREAD_MAX_HELD, sizeof(*g->holds));
	g->path = calloc(max + 1, sizeof(*g->path));
	g->text = calloc(1, GRAPH_TEXT);
	if (!g->nodes || !g->holds || !g->path || !g->text)
		return false;

	for (struct lthread *t = first; t; t = t->next_all) {
		if (READ_ONCE(t->in_use))
			snapshot_thread(&g->nodes[g->nr_nodes++], t, min_age);
	}
	qsort(g->nodes, (size_t)g->nr_nodes, sizeof(*g->nodes), compare_nodes);
	for (int i = 0; i < g->nr_nodes; i++)
		snapshot_holds(g, i);
	qsort(g->holds, (size_t)g->nr_holds, sizeof(*g->holds), compare_holds);
	return true;
}

/* First of the entries for @lock, or nr_holds. */
static int first_hold(const struct graph *g, const void *lock)
{
	int lo = 0, hi = g->nr_holds;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (g->holds[mid].lock < lock)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct node *find_node(const struct graph *g, const struct lthread *t)
{
	const struct node key = { .thread = (struct lthread *)t };

	return bsearch(&key, g->nodes, (size_t)g->nr_nodes, sizeof(key),
		       compare_nodes);
}

/* What the caller knows, of waits that are the same still. */
static void add_known(struct graph *g, const struct wait_edges *known)
{
	for (unsigned int i = 0; known && i < known->nr; i++) {
		const struct wait_edge *e = &known->edge[i];
		struct node *n = find_node(g, e->waiter);

		if (!n || !n->waits || n->seq != e->seq)
			continue;
		n->note = e->note;
		if (!n->blocker)
			n->blocker = e->waker;
	}
	for (int i = 0; i < g->nr_nodes; i++)
		if (g->nodes[i].idle && !g->nodes[i].blocker)
			g->nodes[i].waits = false;
}

/* The @nth one @n waits for; NULL when there are no more. */
static struct node *blocker(const struct graph *g, const struct node *n,
			    int nth)
{
	int i;

	if (n->blocker)
		return nth == 0 ? find_node(g, n->blocker) : NULL;
	i = first_hold(g, n->wait.object) + nth;
	if (i >= g->nr_holds || g->holds[i].lock != n->wait.object)
		return NULL;
	return &g->nodes[g->holds[i].node];
}

static void describe(struct graph *g, const struct node *n)
{
	const struct lwait *w = &n->wait;
	char held[512];

	if (!n->waits) {
		add_text(g, "\n  %s/%u runs", n->name, n->id);
		return;
	}
	add_text(g, "\n  %s/%u waits for %s%s%s %p at " SITE_FMT
		 " for %lu ms", n->name, n->id,
		 lwait_kind_name((enum lwait_kind)w->kind),
		 w->class ? " " : "", w->class ? w->class->name : "", w->object,
		 SITE_ARGS(w->site),
		 jiffies_to_ms(jiffies - w->since));
	for (int i = 0; i < 4; i++) {
		const struct node *b = blocker(g, n, i);

		if (b)
			add_text(g, "%s %s/%u", i ? "," : "; blocked by",
				 b->name, b->id);
	}
	if (n->note)
		add_text(g, ": %s", n->note);
	if (locks_held_text(n->thread, held, sizeof(held)))
		add_text(g, "\n%s", held);
	if (g->len && g->len < GRAPH_TEXT && g->text[g->len - 1] == '\n')
		g->text[--g->len] = '\0';
}

/* Step 4 of the top of the file. */
static bool still_waits(const struct node *n)
{
	return READ_ONCE(n->thread->wait_seq) == n->seq &&
	       !(uses_wait_word(&n->wait) && woken(n->thread));
}

/* Complain of a wait only once. */
static bool is_news(const struct node *n)
{
	return READ_ONCE(n->thread->stall_seq) != n->seq;
}

static void report_cycle(struct graph *g, int from)
{
	bool news = false;

	for (int i = from; i < g->nr_path; i++) {
		struct node *n = &g->nodes[g->path[i]];

		if (!still_waits(n))
			return;
		news |= is_news(n);
	}
	g->len = 0;
	g->text[0] = '\0';
	for (int i = from; i < g->nr_path; i++) {
		struct node *n = &g->nodes[g->path[i]];

		n->in_cycle = true;
		WRITE_ONCE(n->thread->stall_seq, n->seq);
		describe(g, n);
	}
	if (!news)
		return;
	g->findings++;
	report_finding_at(FINDING_DEADLOCK,
			  g->nodes[g->path[from]].wait.site,
			  "%d threads wait for each other:%s",
			  g->nr_path - from, g->text);
}

static void close_cycle(struct graph *g, const struct node *n)
{
	int i = g->nr_path - 1;

	while (i >= 0 && &g->nodes[g->path[i]] != n)
		i--;
	report_cycle(g, i);
}

/*
 * Depth-first, with the path as the stack; next[] counts the edges done of
 * each node on it.
 */
static void search_from(struct graph *g, struct node *root, int *next)
{
	g->nr_path = 0;
	for (struct node *n = root; n;) {
		n->mark = MARK_ON_PATH;
		next[g->nr_path] = 0;
		g->path[g->nr_path++] = (int)(n - g->nodes);
		n = NULL;
		while (!n && g->nr_path) {
			int top = g->nr_path - 1;
			struct node *at = &g->nodes[g->path[top]];
			struct node *b = blocker(g, at, next[top]++);

			if (!b) {
				at->mark = MARK_DONE;
				g->nr_path--;
			} else if (b->waits && b->mark == MARK_ON_PATH) {
				close_cycle(g, b);
			} else if (b->waits && b->mark == MARK_NONE) {
				n = b;
			}
		}
	}
}

static bool find_cycles(struct graph *g)
{
	int *next = calloc((size_t)g->nr_nodes + 1, sizeof(*next));

	if (!next)
		return false;
	for (int i = 0; i < g->nr_nodes; i++) {
		if (g->nodes[i].waits && g->nodes[i].mark == MARK_NONE)
			search_from(g, &g->nodes[i], next);
	}
	free(next);
	return true;
}

static void report_stalls(struct graph *g)
{
	const struct node *first = NULL;
	int nr = 0;

	g->len = 0;
	g->text[0] = '\0';
	for (int i = 0; i < g->nr_nodes; i++) {
		struct node *n = &g->nodes[i];

		if (!n->waits || n->idle || n->in_cycle || !is_news(n) ||
		    !still_waits(n))
			continue;
		WRITE_ONCE(n->thread->stall_seq, n->seq);
		if (!first)
			first = n;
		if (nr++ < MAX_LISTED)
			describe(g, n);
	}
	if (!nr)
		return;
	g->findings++;
	report_finding_at(FINDING_STALL, first->wait.site,
			  "%d threads wait for too long:%s", nr, g->text);
}

static int look(unsigned long min_age, const struct wait_edges *known,
		bool stalls)
{
	struct graph g = { 0 };

	if (take_snapshot(&g, min_age)) {
		add_known(&g, known);
		if (find_cycles(&g) && stalls)
			report_stalls(&g);
	}
	free_graph(&g);
	return g.findings;
}

int waitgraph_check(unsigned long stall_jiffies,
		    const struct wait_edges *known)
{
	return look(stall_jiffies, known, true);
}

int waitgraph_cycles(unsigned long min_age, const struct wait_edges *known)
{
	return look(min_age, known, false);
}

int waitgraph_text(char *buf, size_t size, unsigned long min_age)
{
	struct graph g = { 0 };
	int nr = 0;

	buf[0] = '\0';
	if (take_snapshot(&g, min_age)) {
		for (int i = 0; i < g.nr_nodes; i++) {
			if (!g.nodes[i].waits || g.nodes[i].idle)
				continue;
			nr++;
			describe(&g, &g.nodes[i]);
		}
		snprintf(buf, size, "%s", g.text);
	}
	free_graph(&g);
	return nr;
}
