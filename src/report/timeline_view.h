/*
 * timeline_view: the part of a timeline that a picture shows. Layer 4, internal to the timeline's picture.
 */
#ifndef GILBENCH_REPORT_TIMELINE_VIEW_H
#define GILBENCH_REPORT_TIMELINE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include <gilbench/timeline.h>

#include "report/chart.h"

struct view {
	const struct timeline *line;
	uint64_t from_ns, to_ns;
	double pixel_ns; /* length of a pixel; view_fill_boxes sets it */
	struct chart_tracks *tracks;
	bool has_columns; /* the same: some slices were too many to be drawn apart */
};

/* How each state looks. */
extern const enum track_look timeline_look_of[TIMELINE_STATES];

/* Milliseconds from the gun to a moment. */
double view_ms(const struct view *, double time_ns);
/* Every row's boxes. Needs all else of the chart, whose frame says how long a pixel is. */
void view_fill_boxes(struct view *, const struct chart *);

#endif
