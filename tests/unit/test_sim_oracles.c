/* The simulator against exact answers, at a fiftieth of the self-test's length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#include "selftest/sim_check.h"

struct seen {
	unsigned count, estimates;
	double sum;
	bool has_identities;
};

static void count_passed(const struct check *check, void *context)
{
	struct seen *seen = context;
	if (!check_passed(check))
		fail_msg("%s: expected %.9g, seen %.9g (standard error %.3g)", check->what, check->expected,
			 check->seen, check->standard_error);
	seen->count++;
	seen->estimates += check->kind == CHECK_ESTIMATE && check->standard_error > 0;
	seen->sum += check->seen;
	seen->has_identities |= strstr(check->what, "every run") != NULL;
}

static void every_case_agrees(void **state)
{
	(void)state;
	struct seen seen = {0};
	check_simulator(1, 0.02, 2, count_passed, &seen);
	assert_true(seen.count >= 90);
	assert_true(seen.estimates >= 40);
	assert_true(seen.has_identities);
}

/* Enough for all. The exact value does not matter. */
#define ROWS_MAX 200

struct rows {
	unsigned count;
	double seen[ROWS_MAX];
};

static void keep(const struct check *check, void *context)
{
	struct rows *rows = context;
	assert_true(rows->count < ROWS_MAX);
	rows->seen[rows->count++] = check->seen;
}

/* However many threads: the same bits. */
static void threads_change_nothing(void **state)
{
	(void)state;
	struct rows one = {0}, three = {0};
	check_simulator(7, 0.002, 1, keep, &one);
	check_simulator(7, 0.002, 3, keep, &three);
	assert_memory_equal(&one, &three, sizeof(one));
}

static void an_estimate_can_fail(void **state)
{
	(void)state;
	struct check check = {.kind = CHECK_ESTIMATE,
			      .expected = 100,
			      .seen = 100.3,
			      .standard_error = 0.1,
			      .tolerance = 0.5};
	assert_true(check_passed(&check));
	check.seen = 100.41;
	assert_false(check_passed(&check));
	check.standard_error = 1;
	assert_true(check_passed(&check));
	check.seen = 100.51;
	assert_false(check_passed(&check));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_agrees),
		cmocka_unit_test(threads_change_nothing),
		cmocka_unit_test(an_estimate_can_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
