/* Closed forms against published and independently simulated values, and against one another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

#include <gilbench/queueing.h>
#include <gilbench/util.h>

#include "near.h"

/* Half of the last digit that the source prints, and rounding. */
#define HALF_LAST 5.001e-7

/* 9 outside, 1 inside. */
static const struct {
	int tasks;
	double exponential, constant_inside, all_constant, floor, low, high;
} reference[] = {
	{1, 0.100000, 0.100000, 0.1, 0.100000, 0.1000, 0.1000},
	{2, 0.198020, 0.198935, 0.2, 0.181818, 0.1964, 0.1980},
	{4, 0.386191, 0.392197, 0.4, 0.307692, 0.3662, 0.3883},
	{8, 0.710842, 0.740280, 0.8, 0.470588, 0.6018, 0.7477},
	{10, 0.832037, 0.872567, 1.0, 0.526316, 0.6786, 0.9174},
	{12, 0.916913, 0.956266, 1.0, 0.571429, 0.7368, 1.0000},
	{16, 0.988948, 0.998999, 1.0, 0.640000, 0.8163, 1.0000},
	{20, 0.999383, 0.999998, 1.0, 0.689655, 0.8657, 1.0000},
	{32, 1.000000, 1.000000, 1.0, 0.780488, 0.9358, 1.0000},
};

static void one_lock_gives_the_reference_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reference); i++) {
		int n = reference[i].tasks;
		assert_within(queueing_machine_repairman(n, 9, 1), reference[i].exponential, HALF_LAST);
		assert_within(queueing_mean_value(n, 9, 1), reference[i].exponential, HALF_LAST);
		assert_within(queueing_exponential_inside(n, 9, 1), reference[i].exponential, HALF_LAST);
		assert_within(queueing_constant_inside(n, 9, 1), reference[i].constant_inside, HALF_LAST);
		assert_near(queueing_all_constant(n, 9, 1), reference[i].all_constant);
		assert_within(queueing_asymptotic(n, 9, 1).low, reference[i].floor, HALF_LAST);
		assert_within(queueing_balanced(n, 9, 1).low, reference[i].low, 5.001e-5);
		assert_within(queueing_balanced(n, 9, 1).high, reference[i].high, 5.001e-5);
	}
	assert_near(queueing_knee(9, 1), 10);
}

static void three_ways_to_the_machine_repairman_agree(void **state)
{
	(void)state;
	static const double times[][2] = {{9, 1}, {1, 1}, {0.001, 5}, {1e-6, 1e-3}, {100, 0.01}};
	static const int tasks[] = {1, 2, 3, 10, 100, 500, 1000};
	for (size_t t = 0; t < ARRAY_LEN(times); t++)
		for (size_t n = 0; n < ARRAY_LEN(tasks); n++) {
			double z = times[t][0], s = times[t][1];
			double x = queueing_machine_repairman(tasks[n], z, s);
			assert_near(queueing_mean_value(tasks[n], z, s) / x, 1);
			assert_near(queueing_exponential_inside(tasks[n], z, s) / x, 1);
			assert_near(queueing_cores(tasks[n], 1, z, s) / x, 1);
			assert_near(queueing_locks(queueing_machine_repairman, tasks[n], 1, z, s) / x, 1);
			assert_near(queueing_released(tasks[n], z + s, z / (z + s)) / x, 1);
		}
}

/* Each law lies between the bounds, and less spread is never worse. */
static void bounds_hold(void **state)
{
	(void)state;
	for (int n = 1; n <= 1000; n = n < 64 ? n + 1 : n * 2 - 28) {
		double exponential = queueing_machine_repairman(n, 9, 1);
		double constant = queueing_constant_inside(n, 9, 1);
		struct bounds wide = queueing_asymptotic(n, 9, 1), narrow = queueing_balanced(n, 9, 1);
		double room = 1e-12;
		assert_true(wide.low <= narrow.low + room && narrow.high <= wide.high + room);
		assert_true(narrow.low <= exponential + room && exponential <= narrow.high + room);
		assert_true(exponential <= constant + room && constant <= wide.high + room);
	}
}

