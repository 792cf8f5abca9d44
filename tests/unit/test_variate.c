/*
 * variate: the tables by their definition, the distributions by their exact ones, and the very first values, which must
 * be the same with every compiler. Seeds are fixed: nothing here passes by luck a second time.
 */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <gilbench/clock.h>

#include "near.h"
#include "sim/variate.h"

#define DRAWS 200000
/* Kolmogorov's statistic times sqrt(n) is above this once in 100 seeds. */
#define KOLMOGOROV 1.63
/* Standard errors that a mean may be off. */
#define ERRORS 4

static double drawn[DRAWS];

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void assert_distributed(double (*cdf)(double))
{
	double worst = 0;
	qsort(drawn, DRAWS, sizeof(drawn[0]), compare);
	for (int i = 0; i < DRAWS; i++) {
		double p = cdf(drawn[i]);
		worst = fmax(worst, fmax(p - (double)i / DRAWS, (double)(i + 1) / DRAWS - p));
	}
	if (worst * sqrt(DRAWS) > KOLMOGOROV)
		fail_msg("the distribution is %.5f away, at most %.5f", worst, KOLMOGOROV / sqrt(DRAWS));
}

/* Mean and correlation with the draw before, `sd` being the exact standard deviation. */
static void assert_moments(double mean, double sd)
{
	double sum = 0, squares = 0, products = 0;
	for (int i = 0; i < DRAWS; i++) {
		double d = (drawn[i] - mean) / sd;
		sum += d;
		squares += d * d;
		products += i > 0 ? d * ((drawn[i - 1] - mean) / sd) : 0;
	}
	if (!(fabs(sum / DRAWS) < ERRORS / sqrt(DRAWS)))
		fail_msg("the mean is %.5f standard deviations off", sum / DRAWS);
	if (!(fabs(products / DRAWS) < ERRORS / sqrt(DRAWS)))
		fail_msg("draws correlate with the draw before by %.5f", products / DRAWS);
	/* No draw here has a kurtosis above a few hundred. */
	if (!(fabs(squares / DRAWS - 1) < 0.1))
		fail_msg("the variance is %.5f of what it must be", squares / DRAWS);
}

static double exponential_cdf(double x)
{
	return 1 - exp(-x);
}

static double normal_cdf(double x)
{
	return erfc(-x / sqrt(2)) / 2;
}

static double uniform_cdf(double x)
{
	return x;
}

/* All layers of a ziggurat have the area of the first, and the last ends at the top. */
static void assert_ziggurat(const double *layers, double (*density)(double), double tail)
{
	double area = layers[1] * density(layers[1]) + tail;
	assert_near(layers[0] * density(layers[1]), area);
	for (int i = 1; i < VARIATE_LAYERS; i++) {
		double got = layers[i] * (density(layers[i + 1]) - density(layers[i]));
		if (!(fabs(got / area - 1) < 1e-11))
			fail_msg("layer %d has %.17g of the area", i, got / area);
	}
	assert_near(layers[VARIATE_LAYERS], 0);
}

static double exponential_density(double x)
{
	return exp(-x);
}

static double normal_density(double x)
{
	return exp(-x * x / 2);
}

static void test_the_tables_are_what_they_say(void **state)
{
	(void)state;
	double r = variate_normal_layers[1];
	assert_ziggurat(variate_exponential_layers, exponential_density, exp(-variate_exponential_layers[1]));
	assert_ziggurat(variate_normal_layers, normal_density, sqrt(M_PI / 2) * erfc(r / sqrt(2)));
	for (int i = 0; i < VARIATE_POWERS; i++)
		assert_near(variate_powers[i], exp2(i / (double)VARIATE_POWERS));
}

static void test_powers_of_e(void **state)
{
	(void)state;
	for (double x = -699; x < 700; x += 0.37)
		if (!(fabs(variate_power_of_e(x) / exp(x) - 1) < 2e-15))
			fail_msg("e^%g is %.17g, expected %.17g", x, variate_power_of_e(x), exp(x));
	assert_near(variate_power_of_e(0), 1);
	assert_near(variate_power_of_e(-1e9), 0);
}

