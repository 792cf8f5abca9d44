/*
 * chart_points: series and points of a chart while it is being filled. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_CHART_POINTS_H
#define GILBENCH_REPORT_CHART_POINTS_H

#include "report/chart.h"

/* The series of that name, made where it is not there yet; NULL when the picture is full. */
struct chart_series *chart_series_named(struct chart *, const struct look *, const char *name,
					bool is_second);
/* One more point, in the order of x; x becomes a tick. Dropped when the series is full. */
void chart_point_add(struct chart *, struct chart_series *, double x, const struct interval *y, bool is_few);
/* Largest value of all points. */
double chart_points_max(const struct chart *);
/* Values in base units become multiples of `unit`. */
void chart_points_scale(struct chart *, double unit);

#endif