static void many_tasks_do_not_overflow(void **state)
{
	(void)state;
	assert_near(queueing_machine_repairman(1000, 9, 1), 1);
	assert_near(queueing_constant_inside(1000, 9, 1), 1);
	assert_near(queueing_constant_inside(1000, 1e-3, 1), 1);
	assert_near(queueing_cores(1000, 1000, 9, 1), 100);
	assert_near(queueing_cores(1000, 4, 9, 1), 4);
	/* A lock that is hardly used: as without it. */
	assert_near(queueing_machine_repairman(1000, 1e9, 1e-3), 1e-6);
	assert_near(queueing_constant_inside(1000, 1e9, 1e-3), 1e-6);
}

static void cores_without_a_lock(void **state)
{
	(void)state;
	static const int cores[] = {1, 2, 4};
	static const struct {
		int tasks;
		double rate[3];
	} rows[] = {
		{8, {0.710842, 0.791381, 0.799940}},
		{16, {0.988948, 1.495324, 1.596630}},
		{32, {1.000000, 1.997626, 3.089233}},
		{64, {1, 2, 3.999909}},
	};
	for (size_t r = 0; r < ARRAY_LEN(rows); r++)
		for (size_t c = 0; c < ARRAY_LEN(cores); c++)
			assert_within(queueing_cores(rows[r].tasks, cores[c], 9, 1), rows[r].rate[c],
				      HALF_LAST);
}

static void several_locks_add_up(void **state)
{
	(void)state;
	double four = queueing_machine_repairman(4, 9, 1), three = queueing_machine_repairman(3, 9, 1);
	assert_near(queueing_locks(queueing_machine_repairman, 16, 4, 9, 1), 4 * four);
	assert_near(queueing_locks(queueing_machine_repairman, 14, 4, 9, 1), 2 * four + 2 * three);
	assert_near(queueing_locks(queueing_machine_repairman, 5, 5, 9, 1), 0.5);
	assert_near(queueing_locks(queueing_constant_inside, 8, 2, 9, 1),
		    2 * queueing_constant_inside(4, 9, 1));
	assert_nan(queueing_locks(queueing_machine_repairman, 3, 4, 9, 1));
	assert_nan(queueing_locks(queueing_machine_repairman, 3, 0, 9, 1));
}

static void released_work_has_its_ceiling(void **state)
{
	(void)state;
	assert_near(queueing_released(1000, 10e-3, 0.75) * 10e-3, 4);
	assert_near(queueing_released(3, 10e-3, 0), 100);
	assert_near(queueing_released(3, 10e-3, 1), 300);
	assert_nan(queueing_released(3, 10e-3, 1.1));
	assert_nan(queueing_released(3, 10e-3, NAN));
}

static void waiters_time_the_interval(void **state)
{
	(void)state;
	/* An event model of the lock gave 99.57, 49.89, 25.00, 12.50 with the same 33 us of work. */
	static const double per_s[] = {99.67, 49.92, 24.98, 12.49};
	for (int i = 0; i < 4; i++)
		assert_within(queueing_interval_rate(1 << i, 2, 5e-3, 0, 33e-6), per_s[i], 0.00501);
	assert_near(queueing_interval_rate(2, 1, 5e-3, 1e-3, 0), 1 / 12e-3);
	assert_near(queueing_interval_share(4, 5e-3, 0), 0.25);
	assert_near(queueing_interval_share(4, 4e-3, 1e-3), 0.2);
	assert_near(queueing_interval_time(10, 5e-3, 1e-3), 12);
	assert_nan(queueing_interval_rate(0, 1, 5e-3, 0, 0));
	assert_nan(queueing_interval_share(4, 0, 0));
}