static void test_uniform(void **state)
{
	(void)state;
	struct variate_stream s;
	variate_seed(&s, 1, 0);
	for (int i = 0; i < DRAWS; i++) {
		drawn[i] = variate_uniform(&s);
		assert_true(drawn[i] > 0 && drawn[i] < 1);
	}
	assert_moments(0.5, sqrt(1 / 12.0));
	assert_distributed(uniform_cdf);
}

static void test_exponential(void **state)
{
	(void)state;
	struct variate_stream s;
	variate_seed(&s, 2, 0);
	int tail = 0;
	for (int i = 0; i < DRAWS; i++) {
		drawn[i] = (double)variate_exponential(&s, NS_PER_S) / NS_PER_S;
		tail += drawn[i] > variate_exponential_layers[1];
	}
	assert_moments(1, 1);
	assert_distributed(exponential_cdf);
	/* e^-7.697 of them: 91, give or take 10. */
	assert_in_range(tail, 51, 131);
}

static void test_normal(void **state)
{
	(void)state;
	struct variate_stream s;
	variate_seed(&s, 3, 0);
	int tail = 0;
	for (int i = 0; i < DRAWS; i++) {
		drawn[i] = variate_normal(&s);
		tail += fabs(drawn[i]) > variate_normal_layers[1];
	}
	assert_moments(0, 1);
	assert_distributed(normal_cdf);
	/* 2.6 in 10,000: 52, give or take 7. */
	assert_in_range(tail, 23, 81);
}

static void test_lognormal_by_its_mean(void **state)
{
	(void)state;
	const double sigma = 0.5;
	struct variate_stream s;
	variate_seed(&s, 4, 0);
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = (double)variate_lognormal(&s, NS_PER_S, sigma) / NS_PER_S;
	assert_moments(1, sqrt(exp(sigma * sigma) - 1));
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = log(drawn[i]) / sigma + sigma / 2;
	assert_distributed(normal_cdf);
}

static void test_lognormal_by_its_median(void **state)
{
	(void)state;
	const double sigma = 2;
	struct variate_stream s;
	variate_seed(&s, 5, 0);
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = log((double)variate_lognormal_median(&s, NS_PER_S, sigma) / NS_PER_S) / sigma;
	assert_distributed(normal_cdf);
	assert_int_equal(variate_lognormal_median(&s, 12345, 0), 12345);
}

static double empirical_cdf(double x)
{
	static const double values[] = {1, 2, 3, 10};
	if (x >= 10)
		return 1;
	int i = 0;
	while (x >= values[i + 1])
		i++;
	return (i + 0.5 + (x - values[i]) / (values[i + 1] - values[i])) / 4;
}

static void test_an_empirical_segment_has_the_mean_of_its_values(void **state)
{
	(void)state;
	int64_t values[] = {NS_PER_S, 2ll * NS_PER_S, 3ll * NS_PER_S, 10ll * NS_PER_S};
	const struct segment segment = {
		.spread = SPREAD_EMPIRICAL, .mean_ns = 4ll * NS_PER_S, .values = values, .value_count = 4};
	struct variate_stream s;
	variate_seed(&s, 6, 0);
	double sum = 0, worst = 0;
	for (int i = 0; i < DRAWS; i++)
		sum += drawn[i] = (double)variate_segment(&s, &segment) / NS_PER_S;
	assert_in_range((int64_t)(sum / DRAWS * 1000), 3970, 4030);
	qsort(drawn, DRAWS, sizeof(drawn[0]), compare);
	/* It has steps at both ends: an eighth is 1, and an eighth 10. */
	for (int i = DRAWS / 8 + 2000; i < DRAWS - DRAWS / 8 - 2000; i++)
		worst = fmax(worst, fabs(empirical_cdf(drawn[i]) - (double)i / DRAWS));
	assert_true(worst < 0.004);
	const struct segment one = {
		.spread = SPREAD_EMPIRICAL, .mean_ns = 7, .values = values, .value_count = 1};
	assert_int_equal(variate_segment(&s, &one), NS_PER_S);
}

