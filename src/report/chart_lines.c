/*
 * chart_lines: a value over workers or another number, one line per model or policy.
 *
 * Behind the data, from back to front: the oversubscribed side shaded, the noise floor's band around 1, the
 * ideal and the ceiling, the verticals. In front: lines, bars, markers (hollow with "?" where samples were
 * few), and each series' name beyond the right end of the axis, joined to its last point by a leader.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_gp.h"
#include "report/chart_px.h"
#include "report/text.h"

static double last_tick(const struct chart *chart)
{
	return chart->tick_count > 0 ? chart->ticks[chart->tick_count - 1] : 0;
}

static void gp_ticks(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	if (chart->is_log_x)
		fputs("set logscale x 2\n", to);
	fputs("set xtics (", to);
	for (int i = 0; i < chart->tick_count; i++)
		fprintf(to, "%s'%g' %.9g", i > 0 ? ", " : "", chart->ticks[i], chart->ticks[i]);
	fputs(")\n", to);
	if (!chart->is_log_y)
		/* About eight steps, each 1, 2 or 5 times a power of ten: gnuplot's own choice. */
		fputs("set ytics auto\nset grid ytics linetype 1 linecolor rgb '#dcdcdc' linewidth 1\n", to);
	else if (chart->kind == CHART_SPEEDUP) {
		fputs("set logscale y 2\nset ytics (", to);
		bool is_first = true;
		for (double v = f->y_lo; v <= f->y_hi; v *= 2, is_first = false)
			fprintf(to, "%s'%g' %.9g", is_first ? "" : ", ", v, v);
		fputs(")\nset grid ytics linetype 1 linecolor rgb '#dcdcdc' linewidth 1\n", to);
	} else {
		gp_log_ticks(to, 'y', f->y_lo, f->y_hi);
		fputs("set grid ytics linetype 1 linecolor rgb '#dcdcdc' linewidth 1\n", to);
	}
}

void gp_axis_names(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	gp_label(to, chart->x_label, (f->left + f->right) / 2, f->bottom + 62, "center", AXIS_PX, "#262626");
	char *quoted = gp_quote(chart->y_label);
	fprintf(to, "set label %s at ", quoted);
	gp_screen(to, EDGE_PX + 14, (f->top + f->bottom) / 2);
	fprintf(to, " center rotate by 90 font ',%d' textcolor rgb '#262626'\n", AXIS_PX);
	free(quoted);
}

static void gp_shade(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	if (chart->usable < 1 || chart->usable >= last_tick(chart))
		return;
	fprintf(to,
		"set object rectangle from first %d, graph 0 to graph 1, graph 1 behind fillcolor rgb "
		"'#f3f0e6' "
		"fillstyle solid 1 noborder\n",
		chart->usable);
	/* Above the plot, right of the vertical's own name, where nothing else is drawn. */
	const char *words = "shaded: workers > CPUs", *longest_vertical = "16 cores = usable CPUs";
	double room = f->right - frame_x(chart, f, chart->usable);
	double needed = (double)(strlen(words) + strlen(longest_vertical)) * FOOTER_PX * CHARACTER_EM;
	if (room > needed)
		gp_label(to, words, f->right, f->top - 22, "right", FOOTER_PX, "#6b6b6b");
}

static void gp_vertical(FILE *to, const struct chart *chart, const struct chart_frame *f, int at,
			const char *words, bool is_left)
{
	if (at < 1 || at > last_tick(chart))
		return;
	fprintf(to,
		"set arrow from first %d, graph 0 to first %d, graph 1.02 nohead linecolor rgb '#8c8c8c' "
		"linewidth "
		"1.5 back\n",
		at, at);
	double x = frame_x(chart, f, at);
	gp_label(to, words, is_left ? x - 6 : x + 6, f->top - 22, is_left ? "right" : "left", FOOTER_PX,
		 "#595959");
}

static void gp_verticals(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	bool is_same = chart->cores == chart->usable;
	char *usable =
		is_same ? xasprintf("%d core%s = usable CPUs", chart->usable, chart->usable == 1 ? "" : "s")
			: xasprintf("%d usable CPU%s", chart->usable, chart->usable == 1 ? "" : "s");
	char *cores = xasprintf("%d core%s", chart->cores, chart->cores == 1 ? "" : "s");
	gp_vertical(to, chart, f, chart->usable, usable, false);
	if (!is_same)
		gp_vertical(to, chart, f, chart->cores, cores, chart->cores < chart->usable);
	free(usable);
	free(cores);
}

