/*
 * run_table: what `run` prints at its end. Layer 5.
 */
#ifndef GILBENCH_CLI_RUN_TABLE_H
#define GILBENCH_CLI_RUN_TABLE_H

#include <stdio.h>

#include <gilbench/summary.h>

/* One line per cell and role: n, median, interval, speed-up, verdict against the noise floor; then what
 * failed, and what the models' names mean. */
void run_table_print(const struct summary *, FILE *);

#endif
