/*
 * hist: a log-linear histogram of durations. Layer 1.
 *
 * 64 buckets per power of two: a bucket is at most 1/64 of its value wide and is represented by its middle,
 * so any value read back is within 1/128 (0.8 %) of what was recorded. 1 ns to 2^42 ns (73 minutes); above
 * that the last bucket. Exact minimum, maximum and sum are kept beside it.
 *
 * A histogram is plain memory without pointers: it may lie in memory shared with another process. One writer;
 * readers after the writer has ended (join, or the finish line). Never allocates, never blocks.
 */
#ifndef GILBENCH_HIST_H
#define GILBENCH_HIST_H

#include <stdint.h>

#define HIST_SUB_BITS 6
#define HIST_MAX_BITS 42
#define HIST_BUCKETS  ((HIST_MAX_BITS - HIST_SUB_BITS + 1) << HIST_SUB_BITS)

struct hist {
	uint64_t count, sum_ns, min_ns, max_ns;
	uint64_t bucket[HIST_BUCKETS];
};

void hist_reset(struct hist *);
/* The same of memory that is all zero, as a fresh mapping is: the pages of buckets stay untaken until they are used. */
void hist_reset_zeroed(struct hist *);
void hist_merge(struct hist *into, const struct hist *from);
/* The value below which a share `q` (0..1) of the recorded values lie, in ns, as the middle of its bucket
 * (never above max_ns, never below min_ns); 0 when empty. Nearest-rank. */
double hist_quantile(const struct hist *, double q);
unsigned hist_index(uint64_t value_ns);
/* Middle of a bucket, in ns. */
double hist_middle(unsigned index);

static inline unsigned hist_index_inline(uint64_t v)
{
	if (v < (1u << HIST_SUB_BITS))
		return (unsigned)v;
	unsigned exponent = 63u - (unsigned)__builtin_clzll(v);
	if (exponent >= HIST_MAX_BITS)
		return HIST_BUCKETS - 1;
	unsigned shift = exponent - HIST_SUB_BITS;
	return ((shift + 1) << HIST_SUB_BITS) + (unsigned)((v >> shift) & ((1u << HIST_SUB_BITS) - 1));
}

static inline void hist_record(struct hist *h, uint64_t value_ns)
{
	h->bucket[hist_index_inline(value_ns)]++;
	h->count++;
	h->sum_ns += value_ns;
	if (value_ns > h->max_ns)
		h->max_ns = value_ns;
	if (value_ns < h->min_ns)
		h->min_ns = value_ns;
}

#endif
