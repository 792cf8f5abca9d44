/*
 * chart_tracks: a picture of who did what when: one horizontal track per task, boxes for what it did. Layer 4, internal
 * to the report.
 */
#ifndef GILBENCH_REPORT_CHART_TRACKS_H
#define GILBENCH_REPORT_CHART_TRACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* How a box looks; the order is that of the legend and, from the bottom, of a column of several. */
enum track_look { TRACK_RUNS, TRACK_CALLS, TRACK_WANTS, TRACK_BETWEEN, TRACK_WAITS, TRACK_LOOKS };

/* Most tracks of one picture; more could not be read. */
#define TRACKS_MAX 16

/* Of a track's height, from its foot. */
struct track_box {
	double from_ms, to_ms;
	double low, high; /* 0 .. 1 */
	enum track_look look;
};

struct track_row {
	char name[64];
	struct track_box *box;
	size_t count;
	double share[TRACK_LOOKS]; /* of the whole time, not of what is shown */
};

struct chart_tracks {
	double from_ms, to_ms; /* what is shown */
	double whole_ms;
	bool is_used[TRACK_LOOKS];
	const char *word[TRACK_LOOKS]; /* in the legend */
	struct track_row row[TRACKS_MAX];
	int row_count;
	/* The wait that is labelled; row -1: none. */
	int wait_row;
	double wait_from_ms, wait_to_ms;
	char wait_text[128];
};

/* How high a box of this look is, as a share of the track's height: so that black and white tells them apart. */
double track_height(enum track_look);
/* How wide the columns of shares are together. */
double tracks_shares_px(const struct chart_tracks *);
void tracks_release(struct chart_tracks *);

struct chart;
struct chart_frame;
/* Its part of the .gp, up to and with the `plot` command; and the .dat. */
void gp_tracks(FILE *to, const struct chart *, const struct chart_frame *);
void dat_tracks(FILE *to, const struct chart_tracks *);

#endif
