/*
 * clock: forward only, conversions, and the two numbers that every report shows. No assertion on how long
 * anything takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <gilbench/clock.h>

static void test_never_goes_back(void **state)
{
	(void)state;
	uint64_t last = clock_now_ns();
	for (int i = 0; i < 100000; i++) {
		uint64_t now = clock_now_ns();
		assert_true(now >= last);
		last = now;
	}
}

static void test_conversions(void **state)
{
	(void)state;
	struct timespec t = clock_timespec(3000000007u);
	assert_int_equal(t.tv_sec, 3);
	assert_int_equal(t.tv_nsec, 7);
	assert_float_equal(clock_seconds(1500000000u), 1.5, 1e-12);
}

static void test_cost_and_resolution_are_positive(void **state)
{
	(void)state;
	assert_true(clock_cost_ns() > 0);
	assert_true(clock_resolution_ns() > 0);
}

static void test_utc_has_the_shape_of_iso_8601(void **state)
{
	(void)state;
	char text[24];
	int year, month, day, hour, minute, second, end = 0;
	clock_utc(text, sizeof(text));
	assert_int_equal(sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &year, &month, &day, &hour, &minute,
				&second, &end),
			 6);
	assert_int_equal(end, 20);
	assert_in_range(month, 1, 12);
	assert_in_range(hour, 0, 23);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_goes_back),
		cmocka_unit_test(test_conversions),
		cmocka_unit_test(test_cost_and_resolution_are_positive),
		cmocka_unit_test(test_utc_has_the_shape_of_iso_8601),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
