/*
 * chart_px: the picture's measures, in pixels of the 1600 x 900 image. Layer 4, internal to the report.
 *
 * The size is that of a projector's slide; no text is below 22 px, which the last row of a classroom reads.
 */
#ifndef GILBENCH_REPORT_CHART_PX_H
#define GILBENCH_REPORT_CHART_PX_H

#define PICTURE_WIDTH_PX  1600.0
#define PICTURE_HEIGHT_PX 900.0

/* Sizes of text. */
#define TITLE_PX    34
#define SUBTITLE_PX 26
#define NAME_PX     23
#define AXIS_PX     24
#define FOOTER_PX   22
/* Mean width of a character of DejaVu Sans in em: measured 0.557 on prose, rounded up for digits. */
#define CHARACTER_EM 0.575

#define TITLE_LINE_PX    44.0
#define SUBTITLE_LINE_PX 34.0
#define FOOTER_LINE_PX   28.0
/* Lines of text that are allowed at most, and characters in a line of each size across the picture. */
#define TITLE_LINES          2
#define SUBTITLE_LINES       3
#define SUBTITLE_USUAL_LINES 2
#define FOOTER_LINES         4
#define FOOTER_USUAL_LINES   3
#define TITLE_COLUMNS        80
#define SUBTITLE_COLUMNS     112
#define FOOTER_COLUMNS       124

#define EDGE_PX        20.0 /* around everything */
#define HEAD_PX        14.0 /* above the title */
#define VERTICALS_PX   40.0 /* above the plot: names of the vertical lines */
#define X_AXIS_PX      88.0 /* below the plot: ticks and the axis' name */
#define Y_AXIS_PX      130.0
#define MARKER_ROOM_PX 60.0  /* between plot and names: the leader and the marker */
#define NAMES_MAX_PX   620.0 /* names longer than this are cut by the picture's edge; none of ours is */
#define NAME_GAP_PX    30.0  /* between the middles of two names */
#define ROW_VALUE_PX   330.0 /* right of the rows: their values in words */
#define MARKER_PX      18.0  /* a marker's height */
#define TRACK_HEAD_PX  82.0  /* above tracks: a line with the legend, one that heads their shares */
#define SHARE_GAP_PX   20.0  /* between two columns of shares */
#define SWATCH_PX      24.0  /* a legend's box */

#endif
