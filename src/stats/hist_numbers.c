/*
 * hist_numbers: numbers of a histogram that are compared with another's. See stats.h.
 *
 * A bucket is up to 1.6 % wide. Two programs whose latencies differ by less may fall into one bucket or into two, so a
 * quantile that is the middle of its bucket (hist_quantile) may show no difference or one of a whole bucket. Here it
 * is read off within the bucket, as if values lay evenly in it.
 */
#include <math.h>

#include <gilbench/stats.h>

/* Lower end of a bucket: half way from the middle of the one before. */
static double bucket_low(unsigned bucket)
{
	return bucket == 0 ? 0 : (hist_middle(bucket - 1) + hist_middle(bucket)) / 2;
}

static double bucket_width(unsigned bucket)
{
	return bucket + 1 < HIST_BUCKETS ? bucket_low(bucket + 1) - bucket_low(bucket) : 0;
}

double hist_quantile_inside(const struct hist *h, double q)
{
	double rank = q * (double)h->count, below = 0;
	if (h->count == 0)
		return NAN;
	unsigned bucket = 0;
	while (bucket + 1 < HIST_BUCKETS && below + (double)h->bucket[bucket] < rank)
		below += (double)h->bucket[bucket++];
	double inside = h->bucket[bucket] > 0 ? (rank - below) / (double)h->bucket[bucket] : 0;
	double value = bucket_low(bucket) + fmin(fmax(inside, 0), 1) * bucket_width(bucket);
	return fmin(fmax(value, (double)h->min_ns), (double)h->max_ns);
}

double hist_share_below(const struct hist *h, double ns)
{
	double below = 0;
	for (unsigned bucket = 0; bucket < HIST_BUCKETS && hist_middle(bucket) < ns; bucket++)
		below += (double)h->bucket[bucket];
	return h->count > 0 ? below / (double)h->count : NAN;
}
