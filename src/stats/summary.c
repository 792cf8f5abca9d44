/*
 * summary: samples to rows. See summary.h.
 *
 *	samples --cells_collect--> one list per cell --make_row--> one row per role --sort--> summary
 *	                                twins --apply_floor--^
 *
 * A row's numbers are medians over the cell's samples; its percentiles are of their histograms added up, so a
 * rare slow operation shows however the processes were split. A speed-up is made of pairs from the same
 * block and is never a ratio of two medians.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/summary.h>
#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "stats/cells.h"
#include "stats/pairs.h"
#include "stats/roles.h"

/* Seed of the bootstrap: fixed, so that a summary is a function of its samples. The value does not matter. */
#define BOOTSTRAP_SEED 20

/* Nothing disturbs virtual time, but nobody acts on less than half a per cent. */
#define VIRTUAL_FLOOR 0.005

static const char *status_of(const struct cell_samples *of, unsigned min_samples, unsigned ok)
{
	static const enum sample_status gravest_first[] = {SAMPLE_WRONG, SAMPLE_CRASHED, SAMPLE_TIMEOUT,
							   SAMPLE_UNSUPPORTED};
	for (size_t s = 0; s < ARRAY_LEN(gravest_first); s++)
		for (size_t i = 0; i < of->count; i++)
			if (of->samples[i]->status == gravest_first[s])
				return sample_status_name(gravest_first[s]);
	return ok < min_samples ? "few" : sample_status_name(SAMPLE_OK);
}

/* Samples of a batch cell do the same number of operations, as a rule. Where not (the demo's first block is
 * longer), their times are scaled to the median number, which is what the row says was done. */
static void scale_to_ops(const struct cell_samples *ok, double median_ops, double *times)
{
	for (size_t i = 0; i < ok->count; i++)
		if (ok->samples[i]->ops_asked > 0)
			times[i] *= median_ops / (double)ok->samples[i]->ops_asked;
}

/* Numbers of the whole cell: the same for each of its roles. `ok` are its samples that are. */
static void fill_cell_numbers(struct summary_row *row, const struct cell_samples *ok, double *scratch)
{
#define COLUMN(field)                          \
	for (size_t i = 0; i < ok->count; i++) \
	scratch[i] = (double)ok->samples[i]->field
#define MEDIAN(field)  \
	COLUMN(field); \
	row->field = median(scratch, ok->count)
	COLUMN(ops_asked);
	double ops = median(scratch, ok->count);
	COLUMN(cpu_s);
	scale_to_ops(ok, ops, scratch);
	row->cpu_s = median(scratch, ok->count);
	MEDIAN(ctx_voluntary);
	MEDIAN(ctx_involuntary);
	MEDIAN(companion_cpu_s);
#undef MEDIAN
	COLUMN(rss_bytes);
	row->rss_bytes = median_interval(scratch, ok->count);
	COLUMN(setup_s);
	row->setup_s = median_interval(scratch, ok->count);
	COLUMN(wall_s);
	scale_to_ops(ok, ops, scratch);
#undef COLUMN
	row->wall_s = median_interval(scratch, ok->count);
	row->cores_used = row->wall_s.mid > 0 ? row->cpu_s / row->wall_s.mid : NAN;
}

static void fill_speedup(struct summary_row *row, const struct cell_samples *ok,
			 const struct cell_samples *baseline)
{
	row->speedup = (struct interval){.mid = NAN, .lo = NAN, .hi = NAN};
	if (baseline != NULL && baseline->cell == ok->cell) {
		/* `seq` over itself: 1 by definition, with the interval only where a ratio would have one. */
		row->speedup.mid = ok->count > 0 ? 1 : NAN;
		if (ok->count >= STATS_LEAST)
			row->speedup.lo = row->speedup.hi = 1;
	} else if (baseline != NULL && ok->count > 0) {
		double *here = xcalloc(ok->count, sizeof(*here)), *base = xcalloc(ok->count, sizeof(*base));
		throughput_pairs(ok->samples, ok->count, baseline->samples, baseline->count, 0, here, base);
		row->speedup = ratio_interval(here, base, ok->count);
		free(here);
		free(base);
	}
	row->efficiency = row->workers > 0 ? row->speedup.mid / row->workers : NAN;
}

/* `of` is the whole cell, `ok` what of it may be counted; a role has a speed-up only when it is alone. */
static void make_row(struct summary_row *row, const struct cell_samples *of, const struct cell_samples *ok,
		     const struct cell_samples *baseline, unsigned min_samples, int role, double *scratch)
{
	/* Two samples of virtual time differ by their seeds alone, which the interval says: nothing disturbs them. */
	bool is_virtual = of->cell->source == SOURCE_VIRTUAL;
	*row = (struct summary_row){.cell = *of->cell,
				    .samples = (unsigned)ok->count,
				    .noise_floor = is_virtual ? VIRTUAL_FLOOR : (double)NAN};
	row->status = status_of(of, min_samples, row->samples);
	fill_cell_numbers(row, ok, scratch);
	role_name(row, ok, of->cell, role);
	role_numbers(row, ok, role, scratch);
	role_latency(row, ok, role, BOOTSTRAP_SEED);
	role_waits(row, ok, role, BOOTSTRAP_SEED);
	fill_speedup(row, ok, role_total(ok, of->cell) == 1 ? baseline : NULL);
}

