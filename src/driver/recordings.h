/*
 * recordings: what workloads were found to do. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_RECORDINGS_H
#define GILBENCH_DRIVER_RECORDINGS_H

#include <gilbench/virtual.h>
#include <gilbench/virtual_cell.h>

/* The recording of this work, or NULL. */
const struct recording *recording_find(const struct virtual_runner *, const char *cast, const char *params);

/* As a manifest has them (new reference), and back: 0, or -1. */
json_t *recordings_to_json(const struct virtual_runner *);
int recordings_from_json(struct virtual_runner *, const json_t *);
void recordings_release(struct virtual_runner *);

#endif
