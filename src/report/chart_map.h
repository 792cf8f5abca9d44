/*
 * chart_map: a picture with a box for each place of two axes, coloured by which model is ahead there. Layer 4, internal
 * to the report.
 */
#ifndef GILBENCH_REPORT_CHART_MAP_H
#define GILBENCH_REPORT_CHART_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/look.h"

/* Most columns, and most rows, of one map; more could not be read. */
#define MAP_SIDE_MAX 24
/* Most kinds of models in its legend. */
#define MAP_LOOKS_MAX 16

/* What real cores say of a place: nothing; the same; that another is ahead. */
enum map_frame { FRAME_NONE, FRAME_AGREES, FRAME_DIFFERS };

struct map_box {
	int column, row; /* from the left, from below */
	int look;        /* index into the map's */
	double lead;     /* NAN: nobody else was there */
	bool is_tie;
	enum map_frame frame;
	char name[24], margin[24];
};

struct map_look {
	const struct look *look;
	char words[96]; /* in the legend */
	int place;      /* in the order of tables */
	int boxes;      /* where it is named */
};

struct chart_map {
	double x[MAP_SIDE_MAX], y[MAP_SIDE_MAX]; /* ascending */
	int columns, rows;
	struct map_look look[MAP_LOOKS_MAX];
	int look_count;
	struct map_box *box;
	size_t count;
	bool has_ties, has_frame[FRAME_DIFFERS + 1];
};

/* Height of the legend above the map. */
double map_legend_px(const struct chart_map *);
void map_release(struct chart_map *);

struct chart;
struct chart_frame;
/* Its part of the .gp, up to and with the `plot` command; and the .dat. */
void gp_map(FILE *to, const struct chart *, const struct chart_frame *);
void dat_map(FILE *to, const struct chart_map *);

#endif
