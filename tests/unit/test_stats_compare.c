/*
 * compare: one number of two programs' latencies, on histograms that are made up.
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

#define SAMPLES 8

/* `count` values from `low_ns` in steps of `step_ns`. */
static struct hist *hist_of(uint64_t low_ns, uint64_t step_ns, unsigned count)
{
	struct hist *h = xcalloc(1, sizeof(*h));
	hist_reset(h);
	for (unsigned i = 0; i < count; i++)
		hist_record(h, low_ns + i * step_ns);
	return h;
}

struct two {
	struct hist *a[SAMPLES], *b[SAMPLES];
};

/* Samples of a are alike but for a little; those of b are `factor` times as long. */
static struct two two_of(double factor)
{
	struct two two;
	for (int i = 0; i < SAMPLES; i++) {
		two.a[i] = hist_of(1000000 + 10000 * (uint64_t)i, 1000, 101);
		two.b[i] =
			hist_of((uint64_t)(factor * (1000000 + 10000 * i)), (uint64_t)(factor * 1000), 101);
	}
	return two;
}

static void release(struct two *two)
{
	for (int i = 0; i < SAMPLES; i++) {
		free(two->a[i]);
		free(two->b[i]);
	}
}

static struct hist_comparison compare(const struct two *two, size_t count, hist_number *number,
				      double argument)
{
	struct hist_comparison c;
	hist_compare((const struct hist *const *)two->a, count, (const struct hist *const *)two->b, count,
		     number, argument, 1, &c);
	return c;
}

#define assert_within(seen_, low_, high_)                                                            \
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
	assert_within(hist_number_quantile(h, 0.5), 5040000, 5060000);
	assert_within(hist_number_quantile(h, 0), 5000000, 5000000);
	assert_within(hist_number_quantile(h, 1), 5099000, 5100000);
	free(h);
	h = hist_of(0, 0, 0);
	assert_nan(hist_number_quantile(h, 0.5));
	assert_nan(hist_number_share_below(h, 1));
	free(h);
}

static void test_shares_add_up(void **state)
{
	(void)state;
	struct hist *h = hist_of(20000, 0, 30), *slow = hist_of(5100000, 0, 70);
	hist_merge(h, slow);
	assert_near(hist_number_share_below(h, 2.5e6), 0.3);
	assert_near(hist_number_share_above(h, 2.5e6), 0.7);
	free(h);
	free(slow);
}

static void test_what_is_alike_has_ratio_one(void **state)
{
	(void)state;
	struct two two = two_of(1);
	struct hist_comparison c = compare(&two, SAMPLES, hist_number_quantile, 0.5);
	assert_near(c.ratio.mid, 1);
	assert_near(c.difference.mid, 0);
	assert_within(c.ratio.lo, 0.9, 1);
	assert_within(c.ratio.hi, 1, 1.1);
	assert_true(c.a.lo < c.a.mid && c.a.mid < c.a.hi);
	release(&two);
}

static void test_twice_as_long_is_seen(void **state)
{
	(void)state;
	struct two two = two_of(2);
	struct hist_comparison c = compare(&two, SAMPLES, hist_number_quantile, 0.5);
	assert_within(c.ratio.mid, 0.49, 0.51);
	assert_within(c.ratio.hi, 0.5, 0.56);
	assert_within(c.difference.mid, -1.2e6, -1e6);
	assert_true(c.difference.hi < 0);
	release(&two);
}

static void test_few_samples_have_no_interval(void **state)
{
	(void)state;
	struct two two = two_of(1);
	struct hist_comparison c = compare(&two, STATS_LEAST - 1, hist_number_quantile, 0.5);
	assert_near(c.ratio.mid, 1);
	assert_false(interval_exists(&c.ratio));
	assert_false(interval_exists(&c.a));
	c = compare(&two, 0, hist_number_quantile, 0.5);
	assert_nan(c.ratio.mid);
	release(&two);
}

static void test_empty_histograms_do_not_count(void **state)
{
	(void)state;
	struct two two = two_of(1);
	free(two.b[0]);
	two.b[0] = NULL;
	hist_reset(two.b[1]);
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		two.b[1]->bucket[i] = 0;
	struct hist_comparison c = compare(&two, SAMPLES, hist_number_quantile, 0.5);
	assert_true(interval_exists(&c.ratio));
	c = compare(&two, STATS_LEAST + 1, hist_number_quantile, 0.5);
	/* Five of b are left. */
	assert_false(interval_exists(&c.ratio));
	release(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_quantile_is_read_within_its_bucket),
		cmocka_unit_test(test_shares_add_up),
		cmocka_unit_test(test_what_is_alike_has_ratio_one),
		cmocka_unit_test(test_twice_as_long_is_seen),
		cmocka_unit_test(test_few_samples_have_no_interval),
		cmocka_unit_test(test_empty_histograms_do_not_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
