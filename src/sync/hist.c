/*
 * hist: reading a log-linear histogram. See hist.h.
 *
 * Bucket layout (S = HIST_SUB_BITS = 6). Below 2^S every value has a bucket of its own. Above, each power of
 * two is cut into 2^S equal buckets:
 *
 *	index    0 .. 63         64 .. 127        128 .. 191        192 .. 255
 *	values   0 .. 63 by 1    64 .. 127 by 1   128 .. 255 by 2   256 .. 511 by 4   ...
 *
 * so a bucket that begins at v is at most v/64 wide, and its middle is within v/128 of every value in it.
 * The scheme is that of HdrHistogram (G. Tene) with a fixed precision. What it does not do: durations longer
 * than 2^42 ns all fall into the last bucket; max_ns still tells them apart.
 */
#include <math.h>
#include <string.h>

#include <gilbench/hist.h>

void hist_reset(struct hist *h)
{
	memset(h, 0, sizeof(*h));
	hist_reset_zeroed(h);
}

void hist_reset_zeroed(struct hist *h)
{
	h->min_ns = UINT64_MAX;
}

void hist_merge(struct hist *into, const struct hist *from)
{
	if (from->count == 0)
		return;
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
	into->count += from->count;
	into->sum_ns += from->sum_ns;
	if (from->min_ns < into->min_ns)
		into->min_ns = from->min_ns;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
}

unsigned hist_index(uint64_t value_ns)
{
	return hist_index_inline(value_ns);
}

double hist_middle(unsigned index)
{
	if (index < (2u << HIST_SUB_BITS))
		return index;
	unsigned shift = (index >> HIST_SUB_BITS) - 1;
	uint64_t sub = index & ((1u << HIST_SUB_BITS) - 1);
	uint64_t low = ((1ull << HIST_SUB_BITS) + sub) << shift;
	return (double)low + (double)((1ull << shift) - 1) / 2;
}

/* Nearest rank: the value of the ceil(q n)-th smallest, counted from 1. */
static uint64_t rank_of(double q, uint64_t count)
{
	double rank = ceil(q * (double)count);
	if (!(rank >= 1))
		return 1;
	return rank >= (double)count ? count : (uint64_t)rank;
}

static double within(double value, double min, double max)
{
	return value < min ? min : value > max ? max : value;
}

double hist_quantile(const struct hist *h, double q)
{
	if (h->count == 0)
		return 0;
	uint64_t rank = rank_of(q, h->count), seen = 0;
	/* The ends are known exactly. */
	if (rank == h->count)
		return (double)h->max_ns;
	for (unsigned i = 0; i < HIST_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen >= rank)
			return within(hist_middle(i), (double)h->min_ns, (double)h->max_ns);
	}
	return (double)h->max_ns;
}
