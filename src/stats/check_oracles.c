/*
 * check_oracles: the arithmetic against answers known from elsewhere. See check.h.
 *
 * Where the program uses GSL, the oracle is counted here in whole numbers; where the program counts itself,
 * the oracle is a closed form or a published value.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_rng.h>

#include <gilbench/clock.h>
#include <gilbench/stats.h>
#include <gilbench/summary.h>
#include <gilbench/util.h>

#include "stats/check.h"
#include "stats/fake.h"

struct reporter {
	check_report *report;
	void *context;
};

static void expect(const struct reporter *to, const char *what, double expected, double seen,
		   double tolerance, unsigned n)
{
	struct check check = {
		.kind = CHECK_EQUAL, .expected = expected, .seen = seen, .tolerance = tolerance, .n = n};
	snprintf(check.what, sizeof(check.what), "%s", what);
	to->report(&check, to->context);
}

/* Most values for which 2^n fits whole numbers below. */
#define COUNTED_MAX 60

/* Of the 2^n ways in which n values can lie above or below the median, those with fewer than `rank` below:
 * sums of a row of Pascal's triangle, exact. */
static uint64_t ways_below(unsigned n, size_t rank)
{
	uint64_t row[COUNTED_MAX + 1] = {1}, sum = 0;
	for (unsigned i = 1; i <= n; i++)
		for (unsigned j = i; j > 0; j--)
			row[j] += row[j - 1];
	for (size_t i = 0; i < rank; i++)
		sum += row[i];
	return sum;
}

static double exact_coverage(unsigned n, size_t rank)
{
	return 1 - 2 * (double)ways_below(n, rank) / ldexp(1, (int)n);
}

/* For every n: the rank taken covers 95 %, and the next one in would not. */
static void check_ranks(const struct reporter *to)
{
	unsigned good = 0, cases = 0;
	for (unsigned n = STATS_LEAST; n <= COUNTED_MAX; n++, cases++) {
		size_t rank = interval_rank(n, STATS_MISS);
		good += exact_coverage(n, rank) >= 1 - STATS_MISS &&
			exact_coverage(n, rank + 1) < 1 - STATS_MISS;
	}
	expect(to, "binomial interval is the innermost of 95 %", 1, good / (double)cases, 0, cases);
	expect(to, "no interval of 5 values", 0, (double)interval_rank(5, STATS_MISS), 0, 1);
	expect(to, "exact coverage of 6 values", 0.96875, exact_coverage(6, interval_rank(6, STATS_MISS)),
	       1e-12, 1);
	expect(to, "exact coverage of 12 values", 0.96142578125,
	       exact_coverage(12, interval_rank(12, STATS_MISS)), 1e-12, 1);
}

static void check_medians(const struct reporter *to)
{
	static const double odd[] = {9, 1, 5}, even[] = {4, 1, 3, 2};
	static const double a[] = {2, 4, 6, 8, 10, 12}, b[] = {1, 2, 3, 4, 5, 6};
	static const double twin[] = {1.01, 1, 0.98, 1, 1, 1}, self[] = {1, 1, 1, 1, 1, 1};
	struct interval ratio = ratio_interval(a, b, 6), back = ratio_interval(b, a, 6);
	expect(to, "median of 9 1 5", 5, median(odd, 3), 0, 3);
	expect(to, "median of 4 1 3 2", 2.5, median(even, 4), 0, 4);
	expect(to, "ratio of pairs that double", 2, ratio.mid, 1e-12, 6);
	expect(to, "ratio forth times ratio back", 1, ratio.mid * back.mid, 1e-12, 6);
	expect(to, "noise floor of twins 2 % apart at worst", 1 / 0.98 - 1, noise_floor(twin, self, 6), 1e-12,
	       6);
}

