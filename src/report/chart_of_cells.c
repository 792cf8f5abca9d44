/*
 * chart_of_cells: a summary's rows to the rows of a chart: seconds for the same work, or p50 and p99, of
 * every cell of an experiment (or of one of its sets).
 *
 * Cells do different numbers of operations, so "the same work" is a number of operations chosen here: as many
 * as the first cell does in one sample. A row's seconds are its wall time scaled to that.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/parts.h"
#include "report/text.h"

struct choice {
	const struct report *report;
	int experiment, set; /* set -1: all */
	bool has_all_workers;
	bool has_roles, has_sets;
	int common_workers; /* of all rows but seq; 0: they differ */
};

static bool row_belongs(const struct choice *c, const struct summary_row *row)
{
	int set = row_set(&c->report->experiments[c->experiment], row);
	return set >= 0 && (c->set < 0 || set == c->set) && row_is_ok(row);
}

/* Where not every number of workers fits: the one that the experiment's answer is about. */
static bool is_answer_workers(const struct choice *c, const struct summary_row *row)
{
	int set = row_set(&c->report->experiments[c->experiment], row);
	return strcmp(row->cell.model, "seq") == 0 ||
	       row->cell.workers == answer_workers(c->report, c->experiment, set);
}

static bool row_is_chosen(const struct choice *c, const struct summary_row *row)
{
	return row_belongs(c, row) && (c->has_all_workers || is_answer_workers(c, row));
}

static int count_chosen(const struct choice *c)
{
	int count = 0;
	for (size_t i = 0; i < c->report->summary.count; i++)
		count += row_is_chosen(c, &c->report->summary.rows[i]);
	return count;
}

/* Order: set, then role as the cast names them, then model, then workers. */
static long row_order(const struct choice *c, const struct summary_row *row)
{
	const struct experiment *e = &c->report->experiments[c->experiment];
	const char *role = strstr(row->cell.cast, row->role);
	long order = row_set(e, row);
	/* Each factor is above the most that the part after it can be. */
	order = order * 1000 + (role != NULL ? role - row->cell.cast : 0);
	order = order * 2000 + model_rank(c->report->run, row->cell.model);
	return order * 10000 + row->cell.workers;
}

static void row_name(const struct choice *c, const struct summary_row *row, char *name, size_t bytes)
{
	const struct experiment *e = &c->report->experiments[c->experiment];
	char *legend = cell_words(c->report, &row->cell);
	bool has_workers = c->common_workers == 0 && strcmp(row->cell.model, "seq") != 0;
	char *set = c->has_sets ? xasprintf("%s: ", e->sets[row_set(e, row)].name) : xstrdup("");
	char *role = c->has_roles ? xasprintf("%s, ", row->role) : xstrdup("");
	char *workers =
		has_workers ? xasprintf(", %d worker%s", row->cell.workers, row->cell.workers == 1 ? "" : "s")
			    : xstrdup("");
	snprintf(name, bytes, "%s%s%s%s", set, role, legend, workers);
	free(legend);
	free(set);
	free(role);
	free(workers);
}

static void series_add(const struct choice *c, struct chart *chart, const struct summary_row *row, double ops)
{
	struct chart_series *s = &chart->series[chart->series_count];
	bool is_few = strcmp(row->status, "few") == 0;
	*s = (struct chart_series){.look = look_find(row->cell.model)};
	row_name(c, row, s->name, sizeof(s->name));
	if (chart->kind == CHART_LATENCY) {
		struct interval p50 = row->lat_p50_iv, p99 = row->lat_p99_iv;
		p50.mid = row->lat_p50_s;
		p99.mid = row->lat_p99_s;
		s->point[0] = (struct chart_point){0, p50, is_few};
		s->point[1] = (struct chart_point){1, p99, is_few};
		s->count = 2;
	} else {
		double scale = row->ops > 0 ? ops / row->ops : NAN;
		struct interval v = {row->wall_s.mid * scale, row->wall_s.lo * scale, row->wall_s.hi * scale};
		s->point[0] = (struct chart_point){0, v, is_few};
		s->count = 1;
	}
	chart->series_count += isfinite(s->point[0].y.mid);
}

static void series_fill(const struct choice *c, struct chart *chart, double *ops)
{
	const struct summary *summary = &c->report->summary;
	long done = -1;
	while (chart->series_count < CHART_SERIES_MAX) {
		long next = -1;
		for (size_t i = 0; i < summary->count; i++) {
			long order =
				row_is_chosen(c, &summary->rows[i]) ? row_order(c, &summary->rows[i]) : -1;
			if (order > done && (next < 0 || order < next))
				next = order;
		}
		if (next < 0)
			return;
		for (size_t i = 0; i < summary->count && chart->series_count < CHART_SERIES_MAX; i++) {
			const struct summary_row *row = &summary->rows[i];
			if (!row_is_chosen(c, row) || row_order(c, row) != next)
				continue;
			if (!(*ops > 0))
				*ops = row->ops;
			series_add(c, chart, row, *ops);
		}
		done = next;
	}
}

static void axis_scale(const struct choice *c, struct chart *chart, double ops)
{
	double max = 0;
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++)
			max = fmax(max, chart->series[i].point[k].y.mid);
	double unit = chart->kind == CHART_LATENCY || max < 1 ? 1e-3 : 1;
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++) {
			struct interval *y = &chart->series[i].point[k].y;
			*y = (struct interval){y->mid / unit, y->lo / unit, y->hi / unit};
		}
	const char *unit_name = unit == 1 ? "seconds" : "milliseconds";
	char *workers = c->common_workers > 0 ? xasprintf(", %d worker%s", c->common_workers,
							  c->common_workers == 1 ? "" : "s")
					      : xstrdup("");
	if (chart->kind == CHART_LATENCY)
		chart->y_label = xasprintf("latency of one operation, %s (small p50, large p99)%s", unit_name,
					   workers);
	else
		chart->y_label = xasprintf("%s for the same work (%s operations)%s", unit_name,
					   text_count(ops).text, workers);
	chart->x_label = xstrdup("cells");
	free(workers);
}

/* Do the chosen rows differ in role, in set? Then names must say it. */
static void choice_names(struct choice *c)
{
	const struct summary_row *first = NULL;
	const struct experiment *e = &c->report->experiments[c->experiment];
	bool has_several = false;
	for (size_t i = 0; i < c->report->summary.count; i++) {
		const struct summary_row *row = &c->report->summary.rows[i];
		if (!row_is_chosen(c, row))
			continue;
		if (strcmp(row->cell.model, "seq") != 0) {
			has_several |= c->common_workers != 0 && c->common_workers != row->cell.workers;
			c->common_workers = row->cell.workers;
		}
		if (first == NULL)
			first = row;
		c->has_roles |= strcmp(first->role, row->role) != 0 && strchr(row->cell.cast, ',') != NULL;
		c->has_sets |= row_set(e, first) != row_set(e, row);
	}
	if (has_several)
		c->common_workers = 0;
}

bool chart_of_cells(struct report *report, struct chart *chart, int experiment, int set)
{
	struct choice c = {.report = report, .experiment = experiment, .set = set, .has_all_workers = true};
	double ops = NAN;

	c.has_all_workers = count_chosen(&c) <= CHART_SERIES_MAX;
	choice_names(&c);
	chart->layout = LAYOUT_ROWS;
	chart->floor = NAN;
	chart->is_log_x = chart->kind == CHART_LATENCY;
	series_fill(&c, chart, &ops);
	if (chart->series_count == 0)
		return false;
	axis_scale(&c, chart, ops);
	return true;
}
