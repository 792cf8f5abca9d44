/*
 * report labels: names at the lines' ends never lie over each other, and stay where they belong if they can.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/util.h>

#include "report/chart.h"

#define TOP    100.0
#define BOTTOM 600.0
#define GAP    30.0
/* Rounding of a few additions. */
#define TINY 1e-9

static void test_far_apart_they_stay(void **state)
{
	(void)state;
	double y[] = {150, 500, 300};
	labels_spread(y, 3, GAP, TOP, BOTTOM);
	assert_true(y[0] == 150 && y[1] == 500 && y[2] == 300);
}

static void test_equal_ones_stack_around_their_place(void **state)
{
	(void)state;
	double y[] = {300, 300, 300};
	labels_spread(y, 3, GAP, TOP, BOTTOM);
	assert_true(y[0] == 270 && y[1] == 300 && y[2] == 330);
}

static void test_at_the_border_they_stay_inside(void **state)
{
	(void)state;
	double y[] = {100, 101, 599, 600};
	labels_spread(y, 4, GAP, TOP, BOTTOM);
	assert_true(y[0] == 100 && y[1] == 130);
	assert_true(y[2] == 570 && y[3] == 600);
}

/* Whatever is wanted: order kept, gap kept, inside. */
static void test_any_positions(void **state)
{
	(void)state;
	uint64_t seed = 1;
	for (int round = 0; round < 2000; round++) {
		double wanted[12] = {0}, y[12];
		int count = 1 + (int)(random_next(&seed) % 12);
		for (int i = 0; i < count; i++)
			wanted[i] = TOP + (double)(random_next(&seed) % 501);
		memcpy(y, wanted, sizeof(y));
		labels_spread(y, count, GAP, TOP, BOTTOM);
		for (int i = 0; i < count; i++) {
			assert_true(y[i] >= TOP - TINY && y[i] <= BOTTOM + TINY);
			for (int k = 0; k < i; k++) {
				double apart = y[i] > y[k] ? y[i] - y[k] : y[k] - y[i];
				if (apart < GAP - TINY)
					fail_msg("round %d: %g and %g are too near", round, y[i], y[k]);
				if (wanted[i] != wanted[k])
					assert_int_equal(wanted[i] > wanted[k], y[i] > y[k]);
			}
		}
	}
}

static void test_more_than_fit_are_set_closer(void **state)
{
	(void)state;
	double y[20] = {0};
	for (int i = 0; i < 20; i++)
		y[i] = 300;
	labels_spread(y, 20, GAP, TOP, BOTTOM);
	assert_true(y[0] >= TOP - TINY && y[19] <= BOTTOM + TINY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_far_apart_they_stay),
		cmocka_unit_test(test_equal_ones_stack_around_their_place),
		cmocka_unit_test(test_at_the_border_they_stay_inside),
		cmocka_unit_test(test_any_positions),
		cmocka_unit_test(test_more_than_fit_are_set_closer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