static void check_fairness(const struct reporter *to)
{
	static const double equal[] = {3, 3, 3, 3}, one[] = {7, 0, 0, 0}, steps[] = {1, 2, 3};
	expect(to, "Jain's index, equal shares", 1, jain_index(equal, 4), 1e-12, 4);
	expect(to, "Jain's index, one of four has all", 0.25, jain_index(one, 4), 1e-12, 4);
	expect(to, "Jain's index of 1 2 3", 36.0 / 42, jain_index(steps, 3), 1e-12, 3);
}

/* Source of the value: the generator's authors' test vector for seed 0. */
static void check_random(const struct reporter *to)
{
	uint64_t state = 0;
	bool is_known = random_next(&state) == 0xe220a8397b1dcdafu;
	expect(to, "first random number of seed 0", 1, is_known, 0, 1);
}

/* Exponential latencies with a mean of 1 ms: their quantiles are -ln(1 - q) ms. */
static void check_histogram(const struct reporter *to, uint64_t seed)
{
	enum { VALUES = 200000 };
	static const double q[] = {0.5, 0.9, 0.99};
	struct hist h;
	hist_reset(&h);
	gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
	gsl_rng_set(random, seed);
	for (int i = 0; i < VALUES; i++)
		hist_record(&h, (uint64_t)(-log(gsl_rng_uniform_pos(random)) * 1e6));
	gsl_rng_free(random);
	for (size_t i = 0; i < ARRAY_LEN(q); i++) {
		char what[80];
		/* A bucket is within 0.8 %; the rest is chance (four standard errors of the p99). */
		snprintf(what, sizeof(what), "histogram's p%.0f of exponential latencies, ms", q[i] * 100);
		expect(to, what, -log(1 - q[i]), hist_quantile(&h, q[i]) / 1e6, -log(1 - q[i]) * 0.03,
		       VALUES);
	}
}

/* Alike samples leave a bootstrap nothing to vary. */
static void check_bootstrap(const struct reporter *to, uint64_t seed)
{
	struct hist h;
	const struct hist *same[STATS_LEAST];
	hist_reset(&h);
	for (uint64_t v = 1; v <= 1000; v++)
		hist_record(&h, v * NS_PER_US);
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		same[i] = &h;
	struct interval p90 = quantile_interval(same, ARRAY_LEN(same), 0.9, seed);
	expect(to, "p90 of 1 to 1000 us, us", 900, p90.mid / 1e3, 900.0 / 128, 1000);
	expect(to, "bootstrap width of six alike samples", 0, interval_width(&p90), 0, STATS_LEAST);
}

/* From samples without noise to rows: the whole way, with every number known. */
static void check_rows(const struct reporter *to, uint64_t seed)
{
	const struct fake fake = {.noise = fake_lognormal, .speed = 1.5};
	static struct sample samples[STATS_LEAST * FAKE_CELLS];
	gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
	gsl_rng_set(random, seed);
	for (unsigned b = 0; b < STATS_LEAST; b++)
		fake_block(&fake, random, b, &samples[(size_t)b * FAKE_CELLS]);
	gsl_rng_free(random);
	struct summary summary;
	summarise(samples, ARRAY_LEN(samples), STATS_LEAST, &summary);
	const struct summary_row *row = summary_find(&summary, "fake", NULL, NULL, "fake", 2);
	expect(to, "rows of three cells, one a twin", 2, (double)summary.count, 0, 1);
	expect(to, "speed-up of a row without noise", 1.5, row != NULL ? row->speedup.mid : 0, 1e-12, 1);
	expect(to, "its efficiency at 2 workers", 0.75, row != NULL ? row->efficiency : 0, 1e-12, 1);
	expect(to, "its noise floor", 0, summary.noise_floor, 1e-12, 1);
	summary_release(&summary);
}

void check_oracles(uint64_t seed, check_report *report, void *context)
{
	const struct reporter to = {report, context};
	check_ranks(&to);
	check_medians(&to);
	check_fairness(&to);
	check_random(&to);
	check_histogram(&to, seed);
	check_bootstrap(&to, seed);
	check_rows(&to, seed);
}
