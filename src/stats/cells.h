/*
 * cells: samples sorted into their cells. Layer 3.
 */
#ifndef STATS_CELLS_H
#define STATS_CELLS_H

#include <stddef.h>

#include <gilbench/sample.h>

/* All samples of one cell, in the order they were given. */
struct cell_samples {
	const struct cell *cell;
	const struct sample **samples;
	size_t count;
};

struct cell_table {
	struct cell_samples *cells; /* in order of first appearance */
	size_t count;
};

/* Those of `member`'s group, or all when it is NULL. The samples must outlive the table. */
struct cell_table cells_collect(const struct sample *, size_t count, const struct cell *member);
void cells_release(struct cell_table *);
/* The `seq` cell that this cell's speed-up refers to: same group, source and interpreter, no twin; NULL when
 * none. */
const struct cell_samples *cells_baseline(const struct cell_table *, const struct cell *);
/* The cell whose twin this is, or NULL. */
const struct cell_samples *cells_original(const struct cell_table *, const struct cell *twin);

#endif
