/*
 * chart_of_cells: a summary's rows to the rows of a chart: seconds for the same work, or p50 and p99, or any column,
 * of every cell of an experiment (or of one of its sets).
 *
 * Cells do different numbers of operations, so "the same work" is a number of operations chosen here: as many
 * as the first cell does in one sample. A row's seconds are its wall time scaled to that.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_points.h"
#include "report/metric_words.h"
#include "report/parts.h"
#include "report/text.h"

struct picking {
	const struct report *report;
	int experiment, set;         /* set -1: all */
	const struct metric *metric; /* CHART_METRIC's */
	const char *role;            /* "": all */
	bool has_all_workers;
	bool has_roles, has_sets;
	bool has_words;     /* rows differ in model or policy */
	int common_workers; /* of all rows but seq; 0: they differ */
};

static bool row_belongs(const struct picking *c, const struct summary_row *row)
{
	int set = row_set(&c->report->experiments[c->experiment], row);
	return set >= 0 && (c->set < 0 || set == c->set) && row_is_ok(row) &&
	       (*c->role == '\0' || strcmp(row->role, c->role) == 0) &&
	       (c->metric == NULL || strcmp(row->cell.model, "seq") != 0);
}

/* Where not every number of workers fits: the one that the experiment's answer is about. */
static bool is_answer_workers(const struct picking *c, const struct summary_row *row)
{
	int set = row_set(&c->report->experiments[c->experiment], row);
	return strcmp(row->cell.model, "seq") == 0 ||
	       row->cell.workers == answer_workers(c->report, c->experiment, set);
}

static bool row_is_chosen(const struct picking *c, const struct summary_row *row)
{
	return row_belongs(c, row) && (c->has_all_workers || is_answer_workers(c, row));
}

static int count_chosen(const struct picking *c)
{
	int count = 0;
	for (size_t i = 0; i < c->report->summary.count; i++)
		count += row_is_chosen(c, &c->report->summary.rows[i]);
	return count;
}

/* Order: set, then role as the cast names them, then model, then workers. */
static long row_order(const struct picking *c, const struct summary_row *row)
{
	const struct experiment *e = &c->report->experiments[c->experiment];
	const char *role = strstr(row->cell.cast, row->role);
	long order = row_set(e, row);
	/* Each factor is above the most that the part after it can be. */
	order = order * 1000 + (role != NULL ? role - row->cell.cast : 0);
	order = order * 2000 + model_rank(c->report->run, row->cell.model);
	return order * 10000 + row->cell.workers;
}

static void row_name(const struct picking *c, const struct summary_row *row, char *name, size_t bytes)
{
	const struct experiment *e = &c->report->experiments[c->experiment];
	/* Where a section's name says it all, the model of all rows would only make names long. */
	char *legend = c->has_words || !c->has_sets ? cell_words(c->report, &row->cell) : xstrdup("");
	bool has_workers = c->common_workers == 0 && strcmp(row->cell.model, "seq") != 0;
	char *set = c->has_sets
			    ? xasprintf("%s%s", e->sets[row_set(e, row)].name, *legend != '\0' ? ": " : "")
			    : xstrdup("");
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

static void series_add(const struct picking *c, struct chart *chart, const struct summary_row *row,
		       double ops)
{
	struct chart_series *s = &chart->series[chart->series_count];
	bool is_few = strcmp(row->status, "few") == 0;
	*s = (struct chart_series){.look = cell_look(c->report, &row->cell)};
	row_name(c, row, s->name, sizeof(s->name));
	if (chart->kind == CHART_LATENCY) {
		struct interval p50 = row->lat_p50_iv, p99 = row->lat_p99_iv;
		p50.mid = row->lat_p50_s;
		p99.mid = row->lat_p99_s;
		s->point[0] = (struct chart_point){.x = 0, .y = p50, .is_few = is_few};
		s->point[1] = (struct chart_point){.x = 1, .y = p99, .is_few = is_few};
		s->count = 2;
	} else if (c->metric != NULL) {
		s->point[0] = (struct chart_point){.y = c->metric->get(row), .is_few = is_few};
		s->count = 1;
	} else {
		double scale = row->ops > 0 ? ops / row->ops : NAN;
		struct interval v = {row->wall_s.mid * scale, row->wall_s.lo * scale, row->wall_s.hi * scale};
		s->point[0] = (struct chart_point){.y = v, .is_few = is_few};
		s->count = 1;
	}
	chart->series_count += isfinite(s->point[0].y.mid);
}

static void series_fill(const struct picking *c, struct chart *chart, double *ops)
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

static void number_say(FILE *to, const struct picking *c, const struct chart_series *s)
{
	if (c->metric != NULL)
		fprintf(to, "%s %s", s->name, metric_number(c->metric, s->point[0].y.mid).text);
	else
		fprintf(to, "%s p50 %s, p99 %s", s->name, text_seconds(s->point[0].y.mid).text,
			text_seconds(s->point[1].y.mid).text);
}

/* All rows in a sentence, "release: latency: write of one byte p50 868 ns, p99 5.08 ms; ..."; before the axis is
 * scaled. Free it. */
static char *numbers_said(const struct picking *c, const struct chart *chart)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	fprintf(to, "%s%s%s: ", c->role, *c->role != '\0' ? ": " : "",
		c->metric != NULL ? metric_words(c->metric) : "latency");
	for (int i = 0; i < chart->series_count; i++) {
		fputs(i > 0 ? "; " : "", to);
		number_say(to, c, &chart->series[i]);
	}
	fputs(".", to);
	fclose(to);
	return text;
}

static void axis_of_metric(const struct picking *c, struct chart *chart)
{
	const char *unit;
	double size = metric_axis_unit(c->metric, chart_points_max(chart), &unit);
	chart_points_scale(chart, size);
	chart->y_label = xasprintf("%s%s%s%s%s", c->role, *c->role != '\0' ? ": " : "",
				   metric_words(c->metric), *unit != '\0' ? ", " : "", unit);
	chart->x_label = xstrdup("cells");
}

static void axis_scale(const struct picking *c, struct chart *chart, double ops)
{
	double unit = chart->kind == CHART_LATENCY || chart_points_max(chart) < 1 ? 1e-3 : 1;
	chart_points_scale(chart, unit);
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
static void choice_names(struct picking *c)
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
		c->has_words |= strcmp(first->cell.model, row->cell.model) != 0 ||
				strcmp(first->cell.policy, row->cell.policy) != 0;
	}
	if (has_several)
		c->common_workers = 0;
}

bool chart_of_cells(struct report *report, struct chart *chart, int experiment, int set)
{
	char error[200];
	struct picking c = {.report = report,
			    .experiment = experiment,
			    .set = set,
			    .role = chart->line->role,
			    .has_all_workers = true};
	double ops = NAN;
	if (chart->kind == CHART_METRIC)
		c.metric = metric_find(chart->line->metric, error, sizeof(error));

	c.has_all_workers = count_chosen(&c) <= CHART_SERIES_MAX;
	choice_names(&c);
	chart->layout = LAYOUT_ROWS;
	chart->floor = NAN;
	chart->is_log_x = chart->kind == CHART_LATENCY;
	series_fill(&c, chart, &ops);
	if (chart->series_count == 0)
		return false;
	if (c.metric != NULL || (*c.role != '\0' && chart->kind == CHART_LATENCY))
		chart->said = numbers_said(&c, chart);
	if (c.metric != NULL)
		axis_of_metric(&c, chart);
	else
		axis_scale(&c, chart, ops);
	return true;
}
