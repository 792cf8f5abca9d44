/*
 * chart_sources: a column of the summary from every source that has it: what was measured on real cores as points with
 * their intervals, virtual time as a broad pale line, closed forms as dashes, the real CPython as hollow points. A colour
 * is a model. Over workers, a picture per section; over x, one for all sections that have the role.
 *
 * Where the witnesses agree, points lie on dashes on the line; how far virtual time and closed forms are off the points
 * is said below the title. (Both sides of a validation, which pairs figures and not cells: chart_overlay.c.)
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "report/chart_axis.h"
#include "report/chart_points.h"
#include "report/closed_form.h"
#include "report/metric_words.h"
#include "report/parts.h"
#include "report/text.h"

/* Above this ratio of the largest to the smallest an axis is logarithmic. */
#define LOG_ABOVE 8

/* From back to front. */
enum witness { WITNESS_VIRTUAL, WITNESS_CLOSED, WITNESS_CPYTHON, WITNESS_LIVE, WITNESSES };

static const struct {
	enum series_style style;
	bool is_hollow;
	const char *name, *how;
} witnesses[WITNESSES] = {
	[WITNESS_VIRTUAL] = {STYLE_BROAD, false, "virtual time", "broad line"},
	[WITNESS_CLOSED] = {STYLE_DASHES, false, "closed form", "dashes"},
	[WITNESS_CPYTHON] = {STYLE_POINTS, true, "CPython", "hollow"},
	[WITNESS_LIVE] = {STYLE_POINTS, false, "real cores", "points"},
};

struct filling {
	const struct report *report;
	struct chart *chart;
	int experiment, set; /* set -1: all */
	const struct metric *metric;
	struct axis axis; /* name NULL: workers */
	enum witness of[CHART_CURVES_MAX];
	char *model[CHART_CURVES_MAX]; /* the words of each series; owned */
};

static bool row_belongs(const struct filling *f, const struct summary_row *row)
{
	int set = row_set_of_any(&f->report->experiments[f->experiment], row);
	const char *role = f->chart->line->role;
	bool is_role = *role != '\0' ? strcmp(row->role, role) == 0 : strchr(row->cell.cast, ',') == NULL;
	return set >= 0 && (f->set < 0 || set == f->set) && is_role && row_is_ok(row) &&
	       strcmp(row->cell.model, "seq") != 0;
}

static double row_x(const struct filling *f, const struct summary_row *row)
{
	return f->axis.name != NULL ? axis_value(&f->axis, row) : row->workers;
}

static enum witness witness_of(const struct summary_row *row)
{
	switch (row->cell.source) {
	case SOURCE_VIRTUAL:
		return WITNESS_VIRTUAL;
	case SOURCE_CPYTHON:
		return WITNESS_CPYTHON;
	default:
		return WITNESS_LIVE;
	}
}

/* ---- series and points ---- */

static struct chart_series *series_of(struct filling *f, enum witness witness, const struct summary_row *row)
{
	char *words = cell_words(f->report, &row->cell);
	int i = 0;
	while (i < f->chart->series_count && (f->of[i] != witness || strcmp(f->model[i], words) != 0))
		i++;
	if (i == CHART_CURVES_MAX || i < f->chart->series_count) {
		free(words);
		return i < CHART_CURVES_MAX ? &f->chart->series[i] : NULL;
	}
	f->of[i] = witness;
	f->model[i] = words;
	struct chart_series *s = &f->chart->series[f->chart->series_count++];
	*s = (struct chart_series){.look = cell_look(f->report, &row->cell),
				   .style = witnesses[witness].style,
				   .is_hollow = witnesses[witness].is_hollow};
	return s;
}

static void point_add(struct filling *f, enum witness witness, const struct summary_row *row,
		      const struct interval *y)
{
	double x = row_x(f, row);
	if (!isfinite(x) || !isfinite(y->mid))
		return;
	struct chart_series *s = series_of(f, witness, row);
	for (int i = 0; s != NULL && i < s->count; i++)
		if (s->point[i].x == x)
			return;
	bool is_few = witnesses[witness].style == STYLE_POINTS && strcmp(row->status, "few") == 0;
	if (s != NULL)
		chart_point_add(f->chart, s, x, y, is_few);
}

