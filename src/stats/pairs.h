/*
 * pairs: throughputs of one cell, and beside them those of another cell in the same blocks. Layer 3.
 */
#ifndef STATS_PAIRS_H
#define STATS_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#include <gilbench/sample.h>

/* Is this the model that speed-ups are measured against? */
bool is_baseline(const struct cell *);
/* The sample of `block` among a cell's samples that is ok, or NULL. */
const struct sample *sample_of_block(const struct sample *const *samples, size_t count, unsigned block);
/* Operations per second of one role; NAN when the sample is not ok or has no such role. */
double role_throughput(const struct sample *, int role);
/* For each of `count` samples: its role's throughput into `a`, and that of `others` in the same block into
 * `b`, NAN where there is none. */
void throughput_pairs(const struct sample *const *samples, size_t count, const struct sample *const *others,
		      size_t other_count, int role, double *a, double *b);

#endif
