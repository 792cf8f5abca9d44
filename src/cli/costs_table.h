/*
 * costs_table: what `doctor` says about the costs of virtual time. Layer 5.
 */
#ifndef GILBENCH_CLI_COSTS_TABLE_H
#define GILBENCH_CLI_COSTS_TABLE_H

#include <gilbench/calibration.h>

/* A row for each cost, after measuring, on stdout. */
void costs_table_print(const struct calibration *);
/* What is stored for this machine, or that nothing is, on stdout. */
void costs_table_print_stored(void);

#endif
