/*
 * chart: one picture as data, and its .dat and .gp files. Layer 4, internal to the report.
 *
 * Five layouts. LAYOUT_LINES: a value over workers or another number, one line per model or policy.
 * LAYOUT_ROWS: one horizontal bar or pair of dots per cell, names at the left (seconds, latency of a few
 * cells). LAYOUT_SCATTER: one value against another, a marker per policy. LAYOUT_TRACKS: who did what when
 * (chart_tracks.h). LAYOUT_MAP: who is ahead where (chart_map.h).
 */
#ifndef GILBENCH_REPORT_CHART_H
#define GILBENCH_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include <gilbench/experiment.h>
#include <gilbench/stats.h>

#include "report/chart_map.h"
#include "report/chart_tracks.h"
#include "report/look.h"

/* Most points of one series: worker lists have at most 8 by default, 64 when typed. */
#define CHART_POINTS_MAX 64
/* Most series or rows of one picture; more could not be read. */
#define CHART_SERIES_MAX 16
/* Most series of a picture in which several share a name (chart_sources.c): four sources of each. */
#define CHART_CURVES_MAX (4 * CHART_SERIES_MAX)

enum chart_layout { LAYOUT_LINES, LAYOUT_ROWS, LAYOUT_SCATTER, LAYOUT_TRACKS, LAYOUT_MAP };

struct chart_point {
	double x, x_lo, x_hi; /* x_lo, x_hi: LAYOUT_SCATTER alone; NAN where there is no interval */
	struct interval y;
	bool is_few;
};

/* What of a series in LAYOUT_LINES is drawn: its line and its points; these alone; a broad pale line, on which another
 * one can be seen; a thin dashed line. */
enum series_style { STYLE_WHOLE, STYLE_POINTS, STYLE_BROAD, STYLE_DASHES };

struct chart_series {
	const struct look *look;
	char name[160]; /* printed at its right end (lines) or left of its row; "" where another says it */
	bool is_second; /* p50 beside p99: thinner, smaller */
	bool is_hollow; /* not ours: dashed, markers and bars hollow */
	enum series_style style;
	struct chart_point point[CHART_POINTS_MAX];
	int count;
};

/* A line that was computed, not measured, or measured by a control: ideal, ceiling. */
struct chart_reference {
	char name[64];
	bool is_dashed;
	double x[CHART_POINTS_MAX], y[CHART_POINTS_MAX];
	int count;
};

struct chart {
	char *name; /* file stem */
	enum chart_kind kind;
	const struct chart_line *line; /* what asked for it; the experiment's */
	enum chart_layout layout;
	char *title, *subtitle;
	char *x_label, *y_label; /* of the value axis and the workers axis, with units */
	char *footer;
	char *key; /* LAYOUT_LINES: what styles mean, above the plot; NULL: there is nothing to tell */
	char *said; /* the numbers of this picture in a sentence, where it is not an experiment's first; NULL: as the
		       kind has it */
	bool is_log_x, is_log_y; /* LAYOUT_ROWS: x is the value axis */
	double ticks[CHART_POINTS_MAX];
	int tick_count;    /* workers measured */
	int cores, usable; /* verticals; 0: none */
	double floor;      /* noise floor around 1; NAN: no band */
	struct chart_series *series;
	int series_count;
	struct chart_reference reference[2];
	int reference_count;
	struct chart_tracks *tracks; /* LAYOUT_TRACKS, which has no series */
	struct chart_map *map;       /* LAYOUT_MAP, which neither */
	char *alt;                   /* for people who do not see the picture */
	bool is_drawn;
};

/* The picture's frame, in pixels from the top left of 1600 x 900. */
struct chart_frame {
	double left, right, top, bottom;
	double x_lo, x_hi, y_lo, y_hi; /* axis ranges, in axis units */
};

void chart_release(struct chart *);
/* Ranges and margins. */
void chart_frame(const struct chart *, struct chart_frame *);
/* The nearest 1, 2 or 5 times a power of ten at or above (below) a positive value. */
double step_125(double value, bool is_up);
/* Pixel of a value. */
double frame_x(const struct chart *, const struct chart_frame *, double value);
double frame_y(const struct chart *, const struct chart_frame *, double value);
/* Is some bar too small to be seen beside its marker? */
bool chart_has_hidden_bars(const struct chart *, const struct chart_frame *);

/* Move labels (pixels, any order) apart so that none is nearer than `gap` to the next, all within [top,
 * bottom], and each as near to where it wants to be as the others allow. */
void labels_spread(double *y, int count, double gap, double top, double bottom);

/* Write NAME.dat and NAME.gp into `dir`; is_drawn tells whether the pictures there are those of just these
 * files (a bundle on a machine without gnuplot). 0 or -errno. */
int chart_write(struct chart *, const char *dir);
/* Are NAME.png and NAME.svg there, and whole? */
bool chart_has_picture(const struct chart *, const char *dir);

/* Draw NAME.gp of every chart that is not drawn yet with gnuplot, two at a time, and set is_drawn. Returns how many were drawn, or
 * -ENOENT when there is no gnuplot. Blocks; at most `seconds` in all. */
int charts_draw(struct chart *, size_t count, const char *dir, double seconds);

#endif
