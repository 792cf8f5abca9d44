/*
 * sim_check: the self-test of the simulator, against exact answers. Layer 4 (it sees simulator and theory).
 */
#ifndef SELFTEST_SIM_CHECK_H
#define SELFTEST_SIM_CHECK_H

#include <stdint.h>

#include "stats/check.h"

/*
 * Every case on `threads` threads. `length` scales how long is simulated: 1 is the self-test's (about 20 s of processor
 * time in all), where a mean must be within four standard errors and within 0.5 %; below 1 only the errors count, for
 * chance alone would miss the other. The same seed and length give the same checks on every machine.
 */
void check_simulator(uint64_t seed, double length, int threads, check_report *report, void *context);

#endif