static void test_segments_by_their_spread(void **state)
{
	(void)state;
	struct variate_stream a, b;
	variate_seed(&a, 7, 0);
	variate_seed(&b, 7, 0);
	const struct segment constant = {.mean_ns = 42};
	assert_int_equal(variate_segment(&a, &constant), 42);
	/* Which took nothing from the stream. */
	const struct segment exponential = {.spread = SPREAD_EXPONENTIAL, .mean_ns = 1000000};
	assert_int_equal(variate_segment(&a, &exponential), variate_exponential(&b, 1000000));
	const struct segment lognormal = {.spread = SPREAD_LOGNORMAL, .mean_ns = 1000000, .sigma = 1};
	assert_int_equal(variate_segment(&a, &lognormal), variate_lognormal(&b, 1000000, 1));
}

static void test_lengths_stay_within_their_limits(void **state)
{
	(void)state;
	struct variate_stream s;
	variate_seed(&s, 8, 0);
	int longest = 0;
	for (int i = 0; i < 10000; i++) {
		int64_t length = variate_exponential(&s, SEGMENT_MAX_NS);
		assert_in_range(length, 0, SEGMENT_MAX_NS);
		longest += length == SEGMENT_MAX_NS;
		assert_in_range(variate_lognormal_median(&s, SEGMENT_MAX_NS, 1000), 0, SEGMENT_MAX_NS);
	}
	/* 1/e of them are longer than their mean. */
	assert_in_range(longest, 3400, 3950);
	assert_int_equal(variate_exponential(&s, 0), 0);
	assert_int_equal(variate_lognormal(&s, 0, 4), 0);
}

static void test_streams_have_nothing_to_do_with_each_other(void **state)
{
	(void)state;
	struct variate_stream s;
	for (int i = 0; i < DRAWS; i++) {
		variate_seed(&s, 1 + (uint64_t)i / 1000, (uint64_t)i % 1000);
		drawn[i] = variate_standard_exponential(&s);
	}
	assert_moments(1, 1);
	assert_distributed(exponential_cdf);
}

/* What every compiler and machine must give. */
static void test_the_first_values(void **state)
{
	(void)state;
	static const int64_t first[][4] = {
		{2293044686, 1474468794, 181768393, 339083500731101},
		{886300393, 437126926, 637009015, 77850200880734},
		{738033574, 429139684, 340529927, 663794167239388},
		{307107597, 2261279296, 1825213674, 361569732289213},
		{1642779626, 727185971, 942248232, 256342883096848},
		{468399293, 290949511, 52163582, 116530683524555},
	};
	struct variate_stream s;
	variate_seed(&s, 42, 1);
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		assert_int_equal(variate_exponential(&s, NS_PER_S), first[i][0]);
		assert_int_equal(variate_lognormal(&s, NS_PER_S, 0.7), first[i][1]);
		assert_int_equal(variate_lognormal_median(&s, NS_PER_S, 1.3), first[i][2]);
		assert_int_equal((int64_t)(variate_uniform(&s) * 1e15), first[i][3]);
	}
	/* And a sum over many, which has tails and edges in it. */
	uint64_t sum = 0;
	for (int i = 0; i < DRAWS; i++) {
		sum = mix64(sum + (uint64_t)variate_exponential(&s, NS_PER_S));
		sum = mix64(sum + (uint64_t)variate_lognormal(&s, NS_PER_S, 1));
	}
	if (sum != 0x4d2727e5107c0d0c)
		fail_msg("the sum is 0x%" PRIx64, sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_tables_are_what_they_say),
		cmocka_unit_test(test_powers_of_e),
		cmocka_unit_test(test_uniform),
		cmocka_unit_test(test_exponential),
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_lognormal_by_its_mean),
		cmocka_unit_test(test_lognormal_by_its_median),
		cmocka_unit_test(test_an_empirical_segment_has_the_mean_of_its_values),
		cmocka_unit_test(test_segments_by_their_spread),
		cmocka_unit_test(test_lengths_stay_within_their_limits),
		cmocka_unit_test(test_streams_have_nothing_to_do_with_each_other),
		cmocka_unit_test(test_the_first_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
