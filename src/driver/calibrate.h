/*
 * calibrate: how many operations a sample of each cell does. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_CALIBRATE_H
#define GILBENCH_DRIVER_CALIBRATE_H

#include "driver/loop.h"

/* Fills in ops and seconds of every cell that has none. 0, or -EINTR. A cell that fails at it is recorded as
 * its sample of block 0. */
int calibrate(struct loop *);
/* Shortens samples so that one block fits into `rest_s`. 0; or -1 when even the shortest do not fit, with
 * what they take in `*least_s`. */
int scale_to_fit(struct loop *, double rest_s, double *least_s);

#endif
