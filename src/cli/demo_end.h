/*
 * demo_end: what the demo says below its table. Layer 5, internal to the demo. Prints on stdout.
 */
#ifndef GILBENCH_CLI_DEMO_END_H
#define GILBENCH_CLI_DEMO_END_H

#include "cli/demo_screen.h"

/* One sentence why, and what kind of work was measured: three lines. */
void demo_print_why(const struct demo_screen *);
/* Draws the chart of the run in `dir` and prints where it is; waits for gnuplot, about a second. */
void demo_print_chart(const char *dir);

#endif
