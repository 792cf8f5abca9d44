/*
 * roles: see roles.h.
 *
 * A cell that never gave a sample still has rows, so that a reader sees what failed: its roles are then read
 * off its cast, "spin" or "echo:1,spin:2", a workload that plays twice being spin and spin2.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "stats/roles.h"

/* Longest cast read; longer ones are cut. The exact value does not matter. */
#define CAST_CHARS 512

/* Name and tasks of the role-th item of a cast; returns how many items there are. */
static int cast_item(const char *cast, int role, char name[32], int *tasks)
{
	char text[CAST_CHARS], *rest = text;
	int items = 0;
	snprintf(text, sizeof(text), "%s", cast);
	for (char *word; (word = strsep(&rest, ",")) != NULL; items++) {
		if (items != role)
			continue;
		*tasks = strchr(word, ':') != NULL ? atoi(strchr(word, ':') + 1) : 0;
		snprintf(name, 32, "%.*s", (int)strcspn(word, ":"), word);
	}
	return items;
}

int role_total(const struct cell_samples *ok, const struct cell *cell)
{
	char name[32];
	int tasks;
	if (ok->count > 0)
		return ok->samples[0]->role_count;
	return cast_item(cell->cast, -1, name, &tasks);
}

static void name_by_cast(struct summary_row *row, const struct cell *cell, int role)
{
	char earlier[32];
	int tasks = 0, same = 1;
	int items = cast_item(cell->cast, role, row->workload, &tasks);
	row->workers = items == 1 ? cell->workers : tasks;
	for (int i = 0; i < role; i++) {
		cast_item(cell->cast, i, earlier, &tasks);
		same += strcmp(earlier, row->workload) == 0;
	}
	if (same > 1)
		snprintf(row->role, sizeof(row->role), "%s%d", row->workload, same);
	else
		snprintf(row->role, sizeof(row->role), "%s", row->workload);
}

void role_name(struct summary_row *row, const struct cell_samples *ok, const struct cell *cell, int role)
{
	if (ok->count == 0) {
		name_by_cast(row, cell, role);
		return;
	}
	const struct role_sample *of = &ok->samples[0]->role[role];
	snprintf(row->role, sizeof(row->role), "%s", of->role);
	snprintf(row->workload, sizeof(row->workload), "%s", of->workload);
	row->workers = of->tasks;
}

static double switches_of(const struct role_sample *role)
{
	return role->gil_switches;
}

static double forced_of(const struct role_sample *role)
{
	return role->gil_forced;
}

/* Median over the samples of how often it happened per second of the time that the lock was in use; a sample of an
 * older run does not know that, and its wall time stands for it. */
static double per_second(const struct cell_samples *ok, int role, double (*count)(const struct role_sample *),
			 double *scratch)
{
	for (size_t i = 0; i < ok->count; i++) {
		const struct sample *s = ok->samples[i];
		scratch[i] = count(&s->role[role]) / (s->gil_span_s > 0 ? s->gil_span_s : s->wall_s);
	}
	return median(scratch, ok->count);
}

static double ratio(double a, double b)
{
	return b > 0 ? a / b : (double)NAN;
}

/* A sample without an operation, or without a switch, has no ratio and takes no part. */
static void role_ratios(struct summary_row *row, const struct cell_samples *ok, int role, double *scratch)
{
	for (size_t i = 0; i < ok->count; i++) {
		const struct role_sample *of = &ok->samples[i]->role[role];
		scratch[i] = ratio(of->gil_switches, (double)of->ops);
	}
	row->gil_switches_per_op = median_interval(scratch, ok->count);
	for (size_t i = 0; i < ok->count; i++) {
		const struct role_sample *of = &ok->samples[i]->role[role];
		scratch[i] = ratio(of->gil_wait_s, of->gil_switches);
	}
	row->gil_wait_per_switch_s = median_interval(scratch, ok->count);
}

