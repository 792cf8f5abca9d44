/*
 * chart_over_workers: a summary's rows to the lines of a chart. One series per model (and policy, where a set
 * has several); for latency two, p50 and p99.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_points.h"
#include "report/parts.h"
#include "report/text.h"

/* Which value of a row. */
enum value { VALUE_SPEEDUP, VALUE_P50, VALUE_P99, VALUE_MEMORY, VALUE_SETUP };

static struct interval row_value(const struct summary_row *row, enum value value)
{
	struct interval iv = {NAN, NAN, NAN};
	switch (value) {
	case VALUE_SPEEDUP:
		return row->speedup;
	case VALUE_P50:
		iv = row->lat_p50_iv;
		iv.mid = row->lat_p50_s;
		break;
	case VALUE_P99:
		iv = row->lat_p99_iv;
		iv.mid = row->lat_p99_s;
		break;
	case VALUE_MEMORY:
		return row->rss_bytes;
	case VALUE_SETUP:
		return row->setup_s;
	}
	return iv;
}

struct filling {
	const struct report *report;
	struct chart *chart;
	int experiment, set;
	const char *role; /* "": any */
};

/* Rows of the chart: this set, this role, finished, and not the baseline, which a speed-up chart has at 1. */
static bool row_belongs(const struct filling *f, const struct summary_row *row)
{
	if (row_set(&f->report->experiments[f->experiment], row) != f->set || !row_is_ok(row))
		return false;
	if (*f->role != '\0' && strcmp(row->role, f->role) != 0)
		return false;
	return strcmp(row->cell.model, "seq") != 0;
}

static void point_add(const struct filling *f, const struct summary_row *row, enum value value)
{
	struct interval y = row_value(row, value);
	if (!isfinite(y.mid))
		return;
	char *name = cell_words(f->report, &row->cell);
	struct chart_series *s =
		chart_series_named(f->chart, cell_look(f->report, &row->cell), name, value == VALUE_P50);
	if (s != NULL)
		chart_point_add(f->chart, s, row->workers, &y, strcmp(row->status, "few") == 0);
	free(name);
}

/* Rows in the order of models, so that series are; each row gives one point, for latency two. */
static void points_fill(const struct filling *f)
{
	const struct summary *summary = &f->report->summary;
	int known = models_known(f->report->run);
	for (int rank = 0; rank <= RANK_UNKNOWN;
	     rank = rank >= known ? rank + RANK_UNKNOWN - known : rank + 1)
		for (size_t i = 0; i < summary->count; i++) {
			const struct summary_row *row = &summary->rows[i];
			if (!row_belongs(f, row) || model_rank(f->report->run, row->cell.model) != rank)
				continue;
			switch (f->chart->kind) {
			case CHART_SPEEDUP:
			case CHART_SECONDS:
				point_add(f, row, VALUE_SPEEDUP);
				break;
			case CHART_LATENCY:
				point_add(f, row, VALUE_P99);
				point_add(f, row, VALUE_P50);
				break;
			case CHART_MEMORY:
				point_add(f, row, VALUE_MEMORY);
				break;
			case CHART_SETUP:
				point_add(f, row, VALUE_SETUP);
				break;
			case CHART_METRIC:
			case CHART_TRADEOFF:
			case CHART_WINNER:
			case CHART_OVERLAY:
				break;
			}
			f->chart->floor = fmax(f->chart->floor, row->noise_floor);
		}
}

/* How much one more worker takes: from the first to the last point. */
static double per_worker(const struct chart_series *s)
{
	const struct chart_point *first = &s->point[0], *last = &s->point[s->count - 1];
	return last->x > first->x ? (last->y.mid - first->y.mid) / (last->x - first->x) : NAN;
}

