/*
 * chart_tradeoff: what each policy gives the tasks that compute, and what it costs those that must be prompt: the
 * throughput of role x against the p99 latency of role y, a marker per policy, of one section of an experiment.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_points.h"
#include "report/metric_words.h"
#include "report/parts.h"

static const struct summary_row *partner(const struct report *report, const struct summary_row *row,
					 const char *role)
{
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *other = &report->summary.rows[i];
		if (strcmp(other->role, role) == 0 && cell_equal(&other->cell, &row->cell) &&
		    row_is_ok(other))
			return other;
	}
	return NULL;
}

static void marker_add(const struct report *report, struct chart *chart, const struct summary_row *row)
{
	const struct summary_row *across = partner(report, row, chart->line->x);
	struct interval y = {row->lat_p99_s, row->lat_p99_iv.lo, row->lat_p99_iv.hi};
	if (across == NULL || !isfinite(y.mid) || !isfinite(across->throughput_per_s.mid))
		return;
	bool has_policy = row->cell.policy[0] != '\0';
	const char *name = has_policy ? row->cell.policy : model_legend(report->run, row->cell.model);
	const struct look *look = has_policy ? look_of_policy(name) : look_find(row->cell.model);
	struct chart_series *s = chart_series_named(chart, look, name, false);
	if (s == NULL || s->count > 0)
		return;
	chart_point_add(chart, s, across->throughput_per_s.mid, &y, strcmp(row->status, "few") == 0);
	s->point[0].x_lo = across->throughput_per_s.lo;
	s->point[0].x_hi = across->throughput_per_s.hi;
}

/* "py3: 650/s of spin, p99 of ticker 41 ms; prio: ...". Free it. */
static char *numbers_said(const struct chart *chart)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	fprintf(to, "Operations of %s per second, p99 of %s: ", chart->line->x, chart->line->y);
	for (int i = 0; i < chart->series_count; i++) {
		const struct chart_point *p = &chart->series[i].point[0];
		fprintf(to, "%s%s %s, %s", i > 0 ? "; " : "", chart->series[i].name, text_count(p->x).text,
			text_seconds(p->y.mid).text);
	}
	fputs(".", to);
	fclose(to);
	return text;
}

bool chart_tradeoff(struct report *report, struct chart *chart, int experiment, int set)
{
	const struct experiment *e = &report->experiments[experiment];
	chart->layout = LAYOUT_SCATTER;
	chart->floor = NAN;
	chart->is_log_y = true;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		int of = row_set(e, row);
		if (of >= 0 && (set < 0 || sets_are_alike(e, of, set)) && row_is_ok(row) &&
		    strcmp(row->role, chart->line->y) == 0)
			marker_add(report, chart, row);
	}
	if (chart->series_count == 0)
		return false;
	chart->said = numbers_said(chart);
	chart->x_label = xasprintf("%s: operations per second, all tasks together", chart->line->x);
	chart->y_label = xasprintf("%s: latency, p99, ms", chart->line->y);
	chart_points_scale(chart, 1e-3);
	return true;
}