static void gp_band(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	if (chart->kind != CHART_SPEEDUP)
		return;
	if (isfinite(chart->floor))
		fprintf(to,
			"set object rectangle from graph 0, first %.9g to graph 1, first %.9g behind "
			"fillcolor rgb "
			"'#c9c9c9' fillstyle solid 1 noborder\n",
			fmax(1 / (1 + chart->floor), f->y_lo), 1 + chart->floor);
	fputs("set arrow from graph 0, first 1 to graph 1, first 1 nohead linecolor rgb '#a6a6a6' linewidth "
	      "1 back\n",
	      to);
}

/* Few samples make a point hollow, unless hollow means something else here. */
static bool is_hollow(const struct chart_series *s, bool is_few)
{
	return s->is_hollow || (is_few && s->style != STYLE_POINTS);
}

static bool is_last_hollow(const struct chart_series *s)
{
	return is_hollow(s, s->point[s->count - 1].is_few);
}

/* Which model the series is, counted from 0, and how many there are: p50 and p99 of one model share a place.
 */
static int look_index(const struct chart *chart, int series, int *count)
{
	const struct look *seen[CHART_CURVES_MAX];
	int found = 0;
	*count = 0;
	for (int i = 0; i < chart->series_count; i++) {
		int at = 0;
		while (at < *count && seen[at] != chart->series[i].look)
			at++;
		if (at == *count)
			seen[(*count)++] = chart->series[i].look;
		if (i == series)
			found = at;
	}
	return found;
}

/* Models are set apart by a few pixels, so that bars and markers of equal values are all seen; the .dat has the true x. */
static double dodge_px(const struct chart *chart, int series)
{
	/* Where lines lie on lines, whole models have to be seen side by side. */
	const double step_px = chart->key != NULL ? 18 : 7;
	int count, index = look_index(chart, series, &count);
	return step_px * (index - (count - 1) / 2.0);
}

/* x as drawn. */
static char *dodged_x(const struct chart *chart, const struct chart_frame *f, int series)
{
	double px = dodge_px(chart, series);
	double width = f->right - f->left;
	if (chart->is_log_x)
		return xasprintf("($1*%.6f)", pow(f->x_hi / f->x_lo, px / width));
	return xasprintf("($1+%.6f)", (f->x_hi - f->x_lo) * px / width);
}

/* The series that have names. */
static int named_series(const struct chart *chart, const struct chart_series *named[CHART_SERIES_MAX])
{
	int count = 0;
	for (int i = 0; i < chart->series_count && count < CHART_SERIES_MAX; i++)
		if (chart->series[i].name[0] != '\0')
			named[count++] = &chart->series[i];
	return count;
}

/* Names at the right: series first, then references, each with the pixel of its last point. */
static void gp_names(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	double wanted[2 * CHART_SERIES_MAX], placed[2 * CHART_SERIES_MAX];
	const struct chart_series *named[CHART_SERIES_MAX];
	int series = named_series(chart, named), count = series + chart->reference_count;
	for (int i = 0; i < series; i++)
		wanted[i] = frame_y(chart, f, named[i]->point[named[i]->count - 1].y.mid);
	for (int i = 0; i < chart->reference_count; i++) {
		const struct chart_reference *r = &chart->reference[i];
		wanted[series + i] = frame_y(chart, f, r->y[r->count - 1]);
	}
	memcpy(placed, wanted, sizeof(placed));
	labels_spread(placed, count, NAME_GAP_PX, f->top, f->bottom);

	for (int i = 0; i < count; i++) {
		bool is_series = i < series;
		const struct chart_series *s = is_series ? named[i] : NULL;
		const struct chart_reference *r = is_series ? NULL : &chart->reference[i - series];
		const char *colour = is_series ? s->look->colour : "#8c8c8c";
		double x = frame_x(chart, f, is_series ? s->point[s->count - 1].x : r->x[r->count - 1]);
		x += is_series ? dodge_px(chart, (int)(s - chart->series)) : 0;
		fputs("set arrow from ", to);
		gp_screen(to, x, wanted[i]);
		fputs(" to ", to);
		gp_screen(to, f->right + MARKER_ROOM_PX - 26, placed[i]);
		fprintf(to, " nohead linecolor rgb '%s' linewidth 1 back\n", colour);
		if (is_series) {
			fputs("set label '' at ", to);
			gp_screen(to, f->right + MARKER_ROOM_PX - 16, placed[i]);
			fprintf(to, " font ',%d' point pointtype %d pointsize %s linecolor rgb '%s' front\n",
				NAME_PX, is_last_hollow(s) ? s->look->hollow : s->look->filled,
				s->is_second ? "1.1" : "1.8", colour);
		}
		gp_label(to, is_series ? s->name : r->name, f->right + MARKER_ROOM_PX, placed[i], "left",
			 NAME_PX, is_series ? "#000000" : "#6b6b6b");
	}
}

