/*
 * costs_cells: the costs that a cell of a live model pays for: switch, poll, slice. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_COSTS_CELLS_H
#define GILBENCH_DRIVER_COSTS_CELLS_H

#include <gilbench/calibration.h>

/* What one measurement gave. */
struct cost_round {
	double value_ns;  /* NAN: nothing */
	double sigma;     /* of a cost that varies, else 0 */
	uint64_t count;   /* of single measurements */
	char reason[200]; /* of a NAN */
};

/* Runs the cell once. 0, or -EINTR. */
int costs_cell_run(enum cost, uint64_t seed, const struct calibration_ways *, struct cost_round *);

#endif
