/*
 * precision: the stopping rule with its strictness open, so that the self-test can show what another would
 * do. Layer 3.
 */
#ifndef STATS_PRECISION_H
#define STATS_PRECISION_H

#include <gilbench/stats.h>

/* group_is_precise (stats.h), judged on intervals that miss with probability `miss`. */
bool group_is_precise_at(const struct sample *, size_t count, const struct cell *member, double precision,
			 double miss);

#endif
