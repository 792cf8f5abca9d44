/* Medians, ratios, floors, verdicts, fairness: arrays with known answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <gilbench/clock.h>
#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "near.h"

static void median_of_nothing_is_no_value(void **state)
{
	(void)state;
	const double gaps[] = {NAN, NAN};
	assert_nan(median_interval(NULL, 0).mid);
	assert_nan(median_interval(gaps, 2).mid);
	assert_nan(median(NULL, 0));
}

static void one_value_is_its_own_median(void **state)
{
	(void)state;
	const double one[] = {3};
	struct interval interval = median_interval(one, 1);
	assert_near(interval.mid, 3);
	assert_false(interval_exists(&interval));
}

static void five_values_have_no_interval_and_six_have(void **state)
{
	(void)state;
	const double values[] = {6, 5, 4, 3, 2, 1};
	struct interval five = median_interval(values, 5), six = median_interval(values, 6);
	assert_near(five.mid, 4);
	assert_false(interval_exists(&five));
	assert_near(six.mid, 3.5);
	assert_near(six.lo, 1);
	assert_near(six.hi, 6);
}

static void a_gap_leaves_five(void **state)
{
	(void)state;
	const double values[] = {6, 5, NAN, 3, 2, 1};
	struct interval interval = median_interval(values, 6);
	assert_near(interval.mid, 3);
	assert_false(interval_exists(&interval));
}

/* Ranks that tables of the sign test give. */
static void ranks_are_those_of_the_sign_test(void **state)
{
	(void)state;
	const struct {
		size_t count, rank;
	} known[] = {{0, 0},  {5, 0},  {6, 1},  {8, 1},  {9, 2},  {12, 3},
		     {15, 4}, {20, 6}, {24, 7}, {25, 8}, {48, 17}};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		assert_int_equal(interval_rank(known[i].count, STATS_MISS), known[i].rank);
}

static void a_stricter_interval_is_wider(void **state)
{
	(void)state;
	assert_int_equal(interval_rank(12, 0.01), 2);
	assert_int_equal(interval_rank(12, STATS_STOP_MISS), 1);
	assert_int_equal(interval_rank(24, STATS_STOP_MISS), 5);
	/* Six cannot do better than all. */
	assert_int_equal(interval_rank(6, STATS_STOP_MISS), 1);
}

static void ties_are_harmless(void **state)
{
	(void)state;
	const double values[] = {2, 2, 2, 2, 2, 2, 2};
	struct interval interval = median_interval(values, 7);
	assert_near(interval.lo, 2);
	assert_near(interval.hi, 2);
	assert_near(interval_width(&interval), 0);
}

static void the_array_stays_as_it_was(void **state)
{
	(void)state;
	double values[] = {3, 1, 2};
	median_interval(values, 3);
	assert_near(values[0], 3);
	assert_near(values[1], 1);
}

static void a_ratio_pairs_and_drops(void **state)
{
	(void)state;
	const double a[] = {2, 4, 6, 8, 10, 12, NAN, 5, 0, -1}, b[] = {1, 2, 3, 4, 5, 6, 1, NAN, 1, 1};
	struct interval ratio = ratio_interval(a, b, 10);
	assert_near(ratio.mid, 2);
	assert_near(ratio.lo, 2);
	assert_near(ratio.hi, 2);
}

/* Both sides drift together: within a block nothing is left of it. */
static void a_ratio_is_blind_to_drift(void **state)
{
	(void)state;
	double a[12], b[12];
	for (int i = 0; i < 12; i++) {
		b[i] = 100 + 20 * i;
		a[i] = 1.5 * b[i];
	}
	struct interval ratio = ratio_interval(a, b, 12);
	assert_near(ratio.mid, 1.5);
	assert_near(interval_width(&ratio), 0);
}

static void a_ratio_of_five_pairs_has_no_interval(void **state)
{
	(void)state;
	const double a[] = {2, 2, 2, 2, 2}, b[] = {1, 1, 1, 1, 1};
	struct interval ratio = ratio_interval(a, b, 5);
	assert_near(ratio.mid, 2);
	assert_false(interval_exists(&ratio));
}

static void the_floor_is_the_farther_end(void **state)
{
	(void)state;
	const double twin[] = {1.01, 1, 0.96, 1, 1, 1}, self[] = {1, 1, 1, 1, 1, 1};
	assert_near(noise_floor(twin, self, 6), 1 / 0.96 - 1);
	assert_near(noise_floor(self, twin, 6), 1 / 0.96 - 1);
	assert_near(noise_floor(self, self, 6), 0);
	assert_nan(noise_floor(twin, self, 5));
	assert_nan(noise_floor(twin, self, 0));
}

