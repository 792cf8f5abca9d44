/*
 * chart_rows: one row per cell, names at the left, values in words at the right.
 *
 * Seconds are bars from 0, for a bar's length is its meaning; latencies are pairs of dots on a log axis (p50
 * small, p99 large), since a bar has no start there. Few samples: a hollow bar or dot and "?".
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_gp.h"
#include "report/chart_px.h"
#include "report/text.h"

/* Half a bar's height, in rows. */
#define BAR_HALF 0.32

static void row_bar(FILE *to, const struct chart_series *s, int row)
{
	const struct chart_point *p = &s->point[0];
	bool is_hollow = p->is_few || s->is_hollow;
	fprintf(to,
		"set object rectangle from 0, %.2f to %.9g, %.2f fillcolor rgb '%s' fillstyle %s border "
		"linecolor rgb "
		"'%s' linewidth 2\n",
		row - BAR_HALF, p->y.mid, row + BAR_HALF, is_hollow ? "#ffffff" : s->look->colour,
		is_hollow ? "solid 0" : "solid 0.75", s->look->colour);
	if (interval_exists(&p->y))
		fprintf(to,
			"set arrow from %.9g, %d to %.9g, %d heads size graph 0.004,90 linecolor rgb "
			"'#000000' linewidth 2 "
			"front\n",
			p->y.lo, row, p->y.hi, row);
}

static void row_words(FILE *to, const struct chart *chart, const struct chart_frame *f, int row)
{
	const struct chart_series *s = &chart->series[row];
	double y = frame_y(chart, f, row);
	char *words = xstrdup("");
	for (int k = 0; k < s->count; k++) {
		/* Axis units: text_plain has their three digits, the axis' name their unit. */
		const struct interval *v = &s->point[k].y;
		char *bounds =
			s->count == 1 && interval_exists(v)
				? xasprintf(" [%s, %s]", text_plain(v->lo).text, text_plain(v->hi).text)
				: xstrdup("");
		char *longer = xasprintf("%s%s%s%s%s", words, k > 0 ? " … " : "", text_plain(v->mid).text,
					 s->point[k].is_few ? " ?" : "", bounds);
		free(bounds);
		free(words);
		words = longer;
	}
	gp_label(to, words, f->right + EDGE_PX, y, "left", NAME_PX, "#000000");
	gp_label(to, s->name, f->left - 14, y, "right", NAME_PX, "#000000");
	free(words);
}

static void gp_value_axis(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	if (chart->is_log_x)
		gp_log_ticks(to, 'x', f->x_lo, f->x_hi);
	fputs("set grid xtics linetype 1 linecolor rgb '#dcdcdc' linewidth 1\nunset "
	      "ytics\n",
	      to);
	gp_label(to, chart->y_label, (f->left + f->right) / 2, f->bottom + 62, "center", AXIS_PX, "#262626");
}

/* One dot with its bar, a little above (p50) or below (p99) the middle of the row, so that bars do not lie on
 * each other. */
static void plot_dot(FILE *to, const struct chart_series *s, int row, int k)
{
	const double apart = 0.14;
	double y = row + (k + 1 < s->count ? -apart : apart);
	fprintf(to,
		", \\\n  DATA index %d every ::%d::%d using ($3==$3?$2:1/0):(%.2f):3:4 with xerrorbars "
		"pointtype 0 "
		"linewidth 2 linecolor rgb '%s'",
		row, k, k, y, s->look->colour);
	fprintf(to,
		", \\\n  DATA index %d every ::%d::%d using 2:(%.2f) with points pointtype %d pointsize %s "
		"linewidth 2 linecolor rgb '%s'",
		row, k, k, y, s->point[k].is_few ? s->look->hollow : s->look->filled,
		k + 1 < s->count ? "1.3" : "2.2", s->look->colour);
}

static void plot_dots(FILE *to, const struct chart *chart)
{
	fprintf(to, "DATA = '%s.dat'\nplot NaN", chart->name);
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++)
			plot_dot(to, &chart->series[i], i, k);
	fputs("\n", to);
}

void gp_rows(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	gp_value_axis(to, chart, f);
	for (int i = 0; i < chart->series_count; i++)
		row_words(to, chart, f, i);
	if (chart->kind == CHART_LATENCY) {
		plot_dots(to, chart);
		return;
	}
	for (int i = 0; i < chart->series_count; i++)
		row_bar(to, &chart->series[i], i);
	fputs("plot NaN\n", to);
}