void role_numbers(struct summary_row *row, const struct cell_samples *ok, int role, double *scratch)
{
#define COLUMN(field)                          \
	for (size_t i = 0; i < ok->count; i++) \
	scratch[i] = (double)ok->samples[i]->role[role].field
#define MEDIAN(field)  \
	COLUMN(field); \
	row->field = median(scratch, ok->count)
#define INTERVAL(field) \
	COLUMN(field);  \
	row->field = median_interval(scratch, ok->count)
	MEDIAN(ops);
	INTERVAL(throughput_per_s);
	INTERVAL(gil_held_fraction);
	INTERVAL(gil_waited_fraction);
	MEDIAN(gil_wait_s);
	MEDIAN(gil_acquisitions);
	MEDIAN(gil_switches);
	MEDIAN(gil_forced);
	INTERVAL(fairness);
#undef INTERVAL
#undef MEDIAN
	row->gil_switches_per_s = per_second(ok, role, switches_of, scratch);
	row->gil_forced_per_s = per_second(ok, role, forced_of, scratch);
	row->gil_longest_wait_s = NAN;
	for (size_t i = 0; i < ok->count; i++)
		row->gil_longest_wait_s =
			fmax(row->gil_longest_wait_s, ok->samples[i]->role[role].gil_longest_wait_s);
	COLUMN(lost_ops);
#undef COLUMN
	double lost = 0;
	for (size_t i = 0; i < ok->count; i++)
		lost += scratch[i];
	row->lost_ops = ok->count > 0 ? lost / (double)ok->count : NAN;
	role_ratios(row, ok, role, scratch);
}

static double in_seconds(double ns)
{
	return ns / 1e9;
}

static struct interval percentile(const struct hist *const *hists, size_t count, double q, uint64_t seed)
{
	struct interval ns = quantile_interval(hists, count, q, seed);
	return (struct interval){in_seconds(ns.mid), in_seconds(ns.lo), in_seconds(ns.hi)};
}

/* One role's histograms of all samples, and their sum. */
struct pool {
	const struct hist **each;
	struct hist *all;
};

static struct hist *latency_of(const struct role_sample *role)
{
	return role->latency;
}

static struct hist *wait_of(const struct role_sample *role)
{
	return role->wait;
}

static struct pool pool_make(const struct cell_samples *ok, int role,
			     struct hist *(*hist)(const struct role_sample *))
{
	struct pool pool = {.each = xcalloc(ok->count, sizeof(const struct hist *)),
			    .all = xcalloc(1, sizeof(struct hist))};
	hist_reset(pool.all);
	for (size_t i = 0; i < ok->count; i++) {
		pool.each[i] = hist(&ok->samples[i]->role[role]);
		if (pool.each[i] != NULL && pool.each[i]->count > 0)
			hist_merge(pool.all, pool.each[i]);
	}
	return pool;
}

static void pool_release(struct pool *pool)
{
	free(pool->all);
	free(pool->each);
}

void role_latency(struct summary_row *row, const struct cell_samples *ok, int role, uint64_t seed)
{
	struct pool pool = pool_make(ok, role, latency_of);
	bool is_empty = pool.all->count == 0;
	row->lat_p50_iv = percentile(pool.each, ok->count, 0.5, seed);
	row->lat_p99_iv = percentile(pool.each, ok->count, 0.99, seed);
	row->lat_p50_s = row->lat_p50_iv.mid;
	row->lat_p90_s = is_empty ? NAN : in_seconds(hist_quantile(pool.all, 0.9));
	row->lat_p99_s = row->lat_p99_iv.mid;
	row->lat_max_s = is_empty ? NAN : in_seconds((double)pool.all->max_ns);
	pool_release(&pool);
}

void role_waits(struct summary_row *row, const struct cell_samples *ok, int role, uint64_t seed)
{
	struct pool pool = pool_make(ok, role, wait_of);
	row->gil_wait_p50_s = percentile(pool.each, ok->count, 0.5, seed);
	row->gil_wait_p99_s = percentile(pool.each, ok->count, 0.99, seed);
	pool_release(&pool);
}