static void plot_line(FILE *to, const struct chart_series *s, int i, const char *x)
{
	bool is_dashed = s->is_hollow || s->style == STYLE_DASHES, is_broad = s->style == STYLE_BROAD;
	const char *width = is_broad ? "9" : s->is_second ? "1.5" : s->style == STYLE_DASHES ? "2" : "3";
	/* Of "#aarrggbb" aa is how much shines through. */
	fprintf(to, ", \\\n  DATA index %d using %s:2 with lines linewidth %s linecolor rgb '#%s%s'%s", i, x,
		width, is_broad ? "99" : "", s->look->colour + 1, is_dashed ? " dashtype 2" : "");
}

static void plot_points(FILE *to, const struct chart_series *s, int i, const char *x)
{
	/* Hollow ones lie around others, with room between the two. */
	bool is_among = s->style == STYLE_POINTS, is_ring = is_among && s->is_hollow;
	const char *size = is_ring ? "3.8" : is_among ? "1.8" : s->is_second ? "1.3" : "2.2";
	fprintf(to,
		", \\\n  DATA index %d using %s:($3==$3?$2:1/0):3:4 with yerrorbars pointtype 0 linewidth %s "
		"linecolor rgb "
		"'%s'",
		i, x, is_ring ? "1" : "2", s->look->colour);
	for (int few = 0; few <= 1; few++)
		fprintf(to,
			", \\\n  DATA index %d using %s:($5==%d?$2:1/0) with points pointtype %d pointsize "
			"%s "
			"linewidth 2.5 linecolor rgb '%s'",
			i, x, few, is_hollow(s, few != 0) ? s->look->hollow : s->look->filled, size,
			s->look->colour);
	/* A ring is of the same blocks as the point in it, whose mark will do. */
	if (is_ring)
		return;
	fprintf(to,
		", \\\n  DATA index %d using %s:($5==1?$2:1/0):('?') with labels font ',%d' offset screen %s "
		"textcolor "
		"rgb '%s'",
		i, x, AXIS_PX, is_among ? "0, screen 0.034" : "0.009, screen 0.022", s->look->colour);
}

static void plot_series(FILE *to, const struct chart *chart, const struct chart_frame *f, int i)
{
	const struct chart_series *s = &chart->series[i];
	char *x = dodged_x(chart, f, i);
	if (s->style != STYLE_POINTS)
		plot_line(to, s, i, x);
	if (s->style == STYLE_WHOLE || s->style == STYLE_POINTS)
		plot_points(to, s, i, x);
	free(x);
}

void gp_lines(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	gp_ticks(to, chart, f);
	gp_axis_names(to, chart, f);
	gp_shade(to, chart, f);
	gp_band(to, chart, f);
	gp_verticals(to, chart, f);
	if (chart->key != NULL)
		gp_label(to, chart->key, f->right, f->top - 22, "right", NAME_PX, "#262626");
	gp_names(to, chart, f);
	fprintf(to, "DATA = '%s.dat'\nset pointsize 1\nset bars 0.7\nplot NaN", chart->name);
	for (int i = 0; i < chart->reference_count; i++)
		fprintf(to, ", \\\n  DATA index %d using 1:2 with lines linewidth %s linecolor rgb '%s'%s",
			chart->series_count + i, chart->reference[i].is_dashed ? "2.5" : "1.5",
			chart->reference[i].is_dashed ? "#737373" : "#b3b3b3",
			chart->reference[i].is_dashed ? " dashtype 2" : "");
	for (int i = 0; i < chart->series_count; i++)
		plot_series(to, chart, f, i);
	fputs("\n", to);
}
