/* The self-test itself: its oracles pass, and it can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gilbench/stats.h>

#include "near.h"
#include "stats/check.h"
#include "stats/fake.h"

static void count_passed(const struct check *check, void *context)
{
	unsigned *count = context;
	if (!check_passed(check))
		fail_msg("%s: expected %g, seen %g", check->what, check->expected, check->seen);
	(*count)++;
}

static void every_oracle_agrees(void **state)
{
	(void)state;
	unsigned count = 0;
	check_oracles(1, count_passed, &count);
	assert_true(count >= 20);
}

static void a_check_can_fail(void **state)
{
	(void)state;
	struct check check = {.kind = CHECK_EQUAL, .expected = 1, .seen = 1.1, .tolerance = 0.05};
	assert_false(check_passed(&check));
	check.seen = NAN;
	assert_false(check_passed(&check));
	check = (struct check){.kind = CHECK_AT_LEAST, .expected = 0.93, .seen = 0.92};
	assert_false(check_passed(&check));
	check.kind = CHECK_AT_MOST;
	assert_true(check_passed(&check));
	check.seen = 0.94;
	assert_false(check_passed(&check));
	check.kind = CHECK_SHOWN;
	assert_true(check_passed(&check));
}

/* The truth that coverage is counted against: half of all draws lie below it. */
static void fake_truth_is_the_median(void **state)
{
	(void)state;
	fake_noise *const noises[] = {fake_lognormal, fake_exponential, fake_outliers, fake_two_modes};
	for (size_t i = 0; i < 4; i++) {
		struct fake fake = {.noise = noises[i], .scale = 0.05, .speed = 2};
		double truth = fake_true_wall(&fake);
		assert_true(noises[i](0.499, 0.05) / 2 < truth);
		assert_true(noises[i](0.501, 0.05) / 2 > truth);
		assert_near(fake_true_speedup(&fake), 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_oracle_agrees),
		cmocka_unit_test(a_check_can_fail),
		cmocka_unit_test(fake_truth_is_the_median),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
