/*
 * interval: medians and ratios with intervals that assume nothing of the distribution. See stats.h.
 *
 * Times of processes are skewed, have two modes, and have outliers; a mean with a t interval is wrong on all
 * three. The number of values below the true median is binomial with p = 1/2 whatever the distribution, so
 * the k-th value from either end brackets the median with a probability that is known exactly:
 *
 *	x(1) ... x(k) ......... x(n+1-k) ... x(n)        P(miss) = 2 P(Bin(n, 1/2) <= k - 1)
 *	         [---- interval ----]
 *
 * We take the largest k that misses at most so often. The steps are coarse (n = 6 covers 96.9 %, 12 96.1 %,
 * 24 97.7 %, 48 97.1 %): coverage is at least what was asked, often more.
 *
 * Guaranteed: independent values from one continuous distribution are covered at least as often as asked;
 * with ties more often. Not guaranteed: anything when values depend on one another (drift). Drift is why
 * speed-ups are ratios within a block, where both sides drift alike.
 *
 * Source: H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed., 7.1; for the ratio, the sign test turned
 * round.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include <gilbench/stats.h>
#include <gilbench/util.h>

static const struct interval nothing = {.mid = NAN, .lo = NAN, .hi = NAN};

bool interval_exists(const struct interval *interval)
{
	return !isnan(interval->lo) && !isnan(interval->hi);
}

/* The search ends at the middle at the latest: two halves miss with certainty. */
size_t interval_rank(size_t count, double miss)
{
	if (count < STATS_LEAST)
		return 0;
	size_t rank = 1;
	while (2 * gsl_cdf_binomial_P((unsigned)rank, 0.5, (unsigned)count) <= miss)
		rank++;
	return rank;
}

/* `values` is sorted, and without NANs. */
static struct interval sorted_interval(const double *values, size_t count, double miss)
{
	if (count == 0)
		return nothing;
	struct interval interval = nothing;
	interval.mid = gsl_stats_median_from_sorted_data(values, 1, count);
	size_t rank = interval_rank(count, miss);
	if (rank > 0) {
		interval.lo = values[rank - 1];
		interval.hi = values[count - rank];
	}
	return interval;
}

/* A sorted copy without the NANs. Free it. */
static double *sorted_copy(const double *values, size_t count, size_t *kept)
{
	double *copy = xcalloc(count, sizeof(*copy));
	*kept = 0;
	for (size_t i = 0; i < count; i++)
		if (!isnan(values[i]))
			copy[(*kept)++] = values[i];
	gsl_sort(copy, 1, *kept);
	return copy;
}

struct interval median_interval_at(const double *values, size_t count, double miss)
{
	size_t kept;
	double *sorted = sorted_copy(values, count, &kept);
	struct interval interval = sorted_interval(sorted, kept, miss);
	free(sorted);
	return interval;
}

struct interval median_interval(const double *values, size_t count)
{
	return median_interval_at(values, count, STATS_MISS);
}

double median(const double *values, size_t count)
{
	return median_interval(values, count).mid;
}

/* In logarithms, so that a against b and b against a say the same. */
static struct interval log_ratio_interval(const double *a, const double *b, size_t count, double miss)
{
	double *logs = xcalloc(count, sizeof(*logs));
	for (size_t i = 0; i < count; i++)
		logs[i] = a[i] > 0 && b[i] > 0 ? log(a[i] / b[i]) : NAN;
	struct interval interval = median_interval_at(logs, count, miss);
	free(logs);
	return interval;
}

struct interval ratio_interval_at(const double *a, const double *b, size_t count, double miss)
{
	struct interval logs = log_ratio_interval(a, b, count, miss);
	return (struct interval){.mid = exp(logs.mid), .lo = exp(logs.lo), .hi = exp(logs.hi)};
}

struct interval ratio_interval(const double *a, const double *b, size_t count)
{
	return ratio_interval_at(a, b, count, STATS_MISS);
}

double noise_floor(const double *a, const double *b, size_t count)
{
	struct interval logs = log_ratio_interval(a, b, count, STATS_MISS);
	if (!interval_exists(&logs))
		return NAN;
	return expm1(fmax(fabs(logs.lo), fabs(logs.hi)));
}

double interval_width(const struct interval *interval)
{
	if (!interval_exists(interval))
		return INFINITY;
	double width = interval->hi - interval->lo;
	/* All alike is precise, also when all are 0 (a starved role). */
	return width <= 0 ? 0 : width / fabs(interval->mid);
}

double jain_index(const double *values, size_t count)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < count; i++) {
		sum += values[i];
		squares += values[i] * values[i];
	}
	if (count == 0)
		return NAN;
	/* Equal shares of nothing are equal. */
	return squares > 0 ? sum * sum / ((double)count * squares) : 1;
}

enum verdict ratio_verdict(const struct interval *ratio, double floor)
{
	if (!interval_exists(ratio) || isnan(floor))
		return VERDICT_UNDECIDED;
	double above = 1 + floor, below = 1 / above;
	if (ratio->lo > above)
		return VERDICT_FASTER;
	if (ratio->hi < below)
		return VERDICT_SLOWER;
	return ratio->lo >= below && ratio->hi <= above ? VERDICT_SAME : VERDICT_UNDECIDED;
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {"faster", "slower", "same", "undecided"};
	return names[verdict];
}
