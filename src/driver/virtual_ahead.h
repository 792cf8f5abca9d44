/*
 * virtual_ahead: samples of virtual time before they are asked for, on all processors. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_VIRTUAL_AHEAD_H
#define GILBENCH_DRIVER_VIRTUAL_AHEAD_H

#include <gilbench/virtual.h>

/* Simulates one sample; any thread may call it. */
typedef void simulate_fn(const struct virtual_runner *, const struct request *, struct sample *);

/* True: the sample is there. Where it is not yet, it is simulated together with those that the plan comes to next. False:
 * this request is none of the plan's. */
bool virtual_ahead_take(struct virtual_runner *, const struct request *, simulate_fn *, struct sample *);
void virtual_ahead_release(struct virtual_runner *);

#endif
