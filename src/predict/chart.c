/*
 * chart: throughput over workers as PNG and SVG, by the report's own frame, colours and rules.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/report.h>
#include <gilbench/util.h>

#include "predict/parts.h"
#include "report/chart.h"
#include "report/chart_points.h"
#include "report/chart_px.h"
#include "report/text.h"

/* Above this ratio of the largest to the smallest an axis is logarithmic. */
#define LOG_ABOVE 8
/* A picture takes gnuplot a fifth of a second. */
#define DRAW_LIMIT_S 30

/* "threads + GIL"; "threads + GIL (fifo)"; "threads, no GIL (× 1.08 assumed)". Free it. */
static char *curve_words(const struct prediction *p, const struct point *of, bool is_policy)
{
	if (is_policy)
		return xasprintf("%s (%s)", of->model->legend, of->cell.policy);
	if (point_is_assumed(p, of))
		return xasprintf("%s (× %g assumed)", of->model->legend, p->request->costs.free_factor);
	return xstrdup(of->model->legend);
}

static void curve_add(const struct prediction *p, struct chart *chart, const struct curve *c)
{
	bool has_policies = p->request->policies[0] != NULL && p->request->policies[1] != NULL;
	bool is_policy = has_policies && c->first->cell.policy[0] != '\0';
	const struct look *look =
		is_policy ? look_of_policy(c->first->cell.policy) : look_find(c->first->cell.model);
	char *name = curve_words(p, c->first, is_policy);
	struct chart_series *s = chart_series_named(chart, look, name, false);
	for (size_t i = 0; s != NULL && i < c->count; i++) {
		const struct interval *y = &c->first[i].per_s;
		if (y->mid > 0)
			chart_point_add(chart, s, c->first[i].cell.workers, y, false);
	}
	free(name);
}

/* A line's name says its last value. */
static void names_complete(struct chart *chart)
{
	for (int i = 0; i < chart->series_count; i++) {
		struct chart_series *s = &chart->series[i];
		size_t used = strlen(s->name);
		snprintf(s->name + used, sizeof(s->name) - used, "  %s/s",
			 text_count(s->point[s->count - 1].y.mid).text);
	}
}

static void axes_choose(struct chart *chart)
{
	double least = INFINITY, most = chart_points_max(chart);
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++)
			least = fmin(least, chart->series[i].point[k].y.mid);
	chart->is_log_x = chart->ticks[chart->tick_count - 1] > LOG_ABOVE * chart->ticks[0];
	chart->is_log_y = most > LOG_ABOVE * least;
	chart->x_label = xstrdup("workers: all tasks together");
	bool is_large = most > 9999 && !chart->is_log_y;
	chart->y_label = xasprintf("operations per second%s", is_large ? ", thousands" : "");
	if (is_large)
		chart_points_scale(chart, 1000);
}

/* Which shape it comes to, and what the picture is of. */
static void words(const struct prediction *p, struct chart *chart)
{
	const struct predict_request *r = p->request;
	struct choice c;
	choose(p->points + (p->alone != NULL && !p->has_alone),
	       p->count - (p->alone != NULL && !p->has_alone), r, &c);
	char *best = sentence_text(p, &c, NULL, 0), *costs = costs_text(&r->costs);
	char *origin = costs_origin_text(&r->costs);
	/* Its first part: what is recommended. */
	best[strcspn(best, ";")] = '\0';
	char *title = xasprintf("%s on %d core%s", r->title, r->cores, r->cores == 1 ? "" : "s");
	char *footer = xasprintf("simulated in virtual time, seed %llu · medians of replicates with 95 %% "
				 "intervals · %s · %s",
				 (unsigned long long)r->seed, costs, origin);
	free(origin);
	chart->title = text_wrap(title, TITLE_COLUMNS, TITLE_LINES);
	chart->subtitle = text_wrap(best, SUBTITLE_COLUMNS, SUBTITLE_LINES);
	chart->footer = text_wrap(footer, FOOTER_COLUMNS, FOOTER_LINES);
	chart->alt = xasprintf("%s. %s.", title, best);
	free(best);
	free(costs);
	free(title);
	free(footer);
}

static void chart_fill(const struct prediction *p, struct chart *chart, const char *name)
{
	struct curve *curves;
	size_t count = curves_of(p, &curves);
	*chart = (struct chart){.name = xstrdup(name),
				.kind = CHART_METRIC,
				.layout = LAYOUT_LINES,
				.floor = NAN,
				.cores = p->request->cores,
				.series = xcalloc(CHART_SERIES_MAX, sizeof(struct chart_series))};
	for (size_t i = 0; i < count; i++)
		if (curves[i].best != NULL && curves[i].best->per_s.mid > 0)
			curve_add(p, chart, &curves[i]);
	free(curves);
	if (chart->series_count == 0)
		return;
	names_complete(chart);
	axes_choose(chart);
	words(p, chart);
}

int predict_draw(const struct prediction *p, const char *dir, const char *name, char *error,
		 size_t error_bytes)
{
	struct chart chart;
	int status = plots_make(dir);
	chart_fill(p, &chart, name);
	if (chart.series_count == 0) {
		snprintf(error, error_bytes,
			 "no cell has finished an operation, so there is nothing to draw");
		chart_release(&chart);
		return 1;
	}
	if (status == 0)
		status = chart_write(&chart, dir);
	if (status < 0) {
		snprintf(error, error_bytes, "the chart cannot be written to %s: %s", dir, strerror(-status));
		chart_release(&chart);
		return -1;
	}
	status = charts_draw(&chart, 1, dir, DRAW_LIMIT_S);
	bool is_drawn = chart.is_drawn;
	if (!is_drawn)
		snprintf(error, error_bytes,
			 status == -ENOENT
				 ? "gnuplot is not installed, so the chart was not drawn; its .gp and "
				   ".dat are in %s"
				 : "gnuplot could not draw the chart; its .gp and .dat are in %s",
			 dir);
	chart_release(&chart);
	return is_drawn ? 0 : 1;
}
