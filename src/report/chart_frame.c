/*
 * chart_frame: where things lie in the picture, worked out here and not by gnuplot, because names at the
 * lines' ends can only be kept apart by who knows the pixel of every value.
 *
 * Axis rules: workers from a little left of the first to a little right of the last, log2 when the chart says
 * so; speed-up from 0 (from a power of two at log2), memory and seconds from 0, latency between powers of
 * ten; the throughputs of a trade-off from 0.
 */
#include <math.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart.h"
#include "report/chart_px.h"
#include "report/text.h"

static int lines_of(const char *text)
{
	int lines = *text != '\0';
	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* Room for the longest name at a line's end (right), of a row or of a track (left). */
static double names_px(const struct chart *chart)
{
	size_t longest = 0;
	for (int i = 0; chart->tracks != NULL && i < chart->tracks->row_count; i++) {
		size_t length = text_length(chart->tracks->row[i].name);
		longest = length > longest ? length : longest;
	}
	for (int i = 0; i < chart->series_count; i++) {
		size_t length = text_length(chart->series[i].name);
		longest = length > longest ? length : longest;
	}
	for (int i = 0; i < chart->reference_count; i++) {
		size_t length = text_length(chart->reference[i].name);
		longest = length > longest ? length : longest;
	}
	double px = (double)longest * NAME_PX * CHARACTER_EM;
	return px > NAMES_MAX_PX ? NAMES_MAX_PX : px;
}

struct extent {
	double lo, hi;
};

static void extent_take(struct extent *e, double value)
{
	if (!isfinite(value))
		return;
	e->lo = value < e->lo ? value : e->lo;
	e->hi = value > e->hi ? value : e->hi;
}

/* Of everything that is drawn on the value axis. */
static struct extent values_extent(const struct chart *chart)
{
	struct extent e = {INFINITY, -INFINITY};
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++) {
			const struct interval *y = &chart->series[i].point[k].y;
			extent_take(&e, y->mid);
			extent_take(&e, y->lo);
			extent_take(&e, y->hi);
		}
	for (int i = 0; i < chart->reference_count; i++)
		for (int k = 0; k < chart->reference[i].count; k++)
			extent_take(&e, chart->reference[i].y[k]);
	if (!isfinite(e.lo))
		e = (struct extent){0, 1};
	return e;
}

/* The nearest 1, 2 or 5 times a power of ten that is not above (or not below) the value. */
double step_125(double value, bool is_up)
{
	static const double steps[] = {1, 2, 5, 10};
	double decade = pow(10, floor(log10(value)));
	/* A value that is a step but for rounding is that step. */
	const double close = 1e-9;
	size_t i = 0;
	if (is_up) {
		while (i + 1 < ARRAY_LEN(steps) && steps[i] * decade < value * (1 - close))
			i++;
	} else {
		while (i + 1 < ARRAY_LEN(steps) && steps[i + 1] * decade <= value * (1 + close))
			i++;
	}
	return steps[i] * decade;
}

static void value_range(const struct chart *chart, bool is_log, double *lo, double *hi)
{
	struct extent e = values_extent(chart);
	/* Room above the highest point for its marker. */
	const double headroom = 1.06;
	if (!is_log) {
		*lo = 0;
		*hi = e.hi > 0 ? e.hi * headroom : 1;
		return;
	}
	if (chart->kind == CHART_SPEEDUP) {
		/* At least one power of two below 1, so that a slow-down is seen as one. */
		*lo = exp2(floor(log2(fmin(e.lo > 0 ? e.lo : 0.5, 0.99))));
		*hi = fmax(e.hi, 2) * 1.15;
		return;
	}
	*lo = step_125(e.lo > 0 ? e.lo / headroom : 1e-3, false);
	*hi = step_125(fmax(e.hi * headroom, *lo * 2), true);
}

static void workers_range(const struct chart *chart, double *lo, double *hi)
{
	double first = chart->tick_count > 0 ? chart->ticks[0] : 1;
	double last = chart->tick_count > 0 ? chart->ticks[chart->tick_count - 1] : 1;
	/* Room for the points of models that are set apart (dodged_x). */
	double room = chart->key != NULL ? 0.08 : chart->series_count > 6 ? 0.055 : 0.035;
	if (chart->is_log_x) {
		double margin = pow(last / first, room);
		*lo = first / margin;
		*hi = last * margin;
	} else {
		double margin = fmax((last - first) * fmax(room, 0.04), 0.12);
		*lo = first - margin;
		*hi = last + margin;
	}
}