/* One role, and the next operation begins when one has ended. */
static bool is_simple(const struct cell *cell)
{
	struct virtual_words words;
	char error[200], *rest;
	if (strchr(cell->cast, ',') != NULL ||
	    virtual_words_read(cell->params, &words, &rest, error, sizeof(error)) != 0)
		return false;
	free(rest);
	return !(words.rate_per_s > 0);
}

/* What the column would be by arithmetic alone; NAN where that is not known. */
static double closed_value(const struct filling *f, const struct summary_row *row)
{
	struct profile profile;
	double value = NAN;
	int cores = row_cores(f->report, row);
	if (!is_simple(&row->cell) || !row_profile(f->report, row, &profile))
		return NAN;
	const char *metric = f->metric->name, *model = row->cell.model;
	if (strcmp(metric, "throughput_per_s") == 0)
		value = closed_form_per_s(&profile, model, row->workers, cores);
	else if (strcmp(metric, "lat_p50_s") == 0)
		value = closed_form_p50_s(&profile, model, row->workers, cores);
	else if (strcmp(metric, "speedup") == 0)
		value = closed_form_per_s(&profile, model, row->workers, cores) *
			profile_seconds(&profile, SEGMENT_KINDS);
	profile_release(&profile);
	return value;
}

static void points_fill(struct filling *f)
{
	for (int witness = 0; witness < WITNESSES; witness++)
		for (size_t i = 0; i < f->report->summary.count; i++) {
			const struct summary_row *row = &f->report->summary.rows[i];
			if (!row_belongs(f, row))
				continue;
			struct interval y = {NAN, NAN, NAN};
			if (witness == WITNESS_CLOSED)
				y.mid = closed_value(f, row);
			else if (witness_of(row) == (enum witness)witness)
				y = f->metric->get(row);
			point_add(f, (enum witness)witness, row, &y);
		}
}

/* ---- words ---- */

static const struct chart_point *point_at(const struct chart_series *s, double x)
{
	for (int i = 0; i < s->count; i++)
		if (s->point[i].x == x)
			return &s->point[i];
	return NULL;
}

/* How far a witness is off what was measured, at most, and where. */
struct distance {
	double ratio; /* of the two, the larger by the smaller; 0: there is no pair */
	double off;   /* as a share of what was measured */
	int series;
	double x;
};

static void distance_take(struct distance *d, const struct filling *f, int witness, int live)
{
	const struct chart_series *a = &f->chart->series[witness], *b = &f->chart->series[live];
	for (int i = 0; i < a->count; i++) {
		const struct chart_point *p = &a->point[i], *q = point_at(b, p->x);
		if (q == NULL || !(q->y.mid > 0) || !(p->y.mid > 0))
			continue;
		double ratio = fmax(p->y.mid / q->y.mid, q->y.mid / p->y.mid);
		if (ratio > d->ratio)
			*d = (struct distance){ratio, p->y.mid / q->y.mid - 1, live, p->x};
	}
}

static struct distance distance_of(const struct filling *f, enum witness witness)
{
	struct distance d = {.ratio = 0};
	for (int i = 0; i < f->chart->series_count; i++)
		for (int k = 0; f->of[i] == witness && k < f->chart->series_count; k++)
			if (f->of[k] == WITNESS_LIVE && strcmp(f->model[i], f->model[k]) == 0)
				distance_take(&d, f, i, k);
	return d;
}