/* A name says its series' last value, in words with units; before the points are scaled. */
static void names_complete(struct chart *chart)
{
	for (int i = 0; i < chart->series_count; i++) {
		struct chart_series *s = &chart->series[i];
		const struct chart_point *last = &s->point[s->count - 1];
		struct number_text text = {""};
		const char *more = "";
		switch (chart->kind) {
		case CHART_SPEEDUP:
		case CHART_SECONDS:
			text = text_ratio_interval(&last->y);
			break;
		case CHART_LATENCY:
			more = s->is_second ? "p50 " : "p99 ";
			text = text_seconds(last->y.mid);
			break;
		case CHART_MEMORY:
			text = text_bytes(per_worker(s));
			break;
		case CHART_SETUP:
			text = text_seconds(per_worker(s));
			break;
		case CHART_METRIC:
		case CHART_TRADEOFF:
		case CHART_WINNER:
		case CHART_OVERLAY:
			break;
		}
		size_t used = strlen(s->name);
		bool is_slope = chart->kind == CHART_MEMORY || chart->kind == CHART_SETUP;
		snprintf(s->name + used, sizeof(s->name) - used, "  %s%s%s%s%s", is_slope ? "+" : "", more,
			 text.text, is_slope ? "/worker" : "", last->is_few ? " ?" : "");
	}
}

static void axis_units(struct chart *chart)
{
	double max = chart_points_max(chart);
	switch (chart->kind) {
	case CHART_SPEEDUP:
	case CHART_SECONDS:
		chart->y_label = xstrdup("speed-up over seq (throughput, times)");
		break;
	case CHART_LATENCY:
		chart_points_scale(chart, 1e-3);
		chart->y_label = xstrdup("latency of one operation, ms");
		break;
	case CHART_MEMORY:
		chart_points_scale(chart, 1024.0 * 1024);
		chart->y_label = xstrdup("memory of all workers, MiB (PSS)");
		break;
	case CHART_SETUP:
		chart_points_scale(chart, max < 1e-3 ? 1e-6 : 1e-3);
		chart->y_label = xasprintf("creating all workers, %s", max < 1e-3 ? "µs" : "ms");
		break;
	case CHART_METRIC:
	case CHART_TRADEOFF:
	case CHART_WINNER:
	case CHART_OVERLAY:
		break;
	}
	chart->x_label = xstrdup("workers");
}

static void reference_ideal(struct chart *chart)
{
	struct chart_reference *ideal = &chart->reference[chart->reference_count++];
	snprintf(ideal->name, sizeof(ideal->name), "ideal");
	for (int i = 0; i < chart->tick_count; i++) {
		ideal->x[ideal->count] = chart->ticks[i];
		ideal->y[ideal->count++] = chart->ticks[i];
	}
}

/* Measured by the ceiling control at the same numbers of workers; a run that has lost those samples may still
 * have it in its manifest. */
static double ceiling_value(const struct report *report, int workers)
{
	double measured = ceiling_at(&report->summary, workers).mid;
	char *key = xasprintf("ceiling.%d", workers);
	double noted = manifest_number(report->run, key);
	free(key);
	return isfinite(measured) ? measured : noted;
}

static void reference_ceiling(const struct report *report, struct chart *chart)
{
	struct chart_reference ceiling = {.is_dashed = true, .name = "this machine's ceiling"};
	for (int i = 0; i < chart->tick_count; i++) {
		double y = ceiling_value(report, (int)chart->ticks[i]);
		if (isfinite(y)) {
			ceiling.x[ceiling.count] = chart->ticks[i];
			ceiling.y[ceiling.count++] = y;
		}
	}
	if (ceiling.count > 0)
		chart->reference[chart->reference_count++] = ceiling;
}

bool chart_over_workers(struct report *report, struct chart *chart, int experiment, int set)
{
	struct filling f = {report, chart, experiment, set, chart->line->role};
	/* Above this many workers the axis is logarithmic. */
	const double log_above = 8;

	chart->layout = LAYOUT_LINES;
	chart->floor = NAN;
	points_fill(&f);
	if (chart->series_count == 0)
		return false;
	bool is_virtual = experiment_is_virtual(report, experiment);
	chart->usable = experiment_cores(report, experiment, set);
	chart->cores = is_virtual ? chart->usable : report->facts.cores;
	chart->is_log_x = chart->ticks[chart->tick_count - 1] > log_above;
	chart->is_log_y = chart->kind == CHART_LATENCY || (chart->kind == CHART_SPEEDUP && chart->is_log_x);
	if (chart->kind == CHART_SPEEDUP) {
		reference_ideal(chart);
		if (report->experiments[experiment].class == WORK_CPU && !is_virtual)
			reference_ceiling(report, chart);
	}
	names_complete(chart);
	axis_units(chart);
	return true;
}
