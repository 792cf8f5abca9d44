/*
 * chart_over_x: a column of the summary over a number of the cells: tasks of a role, a parameter, or a field of the
 * policy. One line per policy (and model, where there are several); all sections of the experiment in one picture,
 * since it is what differs between them that x shows.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>
#include <gilbench/virtual_models.h>

#include "report/chart_axis.h"
#include "report/chart_points.h"
#include "report/metric_words.h"
#include "report/parts.h"

/* Above this ratio of the largest to the smallest an axis is logarithmic. */
#define LOG_ABOVE 8

struct filling {
	const struct report *report;
	struct chart *chart;
	int experiment;
	const struct metric *metric;
	struct axis axis;
	bool has_models, has_policies; /* more than one: names must say which */
};

static bool row_belongs(const struct filling *f, const struct summary_row *row)
{
	const char *role = f->chart->line->role;
	return row_set(&f->report->experiments[f->experiment], row) >= 0 && row_is_ok(row) &&
	       strcmp(row->cell.model, "seq") != 0 && (*role == '\0' || strcmp(row->role, role) == 0);
}

static bool has_several_models(const struct filling *f)
{
	const char *first = NULL;
	for (size_t i = 0; i < f->report->summary.count; i++) {
		const struct summary_row *row = &f->report->summary.rows[i];
		if (!row_belongs(f, row))
			continue;
		if (first != NULL && strcmp(first, row->cell.model) != 0)
			return true;
		first = row->cell.model;
	}
	return false;
}

static bool has_several_policies(const struct filling *f)
{
	const char *first = NULL;
	for (size_t i = 0; i < f->report->summary.count; i++) {
		const struct summary_row *row = &f->report->summary.rows[i];
		if (!row_belongs(f, row) || row->cell.policy[0] == '\0')
			continue;
		if (first != NULL && strcmp(first, row->cell.policy) != 0)
			return true;
		first = row->cell.policy;
	}
	return false;
}

/* Over cores, shapes of a process for each core are one line: "a process per core: threads + GIL". */
static bool is_per_core(const struct filling *f, const struct summary_row *row)
{
	int processes = model_processes(row->cell.model);
	return strcmp(f->axis.name, "cores") == 0 && processes > 1 && processes == cell_cores(&row->cell);
}

/* Free it. */
static char *model_name(const struct filling *f, const struct summary_row *row)
{
	const char *legend = model_legend(f->report->run, row->cell.model), *times = strstr(legend, "×");
	if (is_per_core(f, row) && times != NULL)
		return xasprintf("a process per core: %s", times + strlen("× "));
	return xstrdup(legend);
}

/* "py3"; "threads + GIL" beside other models, with its policy where there are several. Free it. */
static char *series_name(const struct filling *f, const struct summary_row *row)
{
	char *model = model_name(f, row);
	if (row->cell.policy[0] == '\0' || (f->has_models && !f->has_policies))
		return model;
	char *policy = axis_policy(&f->axis, row->cell.policy);
	char *name = f->has_models ? xasprintf("%s (%s)", model, policy) : xstrdup(policy);
	free(policy);
	free(model);
	return name;
}

static void point_of_row(const struct filling *f, const struct summary_row *row)
{
	struct interval y = f->metric->get(row);
	double x = axis_value(&f->axis, row);
	if (!isfinite(x) || !isfinite(y.mid))
		return;
	char *name = series_name(f, row);
	bool is_policy = row->cell.policy[0] != '\0' && !f->has_models;
	const struct look *look =
		is_policy ? look_of_policy(row->cell.policy) : cell_look(f->report, &row->cell);
	struct chart_series *s = chart_series_named(f->chart, look, name, false);
	if (s != NULL)
		chart_point_add(f->chart, s, x, &y, strcmp(row->status, "few") == 0);
	free(name);
}

static bool is_wide(double least, double most)
{
	return least > 0 && most / least > LOG_ABOVE;
}

