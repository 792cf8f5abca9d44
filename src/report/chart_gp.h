/*
 * chart_gp: what all layouts write into a .gp file. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_CHART_GP_H
#define GILBENCH_REPORT_CHART_GP_H

#include <stdio.h>

#include "report/chart.h"

/* Text as gnuplot's single-quoted string: nothing inside is expanded. Free it. */
char *gp_quote(const char *text);
/* "screen X, screen Y" of a pixel. */
void gp_screen(FILE *to, double x_px, double y_px);
/* One label at a pixel. `where` is left, center, or right. */
void gp_label(FILE *to, const char *text, double x_px, double y_px, const char *where, int size_px,
	      const char *colour);
/* Commands before the plot: head, footer, margins, ranges. */
void gp_begin(FILE *to, const struct chart *, const struct chart_frame *);
/* "set xtics (...)" of a logarithmic value axis: 1, 2, 5 in each power of ten, or only the powers when they
 * are many. `axis` is x or y. */
void gp_log_ticks(FILE *to, char axis, double lo, double hi);
/* Names of both axes. */
void gp_axis_names(FILE *to, const struct chart *, const struct chart_frame *);
/* The layouts' own part, up to and with the `plot` command. */
void gp_lines(FILE *to, const struct chart *, const struct chart_frame *);
void gp_scatter(FILE *to, const struct chart *, const struct chart_frame *);
void gp_rows(FILE *to, const struct chart *, const struct chart_frame *);

#endif