/* "latency, p99, against real cores: virtual time at most 3.1 % off (event loop at 8: -3.1 %); closed form ..." Free it. */
static char *numbers_said(const struct filling *f)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	const char *role = f->chart->line->role;
	int said = 0;
	fprintf(to, "%s%s%s, against real cores: ", role, *role != '\0' ? ": " : "", metric_words(f->metric));
	for (int witness = 0; witness < WITNESS_LIVE; witness++) {
		struct distance d = distance_of(f, (enum witness)witness);
		if (d.ratio >= 2)
			fprintf(to, "%s%s up to %.*f times off (%s at %g)", said++ > 0 ? "; " : "",
				witnesses[witness].name, d.ratio < 9.95 ? 1 : 0, d.ratio, f->model[d.series],
				d.x);
		else if (d.ratio > 0)
			fprintf(to, "%s%s at most %.1f\u00a0%% off (%s at %g: %+.1f\u00a0%%)",
				said++ > 0 ? "; " : "", witnesses[witness].name, 100 * fabs(d.off),
				f->model[d.series], d.x, 100 * d.off);
	}
	fputs(said > 0 ? "." : "nothing was measured there.", to);
	fclose(to);
	return text;
}

/* A model's name stands once: at what was measured, or else at the first that there is. */
static bool says_name(const struct filling *f, int series)
{
	int best = series;
	for (int i = 0; i < f->chart->series_count; i++)
		if (strcmp(f->model[i], f->model[series]) == 0 && f->of[i] > f->of[best])
			best = i;
	return best == series;
}

static void names_complete(const struct filling *f)
{
	for (int i = 0; i < f->chart->series_count; i++) {
		struct chart_series *s = &f->chart->series[i];
		const struct chart_point *last = &s->point[s->count - 1];
		if (says_name(f, i))
			snprintf(s->name, sizeof(s->name), "%s  %s%s", f->model[i],
				 metric_number(f->metric, last->y.mid).text, last->is_few ? " ?" : "");
	}
}

static const char *witness_name(const struct filling *f, enum witness witness)
{
	const struct contender *python = f->report->python;
	return witness == WITNESS_CPYTHON && python != NULL ? python->label : witnesses[witness].name;
}

/* The styles that are in the picture. Free it. */
static char *key_text(const struct filling *f)
{
	char *text = xstrdup("");
	for (int witness = WITNESSES - 1; witness >= 0; witness--) {
		bool is_there = false;
		for (int i = 0; i < f->chart->series_count; i++)
			is_there |= f->of[i] == (enum witness)witness;
		if (!is_there)
			continue;
		char *longer = xasprintf("%s%s%s: %s", text, *text != '\0' ? " · " : "",
					 witnesses[witness].how, witness_name(f, (enum witness)witness));
		free(text);
		text = longer;
	}
	return text;
}

static void axes_complete(const struct filling *f)
{
	struct chart *chart = f->chart;
	const char *unit, *role = chart->line->role;
	double least = INFINITY, most = chart_points_max(chart),
	       size = metric_axis_unit(f->metric, most, &unit);
	double first = chart->ticks[0], last = chart->ticks[chart->tick_count - 1];
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++)
			least = fmin(least, chart->series[i].point[k].y.mid);
	chart->is_log_x = first > 0 && last / first >= LOG_ABOVE;
	chart->is_log_y = least > 0 && most / least > LOG_ABOVE;
	chart->y_label = xasprintf("%s%s%s%s%s", role, *role != '\0' ? ": " : "", metric_words(f->metric),
				   *unit != '\0' ? ", " : "", unit);
	chart->x_label = f->axis.name != NULL ? axis_label(&f->axis) : xstrdup("workers");
	chart_points_scale(chart, size);
}

bool chart_sources(struct report *report, struct chart *chart, int experiment, int set)
{
	char error[200];
	struct filling f = {.report = report,
			    .chart = chart,
			    .experiment = experiment,
			    .set = set,
			    .metric = metric_find(chart->line->metric, error, sizeof(error))};
	if (chart->line->x[0] != '\0')
		f.axis = axis_find(report, experiment, chart->line->x);
	chart->layout = LAYOUT_LINES;
	chart->floor = NAN;
	chart->series = xrealloc(chart->series, CHART_CURVES_MAX, sizeof(struct chart_series));
	points_fill(&f);
	if (chart->series_count > 0) {
		chart->key = key_text(&f);
		chart->said = numbers_said(&f);
		names_complete(&f);
		axes_complete(&f);
	}
	for (int i = 0; i < chart->series_count; i++)
		free(f.model[i]);
	return chart->series_count > 0;
}
