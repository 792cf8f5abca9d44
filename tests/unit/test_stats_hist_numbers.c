/*
 * hist_numbers: quantiles and shares, on histograms that are made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "near.h"

/* `count` values from `low_ns` in steps of `step_ns`. */
static struct hist *hist_of(uint64_t low_ns, uint64_t step_ns, unsigned count)
{
	struct hist *h = xcalloc(1, sizeof(*h));
	hist_reset(h);
	for (unsigned i = 0; i < count; i++)
		hist_record(h, low_ns + i * step_ns);
	return h;
}

#define assert_between(seen_, low_, high_)                                                           \
	do {                                                                                         \
		double s_ = (seen_);                                                                 \
		if (!(s_ >= (low_) && s_ <= (high_)))                                                \
			fail_msg("%s is %.12g, expected %.12g to %.12g", #seen_, s_, (double)(low_), \
				 (double)(high_));                                                   \
	} while (0)

static void test_a_quantile_is_read_within_its_bucket(void **state)
{
	(void)state;
	/* 5.000 to 5.100 ms lie in three buckets of 65 us; the median is known better than that. */
	struct hist *h = hist_of(5000000, 100, 1001);
	assert_between(hist_quantile_inside(h, 0.5), 5040000, 5060000);
	assert_between(hist_quantile_inside(h, 0), 5000000, 5000000);
	assert_between(hist_quantile_inside(h, 1), 5099000, 5100000);
	free(h);
	h = hist_of(0, 0, 0);
	assert_nan(hist_quantile_inside(h, 0.5));
	assert_nan(hist_share_below(h, 1));
	free(h);
}

static void test_shares_add_up(void **state)
{
	(void)state;
	struct hist *h = hist_of(20000, 0, 30), *slow = hist_of(5100000, 0, 70);
	hist_merge(h, slow);
	assert_near(hist_share_below(h, 2.5e6), 0.3);
	assert_near(hist_share_below(h, 1e9), 1);
	assert_near(hist_share_below(h, 10), 0);
	free(h);
	free(slow);
}

/* 5.00 and 5.02 ms lie in one bucket. */
static void test_a_difference_within_a_bucket_is_seen(void **state)
{
	(void)state;
	struct hist *a = hist_of(4980000, 40, 1001), *b = hist_of(5000000, 40, 1001);
	assert_true(hist_quantile_inside(b, 0.5) > hist_quantile_inside(a, 0.5));
	free(a);
	free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_quantile_is_read_within_its_bucket),
		cmocka_unit_test(test_shares_add_up),
		cmocka_unit_test(test_a_difference_within_a_bucket_is_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
