/*
 * checks: what makes a machine more or less fit to measure on, in words. Private to src/host.
 */
#ifndef GILBENCH_HOST_CHECKS_H
#define GILBENCH_HOST_CHECKS_H

#include <gilbench/host.h>

/* Fills checks and warnings from everything else in `host` and the settings of this process. */
void checks_run(struct host *);

#endif