static void a_random_choice_has_a_tail(void **state)
{
	(void)state;
	assert_near(queueing_random_wait_mean(4, 5e-3), 20e-3);
	assert_near(queueing_random_wait_deviation(4, 5e-3), 5e-3 * sqrt(12));
	assert_near(queueing_random_wait_beyond(4, 2), 0.5625);
	assert_near(queueing_random_wait_beyond(1, 0), 1);
	assert_near(queueing_random_wait_quantile(4, 1, 0.99), 17);
	assert_near(queueing_random_wait_quantile(8, 1, 0.99), 35);
	assert_near(queueing_random_wait_quantile(4, 1, 0.999), 25);
	assert_near(queueing_random_wait_quantile(8, 1, 0.999), 52);
	assert_near(queueing_random_wait_quantile(1, 1, 0.99), 1);
	assert_nan(queueing_random_wait_quantile(4, 1, 1));
}

static void priority_leaves_the_rest(void **state)
{
	(void)state;
	assert_near(queueing_priority_rate(2, 10e-3, 33e-6, 20e-6), 1 / 10.073e-3);
	assert_near(queueing_priority_left(2, 10e-3, 33e-6, 20e-6, 5e-6), 1 - 53e-6 / 10.073e-3);
	assert_nan(queueing_priority_rate(0, 0, 0, 0));
}

static void the_holder_times_the_quantum(void **state)
{
	(void)state;
	struct bounds turn = queueing_quantum_turn(0.1, 0.01);
	assert_near(turn.low, 0.1);
	assert_near(turn.high, 0.11);
	assert_near(queueing_quantum_wait(4, 0.1), 0.4);
	assert_near(queueing_quantum_wait_random(4, 0.1), 0.35);
}

static void open_queues(void **state)
{
	(void)state;
	assert_near(queueing_md1_wait(0.5, 1), 0.5);
	assert_near(queueing_mm1_wait(0.5, 1), 1);
	assert_near(queueing_mm1_wait(0.8, 1), 4);
	assert_near(queueing_mg1_wait(0.5, 1, 3), 1.5);
	assert_near(queueing_sharing_response(0.5, 1, 3), 6);
	assert_near(queueing_md1_wait(0, 1), 0);
	assert_nan(queueing_md1_wait(1, 1));
	assert_nan(queueing_mm1_wait(NAN, 1));
	/* No distribution has a mean square below the square of its mean. */
	assert_nan(queueing_mg1_wait(0.5, 1, 0.5));
	assert_nan(queueing_sharing_response(2, 1, 1));
}

static void nothing_outside_or_inside(void **state)
{
	(void)state;
	queueing_law *const laws[] = {queueing_all_constant, queueing_machine_repairman, queueing_mean_value,
				      queueing_constant_inside, queueing_exponential_inside};
	for (size_t i = 0; i < ARRAY_LEN(laws); i++) {
		assert_near(laws[i](7, 0, 2), 0.5);
		assert_near(laws[i](7, 2, 0), 3.5);
		assert_nan(laws[i](0, 9, 1));
		assert_nan(laws[i](-3, 9, 1));
		assert_nan(laws[i](3, -9, 1));
		assert_nan(laws[i](3, 9, NAN));
		assert_nan(laws[i](3, INFINITY, 1));
		assert_nan(laws[i](3, 0, 0));
	}
	assert_near(queueing_cores(7, 2, 0, 2), 1);
	assert_near(queueing_cores(7, 2, 2, 0), 3.5);
	assert_nan(queueing_cores(7, 0, 9, 1));
	assert_near(queueing_balanced(7, 0, 2).high, 0.5);
	assert_near(queueing_balanced(7, 2, 0).low, 3.5);
	assert_true(isinf(queueing_knee(9, 0)));
	assert_nan(queueing_knee(0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_lock_gives_the_reference_values),
		cmocka_unit_test(three_ways_to_the_machine_repairman_agree),
		cmocka_unit_test(bounds_hold),
		cmocka_unit_test(many_tasks_do_not_overflow),
		cmocka_unit_test(cores_without_a_lock),
		cmocka_unit_test(several_locks_add_up),
		cmocka_unit_test(released_work_has_its_ceiling),
		cmocka_unit_test(waiters_time_the_interval),
		cmocka_unit_test(a_random_choice_has_a_tail),
		cmocka_unit_test(priority_leaves_the_rest),
		cmocka_unit_test(the_holder_times_the_quantum),
		cmocka_unit_test(open_queues),
		cmocka_unit_test(nothing_outside_or_inside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
