/*
 * compare: one number of two programs' latencies, side by side. See stats.h.
 *
 * As in bootstrap.c the process is what is drawn, not the operation; here whole histograms are added up, since the
 * number may be any function of them. The two sides are drawn independently: their processes ran in the same blocks,
 * but what a race in one of them came to says nothing of the other.
 */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include <gilbench/stats.h>
#include <gilbench/util.h>

/* Draws: as many as in bootstrap.c, for the same reason. */
#define RESAMPLES 400

/* Lower end of a bucket: half way from the middle of the one before. */
static double bucket_low(unsigned bucket)
{
	return bucket == 0 ? 0 : (hist_middle(bucket - 1) + hist_middle(bucket)) / 2;
}

static double bucket_width(unsigned bucket)
{
	return bucket + 1 < HIST_BUCKETS ? bucket_low(bucket + 1) - bucket_low(bucket) : 0;
}

double hist_number_quantile(const struct hist *h, double q)
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

double hist_number_share_below(const struct hist *h, double ns)
{
	double below = 0;
	for (unsigned bucket = 0; bucket < HIST_BUCKETS && hist_middle(bucket) < ns; bucket++)
		below += (double)h->bucket[bucket];
	return h->count > 0 ? below / (double)h->count : NAN;
}

double hist_number_share_above(const struct hist *h, double ns)
{
	return 1 - hist_number_share_below(h, ns);
}

struct side {
	const struct hist **hists; /* that are not empty */
	size_t count;
	struct hist *sum;
};

static struct side side_of(const struct hist *const *hists, size_t count)
{
	struct side side = {.hists = xcalloc(count + 1, sizeof(const struct hist *)),
			    .sum = xcalloc(1, sizeof(struct hist))};
	for (size_t i = 0; i < count; i++)
		if (hists[i] != NULL && hists[i]->count > 0)
			side.hists[side.count++] = hists[i];
	return side;
}

static void side_release(struct side *side)
{
	free(side->hists);
	free(side->sum);
}

/* Of all processes once, or of a draw. */
static double side_number(struct side *side, gsl_rng *random, hist_number *number, double argument)
{
	hist_reset(side->sum);
	for (size_t i = 0; i < side->count; i++)
		hist_merge(side->sum,
			   side->hists[random != NULL ? gsl_rng_uniform_int(random, side->count) : i]);
	return number(side->sum, argument);
}

/* The middle 95 % of what came out. */
static void interval_fill(struct interval *interval, double *values)
{
	gsl_sort(values, 1, RESAMPLES);
	interval->lo = gsl_stats_quantile_from_sorted_data(values, 1, RESAMPLES, STATS_MISS / 2);
	interval->hi = gsl_stats_quantile_from_sorted_data(values, 1, RESAMPLES, 1 - STATS_MISS / 2);
}

static void draw_all(struct side *a, struct side *b, hist_number *number, double argument, uint64_t seed,
		     struct hist_comparison *out)
{
	double in_a[RESAMPLES], in_b[RESAMPLES], ratio[RESAMPLES], difference[RESAMPLES];
	gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
	gsl_rng_set(random, seed);
	for (size_t i = 0; i < RESAMPLES; i++) {
		in_a[i] = side_number(a, random, number, argument);
		in_b[i] = side_number(b, random, number, argument);
		ratio[i] = in_a[i] / in_b[i];
		difference[i] = in_a[i] - in_b[i];
	}
	gsl_rng_free(random);
	interval_fill(&out->a, in_a);
	interval_fill(&out->b, in_b);
	interval_fill(&out->ratio, ratio);
	interval_fill(&out->difference, difference);
}

void hist_compare(const struct hist *const *a, size_t a_count, const struct hist *const *b, size_t b_count,
		  hist_number *number, double argument, uint64_t seed, struct hist_comparison *out)
{
	const struct interval nothing = {NAN, NAN, NAN};
	struct side left = side_of(a, a_count), right = side_of(b, b_count);
	*out = (struct hist_comparison){nothing, nothing, nothing, nothing};
	if (left.count > 0)
		out->a.mid = side_number(&left, NULL, number, argument);
	if (right.count > 0)
		out->b.mid = side_number(&right, NULL, number, argument);
	out->ratio.mid = out->a.mid / out->b.mid;
	out->difference.mid = out->a.mid - out->b.mid;
	if (left.count >= STATS_LEAST && right.count >= STATS_LEAST)
		draw_all(&left, &right, number, argument, seed, out);
	side_release(&left);
	side_release(&right);
}
