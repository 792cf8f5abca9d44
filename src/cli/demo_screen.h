/*
 * demo_screen: the demo's picture as text, at most 80 columns and 24 lines. Layer 5, internal to the demo.
 *
 * Pure: what is measured goes in, text comes out. Rows without a number yet are blank.
 */
#ifndef GILBENCH_CLI_DEMO_SCREEN_H
#define GILBENCH_CLI_DEMO_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include <gilbench/stats.h>

/* seq gil uv threads fork, in this order in both panels. */
#define DEMO_ROWS   5
#define DEMO_PANELS 2
enum demo_panel { DEMO_COMPUTING, DEMO_WAITING };
/* Lines that screen_print writes: two panels of a title and its rows, a blank line after each, and the line
 * that says what the marks are. */
#define SCREEN_LINES (DEMO_PANELS * (DEMO_ROWS + 2) + 1)

struct demo_row {
	const char *model, *legend;
	bool is_here;            /* there is a number */
	const char *status;      /* "ok", "few", or what went wrong */
	double seconds;          /* for the whole work */
	struct interval speedup; /* over seq */
	double cores;            /* busy, on average */
};

struct demo_screen {
	int workers;    /* N */
	double ceiling; /* what N independent processes reach here, in times one; NAN: not known */
	bool is_utf8;
	const char *title[DEMO_PANELS];
	struct demo_row row[DEMO_PANELS][DEMO_ROWS];
};

void screen_print_title(const struct demo_screen *, int panel, FILE *to);
void screen_print_row(const struct demo_screen *, int panel, int row, FILE *to);
/* Both panels and the line of marks: SCREEN_LINES lines. */
void screen_print(const struct demo_screen *, FILE *to);

#endif
