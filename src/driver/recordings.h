/*
 * recordings: what workloads were found to do. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_RECORDINGS_H
#define GILBENCH_DRIVER_RECORDINGS_H

#include <gilbench/virtual.h>
#include <gilbench/virtual_cell.h>

/* The recording of this work, or NULL. */
const struct recording *recording_find(const struct virtual_runner *, const char *cast, const char *params);

/* A new one, empty; until the next is added. */
struct recording *recording_add(struct virtual_runner *, const char *cast, const char *params);

#endif
