/* hist: within 1 % of what was recorded, exact ends, merging, nearest-rank quantiles. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include <gilbench/hist.h>
#include <gilbench/util.h>

/* Documented bound: half a bucket, 1/128 of the value. */
#define BOUND (1.0 / 128)

static struct hist *hist_new(void)
{
	struct hist *h = xcalloc(1, sizeof(*h));
	hist_reset(h);
	return h;
}

static void assert_near(double got, double wanted)
{
	if (!(fabs(got - wanted) <= wanted * BOUND + 0.5))
		fail_msg("got %.9g, wanted %.9g within %.3g %%", got, wanted, 100 * BOUND);
}

static void test_empty(void **state)
{
	(void)state;
	struct hist *h = hist_new();
	assert_true(hist_quantile(h, 0.5) == 0);
	assert_int_equal(h->count, 0);
	free(h);
}

/* Every value up to 2^14, and values around every power of two up to the last bucket. */
static void test_middle_is_near(void **state)
{
	(void)state;
	for (uint64_t v = 0; v < (1u << 14); v++)
		assert_near(hist_middle(hist_index(v)), (double)v);
	for (unsigned bits = 14; bits < HIST_MAX_BITS; bits++) {
		for (int delta = -2; delta <= 2; delta++) {
			uint64_t v = (1ull << bits) + (uint64_t)(int64_t)delta;
			assert_near(hist_middle(hist_index(v)), (double)v);
		}
	}
}

static void test_index_grows_with_value(void **state)
{
	(void)state;
	unsigned last = 0;
	uint64_t seed = 7;
	for (uint64_t v = 0; v < (1ull << 41); v += 1 + v / 97 + random_next(&seed) % 3) {
		unsigned index = hist_index(v);
		assert_in_range(index, last, HIST_BUCKETS - 1);
		last = index;
	}
}

static void test_too_long_goes_to_the_last_bucket(void **state)
{
	(void)state;
	struct hist *h = hist_new();
	hist_record(h, UINT64_MAX);
	hist_record(h, 1ull << HIST_MAX_BITS);
	assert_int_equal(h->bucket[HIST_BUCKETS - 1], 2);
	assert_true(h->max_ns == UINT64_MAX);
	free(h);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static void test_quantiles_of_random_values(void **state)
{
	(void)state;
	enum { COUNT = 10001 };
	static uint64_t values[COUNT];
	struct hist *h = hist_new();
	uint64_t seed = 1;
	for (int i = 0; i < COUNT; i++) {
		/* Over 30 powers of two. */
		values[i] = (random_next(&seed) >> 34) >> (random_next(&seed) % 24);
		hist_record(h, values[i]);
	}
	qsort(values, COUNT, sizeof(values[0]), by_value);
	for (int percent = 1; percent < 100; percent++) {
		size_t rank = (size_t)ceil(percent / 100.0 * COUNT);
		assert_near(hist_quantile(h, percent / 100.0), (double)values[rank - 1]);
	}
	assert_true(hist_quantile(h, 1) == (double)values[COUNT - 1]);
	assert_near(hist_quantile(h, 0), (double)values[0]);
	free(h);
}

static void test_merge_is_recording_both(void **state)
{
	(void)state;
	struct hist *a = hist_new(), *b = hist_new(), *both = hist_new(), *none = hist_new();
	uint64_t seed = 3;
	for (int i = 0; i < 1000; i++) {
		uint64_t v = random_next(&seed) >> 40;
		hist_record(i % 3 != 0 ? a : b, v);
		hist_record(both, v);
	}
	hist_merge(a, b);
	hist_merge(a, none);
	assert_memory_equal(a, both, sizeof(*a));
	hist_merge(none, both);
	assert_memory_equal(none, both, sizeof(*none));
	free(a), free(b), free(both), free(none);
}

/* A quantile never lies outside of what was recorded, as a bucket's middle may. */
static void test_quantile_within_min_and_max(void **state)
{
	(void)state;
	struct hist *h = hist_new();
	hist_record(h, 1000001);
	hist_record(h, 1000001);
	assert_true(hist_quantile(h, 0.25) == 1000001);
	assert_true(hist_quantile(h, 1) == 1000001);
	free(h);
}

static void test_zeroed_memory_need_not_be_touched(void **state)
{
	(void)state;
	struct hist *zeroed = xcalloc(1, sizeof(*zeroed)), *reset = xcalloc(1, sizeof(*reset));
	hist_record(reset, 77);
	hist_reset(reset);
	hist_reset_zeroed(zeroed);
	assert_memory_equal(zeroed, reset, sizeof(*reset));
	free(zeroed);
	free(reset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_middle_is_near),
		cmocka_unit_test(test_index_grows_with_value),
		cmocka_unit_test(test_too_long_goes_to_the_last_bucket),
		cmocka_unit_test(test_quantiles_of_random_values),
		cmocka_unit_test(test_merge_is_recording_both),
		cmocka_unit_test(test_quantile_within_min_and_max),
		cmocka_unit_test(test_zeroed_memory_need_not_be_touched),
	};
	return cmocka_run_group_tests_name("hist", tests, NULL, NULL);
}