static void width_is_relative_and_endless_without_interval(void **state)
{
	(void)state;
	const struct interval wide = {.mid = 2, .lo = 1.5, .hi = 2.5},
			      none = {.mid = 2, .lo = NAN, .hi = NAN};
	const struct interval starved = {.mid = 0, .lo = 0, .hi = 0};
	assert_near(interval_width(&wide), 0.5);
	assert_true(isinf(interval_width(&none)));
	assert_near(interval_width(&starved), 0);
}

static void jain_knows_its_limits(void **state)
{
	(void)state;
	const double equal[] = {5, 5, 5}, one[] = {1, 0, 0, 0, 0}, zero[] = {0, 0};
	assert_near(jain_index(equal, 3), 1);
	assert_near(jain_index(one, 5), 0.2);
	assert_near(jain_index(zero, 2), 1);
	assert_nan(jain_index(NULL, 0));
}

static void a_verdict_needs_the_whole_interval(void **state)
{
	(void)state;
	const struct {
		struct interval ratio;
		double floor;
		enum verdict verdict;
	} cases[] = {
		{{1.2, 1.1, 1.3}, 0.05, VERDICT_FASTER},   {{0.8, 0.7, 0.9}, 0.05, VERDICT_SLOWER},
		{{1.0, 0.99, 1.01}, 0.05, VERDICT_SAME},   {{1.06, 1.03, 1.1}, 0.05, VERDICT_UNDECIDED},
		{{1.04, 1.03, 1.05}, 0.06, VERDICT_SAME},  {{1.9, NAN, NAN}, 0.05, VERDICT_UNDECIDED},
		{{1.9, 1.8, 2.0}, NAN, VERDICT_UNDECIDED},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(verdict_name(ratio_verdict(&cases[i].ratio, cases[i].floor)),
				    verdict_name(cases[i].verdict));
}

/* Latencies of one sample: `count` values of `us` microseconds each. */
static struct hist *constant_hist(uint64_t us, unsigned count)
{
	struct hist *h = xcalloc(1, sizeof(*h));
	hist_reset(h);
	for (unsigned i = 0; i < count; i++)
		hist_record(h, us * NS_PER_US);
	return h;
}

static void a_quantile_weighs_samples_by_their_operations(void **state)
{
	(void)state;
	struct hist *many = constant_hist(100, 99), *few = constant_hist(900, 1),
		    *empty = constant_hist(1, 0);
	const struct hist *samples[] = {many, NULL, few, empty};
	struct interval p50 = quantile_interval(samples, 4, 0.5, 1),
			p100 = quantile_interval(samples, 4, 1, 1);
	assert_true(fabs(p50.mid / 100e3 - 1) < 1.0 / 128);
	assert_true(fabs(p100.mid / 900e3 - 1) < 1.0 / 128);
	assert_false(interval_exists(&p50));
	assert_nan(quantile_interval(samples + 3, 1, 0.5, 1).mid);
	assert_nan(quantile_interval(NULL, 0, 0.5, 1).mid);
	free(many);
	free(few);
	free(empty);
}

/* Between samples that differ, the interval lies within them and around the middle; a seed repeats it. */
static void a_bootstrap_is_bounded_and_repeatable(void **state)
{
	(void)state;
	struct hist *samples[8];
	for (uint64_t i = 0; i < 8; i++)
		samples[i] = constant_hist(100 + 10 * i, 10);
	const struct hist *const *all = (const struct hist *const *)samples;
	struct interval a = quantile_interval(all, 8, 0.5, 7), b = quantile_interval(all, 8, 0.5, 7);
	assert_true(interval_exists(&a));
	assert_true(a.lo >= 100e3 && a.lo <= a.mid && a.mid <= a.hi && a.hi <= 170e3);
	assert_true(a.lo < a.hi);
	assert_near(a.lo, b.lo);
	assert_near(a.hi, b.hi);
	for (int i = 0; i < 8; i++)
		free(samples[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_of_nothing_is_no_value),
		cmocka_unit_test(one_value_is_its_own_median),
		cmocka_unit_test(five_values_have_no_interval_and_six_have),
		cmocka_unit_test(a_gap_leaves_five),
		cmocka_unit_test(ranks_are_those_of_the_sign_test),
		cmocka_unit_test(a_stricter_interval_is_wider),
		cmocka_unit_test(ties_are_harmless),
		cmocka_unit_test(the_array_stays_as_it_was),
		cmocka_unit_test(a_ratio_pairs_and_drops),
		cmocka_unit_test(a_ratio_is_blind_to_drift),
		cmocka_unit_test(a_ratio_of_five_pairs_has_no_interval),
		cmocka_unit_test(the_floor_is_the_farther_end),
		cmocka_unit_test(width_is_relative_and_endless_without_interval),
		cmocka_unit_test(jain_knows_its_limits),
		cmocka_unit_test(a_verdict_needs_the_whole_interval),
		cmocka_unit_test(a_quantile_weighs_samples_by_their_operations),
		cmocka_unit_test(a_bootstrap_is_bounded_and_repeatable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