/* Tracks count downwards from 0; above them the legend, right of them their shares. */
static void tracks_frame(const struct chart *chart, struct chart_frame *f, double head)
{
	f->top = head + TRACK_HEAD_PX;
	f->left = EDGE_PX + names_px(chart) + 14;
	f->right = PICTURE_WIDTH_PX - EDGE_PX - tracks_shares_px(chart->tracks);
	f->x_lo = chart->tracks->from_ms;
	f->x_hi = chart->tracks->to_ms;
	f->y_lo = chart->tracks->row_count;
	f->y_hi = 0;
}

/* A box is one wide and one high, its middle at the number of its column and row. */
static void map_frame(const struct chart *chart, struct chart_frame *f, double head)
{
	f->top = head + map_legend_px(chart->map);
	f->left = Y_AXIS_PX;
	f->right = PICTURE_WIDTH_PX - 2 * EDGE_PX;
	f->x_lo = f->y_lo = -0.5;
	f->x_hi = chart->map->columns - 0.5;
	f->y_hi = chart->map->rows - 0.5;
}

/* The x axis of a trade-off: from 0, with room for the last marker. */
static void across_range(const struct chart *chart, double *lo, double *hi)
{
	struct extent e = {0, 0};
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++) {
			extent_take(&e, chart->series[i].point[k].x);
			extent_take(&e, chart->series[i].point[k].x_hi);
		}
	*lo = 0;
	*hi = e.hi > 0 ? e.hi * 1.08 : 1;
}

void chart_frame(const struct chart *chart, struct chart_frame *f)
{
	/* Subtitle and footer have room for their usual lines even when they are shorter, so that two
	 * pictures side by side have the same frame. */
	double head = HEAD_PX + lines_of(chart->title) * TITLE_LINE_PX +
		      fmax(lines_of(chart->subtitle), SUBTITLE_USUAL_LINES) * SUBTITLE_LINE_PX;
	double foot = fmax(lines_of(chart->footer), FOOTER_USUAL_LINES) * FOOTER_LINE_PX + EDGE_PX;

	f->bottom = PICTURE_HEIGHT_PX - foot - X_AXIS_PX;
	if (chart->layout == LAYOUT_TRACKS) {
		tracks_frame(chart, f, head);
		return;
	}
	if (chart->layout == LAYOUT_MAP) {
		map_frame(chart, f, head);
		return;
	}
	if (chart->layout == LAYOUT_LINES) {
		f->top = head + VERTICALS_PX;
		f->left = Y_AXIS_PX;
		f->right = PICTURE_WIDTH_PX - EDGE_PX - MARKER_ROOM_PX - names_px(chart);
		workers_range(chart, &f->x_lo, &f->x_hi);
		value_range(chart, chart->is_log_y, &f->y_lo, &f->y_hi);
	} else if (chart->layout == LAYOUT_SCATTER) {
		f->top = head + VERTICALS_PX;
		f->left = Y_AXIS_PX;
		f->right = PICTURE_WIDTH_PX - 2 * EDGE_PX;
		across_range(chart, &f->x_lo, &f->x_hi);
		value_range(chart, chart->is_log_y, &f->y_lo, &f->y_hi);
	} else {
		f->top = head + EDGE_PX;
		f->left = EDGE_PX + names_px(chart);
		f->right = PICTURE_WIDTH_PX - EDGE_PX - ROW_VALUE_PX;
		value_range(chart, chart->is_log_x, &f->x_lo, &f->x_hi);
		/* Rows count downwards from 0. */
		f->y_lo = chart->series_count - 0.4;
		f->y_hi = -0.6;
	}
}

static double share(bool is_log, double lo, double hi, double value)
{
	if (is_log)
		return (log(value) - log(lo)) / (log(hi) - log(lo));
	return (value - lo) / (hi - lo);
}

double frame_x(const struct chart *chart, const struct chart_frame *f, double value)
{
	return f->left + (f->right - f->left) * share(chart->is_log_x, f->x_lo, f->x_hi, value);
}

double frame_y(const struct chart *chart, const struct chart_frame *f, double value)
{
	return f->bottom - (f->bottom - f->top) * share(chart->is_log_y, f->y_lo, f->y_hi, value);
}

bool chart_has_hidden_bars(const struct chart *chart, const struct chart_frame *f)
{
	if (chart->layout == LAYOUT_ROWS && chart->kind != CHART_LATENCY)
		return false;
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++) {
			const struct interval *y = &chart->series[i].point[k].y;
			if (!interval_exists(y) || !(y->lo > 0))
				continue;
			double px = chart->layout != LAYOUT_ROWS
					    ? frame_y(chart, f, y->lo) - frame_y(chart, f, y->hi)
					    : frame_x(chart, f, y->hi) - frame_x(chart, f, y->lo);
			if (px < MARKER_PX)
				return true;
		}
	return false;
}