static void add_cell(struct summary *summary, const struct cell_table *table, const struct cell_samples *of,
		     unsigned min_samples)
{
	struct cell_samples ok = {.cell = of->cell,
				  .samples = xcalloc(of->count, sizeof(const struct sample *))};
	for (size_t i = 0; i < of->count; i++)
		if (of->samples[i]->status == SAMPLE_OK)
			ok.samples[ok.count++] = of->samples[i];
	double *scratch = xcalloc(of->count, sizeof(*scratch));
	const struct cell_samples *baseline = cells_baseline(table, of->cell);
	int roles = role_total(&ok, of->cell);
	summary->rows = xrealloc(summary->rows, summary->count + (size_t)roles, sizeof(*summary->rows));
	for (int role = 0; role < roles; role++)
		make_row(&summary->rows[summary->count++], of, &ok, baseline, min_samples, role, scratch);
	free(scratch);
	free(ok.samples);
}

/* Largest floor that a twin shows against its original, over the roles; NAN when there is none. */
static double twin_floor(const struct cell_samples *twin, const struct cell_samples *original)
{
	double *a = xcalloc(twin->count, sizeof(*a)), *b = xcalloc(twin->count, sizeof(*b)), worst = NAN;
	for (int role = 0; role < ROLE_MAX; role++) {
		throughput_pairs(twin->samples, twin->count, original->samples, original->count, role, a, b);
		worst = fmax(worst, noise_floor(a, b, twin->count));
	}
	free(a);
	free(b);
	return worst;
}

/* fmax passes over NAN, which is "not known" here. */
static void apply_floor(struct summary *summary, const struct cell_table *table,
			const struct cell_samples *twin)
{
	const struct cell_samples *original = cells_original(table, twin->cell);
	if (original == NULL)
		return;
	double level = twin_floor(twin, original);
	summary->noise_floor = fmax(summary->noise_floor, level);
	for (size_t i = 0; i < summary->count; i++)
		if (cell_same_group(&summary->rows[i].cell, twin->cell))
			summary->rows[i].noise_floor = fmax(summary->rows[i].noise_floor, level);
}

/* strverscmp: "work_ms=1" before "work_ms=20". */
static int compare_rows(const void *one, const void *two)
{
	const struct summary_row *a = one, *b = two;
	const int by[] = {
		strcmp(a->cell.experiment, b->cell.experiment),
		strcmp(a->cell.cast, b->cell.cast),
		strverscmp(a->cell.params, b->cell.params),
		(int)a->cell.kind - (int)b->cell.kind,
		model_place(a->cell.model) - model_place(b->cell.model),
		strcmp(a->cell.model, b->cell.model),
		strverscmp(a->cell.policy, b->cell.policy),
		a->cell.workers - b->cell.workers,
		(int)a->cell.source - (int)b->cell.source,
		strverscmp(a->role, b->role),
	};
	for (size_t i = 0; i < ARRAY_LEN(by); i++)
		if (by[i] != 0)
			return by[i];
	return 0;
}

void summarise(const struct sample *samples, size_t count, unsigned min_samples, struct summary *summary)
{
	*summary = (struct summary){.noise_floor = NAN};
	struct cell_table table = cells_collect(samples, count, NULL);
	for (size_t i = 0; i < table.count; i++)
		if (!table.cells[i].cell->is_twin)
			add_cell(summary, &table, &table.cells[i], min_samples);
	for (size_t i = 0; i < table.count; i++)
		if (table.cells[i].cell->is_twin)
			apply_floor(summary, &table, &table.cells[i]);
	cells_release(&table);
	if (summary->count > 0)
		qsort(summary->rows, summary->count, sizeof(*summary->rows), compare_rows);
}

void summary_release(struct summary *summary)
{
	free(summary->rows);
	*summary = (struct summary){0};
}

/* Is `word` one of the space-separated words of `text`? */
static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
		if ((at == text || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return length == 0;
}

static bool is_or_any(const char *text, const char *wanted)
{
	return wanted == NULL || strcmp(text, wanted) == 0;
}

const struct summary_row *summary_find(const struct summary *summary, const char *experiment,
				       const char *workload, const char *params_word, const char *model,
				       int workers)
{
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		if (is_or_any(row->cell.experiment, experiment) && is_or_any(row->workload, workload) &&
		    (params_word == NULL || has_word(row->cell.params, params_word)) &&
		    is_or_any(row->cell.model, model) && (workers == 0 || row->cell.workers == workers))
			return row;
	}
	return NULL;
}
