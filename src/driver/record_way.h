/*
 * record_way: what the operations of a recording have in common. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_RECORD_WAY_H
#define GILBENCH_DRIVER_RECORD_WAY_H

#include "driver/record_segments.h"

/* One place in a way: its lengths and its ticks over all operations that go it, each in order of size. */
struct place {
	enum stretch_kind kind;
	int64_t *ns, *ticks;
	size_t count;
};

/* The kinds of stretches of an operation, in their order. */
struct way {
	struct place *place;
	size_t count;
};

/* An operation that goes the commonest way. There must be one operation at least. */
size_t recording_common(const struct recording *);
/* The share of operations that go its way. */
double recording_share(const struct recording *, size_t op);
size_t recording_length(const struct recording *, size_t op);
bool recording_alike(const struct recording *, size_t op, const struct recording *, size_t other_op);

/* The way of this operation. Release with way_free. */
struct way way_new(const struct recording *, size_t op);
void way_free(struct way *);

int64_t place_ns(const struct place *, double quantile);
/* Ticks of the work itself, at a quantile: every step ends with one, which is counted where the next begins. */
int64_t place_ticks(const struct place *, double quantile);
/* Do its lengths differ by more than noise? `counted`: the same place where ticks were counted, or NULL. */
bool place_varies(const struct place *, const struct place *counted);

#endif