static void axes_choose(struct chart *chart)
{
	double least = INFINITY;
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++)
			least = fmin(least, chart->series[i].point[k].y.mid);
	chart->is_log_x = is_wide(chart->ticks[0], chart->ticks[chart->tick_count - 1]);
	chart->is_log_y = is_wide(least, chart_points_max(chart));
}

/* " = 4: py3 115 ms, py2 165 us": every line's last value. */
static void last_values_say(FILE *to, const struct filling *f)
{
	const struct chart *chart = f->chart;
	double last = chart->ticks[chart->tick_count - 1];
	int count = 0;
	fprintf(to, " = %g: ", last);
	for (int i = 0; i < chart->series_count; i++) {
		const struct chart_series *s = &chart->series[i];
		const struct chart_point *p = &s->point[s->count - 1];
		if (p->x == last)
			fprintf(to, "%s%s %s", count++ > 0 ? ", " : "", s->name,
				metric_number(f->metric, p->y.mid).text);
	}
}

/* " = 0.1, 1, 5: 718/s, 755/s, 758/s": every point of the only line. */
static void all_values_say(FILE *to, const struct filling *f)
{
	const struct chart_series *s = &f->chart->series[0];
	for (int k = 0; k < s->count; k++)
		fprintf(to, "%s%g", k > 0 ? ", " : " = ", s->point[k].x);
	for (int k = 0; k < s->count; k++)
		fprintf(to, "%s%s", k > 0 ? ", " : ": ", metric_number(f->metric, s->point[k].y.mid).text);
}

/* "echo: latency, p99; tasks of spin = 4: py3 115 ms, py2 165 us." Free it. */
static char *numbers_said(const struct filling *f)
{
	char *text = NULL, *label = axis_label(&f->axis);
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	const char *role = f->chart->line->role;
	fprintf(to, "%s%s%s; %s", role, *role != '\0' ? ": " : "", metric_words(f->metric), label);
	if (f->chart->series_count == 1)
		all_values_say(to, f);
	else
		last_values_say(to, f);
	fputs(".", to);
	fclose(to);
	free(label);
	return text;
}

/* A name says its line's last value; before the points are scaled. */
static void names_complete(const struct filling *f)
{
	for (int i = 0; i < f->chart->series_count; i++) {
		struct chart_series *s = &f->chart->series[i];
		const struct chart_point *last = &s->point[s->count - 1];
		size_t used = strlen(s->name);
		snprintf(s->name + used, sizeof(s->name) - used, "  %s%s",
			 metric_number(f->metric, last->y.mid).text, last->is_few ? " ?" : "");
	}
}

static void labels_make(const struct filling *f)
{
	const char *unit, *role = f->chart->line->role;
	double most = chart_points_max(f->chart), size = metric_axis_unit(f->metric, most, &unit);
	/* Four digits are as many as the axis has room for; a logarithmic one shortens its own. */
	if (size == 1 && most > 9999 && !f->chart->is_log_y) {
		size = 1000;
		unit = "thousands";
	}
	f->chart->y_label = xasprintf("%s%s%s%s%s", role, *role != '\0' ? ": " : "", metric_words(f->metric),
				      *unit != '\0' ? ", " : "", unit);
	f->chart->x_label = axis_label(&f->axis);
	chart_points_scale(f->chart, size);
}

bool chart_over_x(struct report *report, struct chart *chart, int experiment)
{
	char error[200];
	struct filling f = {.report = report,
			    .chart = chart,
			    .experiment = experiment,
			    .metric = metric_find(chart->line->metric, error, sizeof(error)),
			    .axis = axis_find(report, experiment, chart->line->x)};
	chart->layout = LAYOUT_LINES;
	chart->floor = NAN;
	f.has_models = has_several_models(&f);
	f.has_policies = has_several_policies(&f);
	for (size_t i = 0; i < report->summary.count; i++)
		if (row_belongs(&f, &report->summary.rows[i]))
			point_of_row(&f, &report->summary.rows[i]);
	if (chart->series_count == 0)
		return false;
	axes_choose(chart);
	chart->said = numbers_said(&f);
	names_complete(&f);
	labels_make(&f);
	return true;
}
