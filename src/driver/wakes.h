/*
 * wakes: how soon a thread runs that slept. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_WAKES_H
#define GILBENCH_DRIVER_WAKES_H

#include <gilbench/calibration.h>

/* The real calibration_ways.wakes. Blocks for about 60 times `idle_ns`. */
int wakes_measure(void *unused, bool is_timed, uint64_t idle_ns, struct wakes *);

#endif
