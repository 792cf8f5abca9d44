/*
 * chart_points: see chart_points.h. Rows come in the summary's order and points must lie in that of x, so each is
 * put where it belongs; there are at most a few dozen.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/chart_points.h"

struct chart_series *chart_series_named(struct chart *chart, const struct look *look, const char *name,
					bool is_second)
{
	int i = 0;
	while (i < chart->series_count &&
	       (strcmp(chart->series[i].name, name) != 0 || chart->series[i].is_second != is_second))
		i++;
	if (i == CHART_SERIES_MAX)
		return NULL;
	struct chart_series *s = &chart->series[i];
	if (i == chart->series_count) {
		chart->series_count++;
		s->look = look;
		s->is_second = is_second;
		snprintf(s->name, sizeof(s->name), "%s", name);
	}
	return s;
}

static void tick_add(struct chart *chart, double x)
{
	int i = chart->tick_count;
	for (int k = 0; k < chart->tick_count; k++)
		if (chart->ticks[k] == x)
			return;
	if (chart->tick_count == CHART_POINTS_MAX)
		return;
	for (; i > 0 && chart->ticks[i - 1] > x; i--)
		chart->ticks[i] = chart->ticks[i - 1];
	chart->ticks[i] = x;
	chart->tick_count++;
}

void chart_point_add(struct chart *chart, struct chart_series *s, double x, const struct interval *y,
		     bool is_few)
{
	if (s->count == CHART_POINTS_MAX)
		return;
	int i = s->count++;
	for (; i > 0 && s->point[i - 1].x > x; i--)
		s->point[i] = s->point[i - 1];
	s->point[i] = (struct chart_point){.x = x, .x_lo = NAN, .x_hi = NAN, .y = *y, .is_few = is_few};
	tick_add(chart, x);
}

double chart_points_max(const struct chart *chart)
{
	double max = 0;
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++)
			max = fmax(max, chart->series[i].point[k].y.mid);
	return max;
}

void chart_points_scale(struct chart *chart, double unit)
{
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++) {
			struct interval *y = &chart->series[i].point[k].y;
			*y = (struct interval){y->mid / unit, y->lo / unit, y->hi / unit};
		}
}
