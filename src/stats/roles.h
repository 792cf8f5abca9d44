/*
 * roles: what a row says of one role. Layer 3.
 */
#ifndef STATS_ROLES_H
#define STATS_ROLES_H

#include <gilbench/summary.h>

#include "stats/cells.h"

/* Roles of a cell: of its samples, or, when none is ok, of its cast. At least 1. */
int role_total(const struct cell_samples *ok, const struct cell *);
/* Fills role, workload and workers. */
void role_name(struct summary_row *, const struct cell_samples *ok, const struct cell *, int role);
/* Fills ops, throughput, the lock's numbers, fairness, lost operations. `scratch` holds ok->count numbers. */
void role_numbers(struct summary_row *, const struct cell_samples *ok, int role, double *scratch);
/* Fills the latency percentiles and their intervals. */
void role_latency(struct summary_row *, const struct cell_samples *ok, int role, uint64_t seed);
/* The same of the waits for the lock. */
void role_waits(struct summary_row *, const struct cell_samples *ok, int role, uint64_t seed);

#endif
