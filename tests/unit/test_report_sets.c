/*
 * report sets: a row finds the [cells] section that asked for it, whatever way its parameters were typed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/util.h>

#include "report/parts.h"

#define WORD(TEXT) ((char *)(uintptr_t)(TEXT))

static struct cell_set sets[] = {
	{.name = WORD("large"), .cast.text = WORD("hash"), .params.text = WORD("bytes=1MiB")},
	{.name = WORD("small"), .cast.text = WORD("hash"), .params.text = WORD("bytes=1k")},
	{.name = WORD("any"), .cast.text = WORD("counter")},
	{.name = WORD("not guarded"), .cast.text = WORD("counter"), .params.text = WORD("guard=none")},
	{.name = WORD("two roles"),
	 .cast.text = WORD("sleep:8,hash:1"),
	 .params.text = WORD("sleep.ms=5 hash.bytes=16MiB")},
	{.name = WORD("short"), .cast.text = WORD("echo:1,spin:1"), .window_s = 0.5},
	{.name = WORD("long"), .cast.text = WORD("echo:1,spin:1"), .window_s = 2},
};

static const struct experiment experiment = {
	.name = WORD("test"), .sets = sets, .set_count = ARRAY_LEN(sets)};

static void finds(const char *cast, const char *params, int expected)
{
	struct summary_row row = {.cell = {.experiment = "test", .cast = cast, .params = params}};
	assert_int_equal(row_set(&experiment, &row), expected);
}

static void test_numbers_are_compared_as_numbers(void **state)
{
	(void)state;
	finds("hash", "bytes=1048576", 0);
	finds("hash", "bytes=1000", 1);
	finds("hash", "bytes=10485760", -1);
}

static void test_the_section_that_says_most_wins(void **state)
{
	(void)state;
	finds("counter", "guard=lock updates=1000", 2);
	finds("counter", "guard=none updates=1000", 3);
}

static void test_several_roles(void **state)
{
	(void)state;
	finds("sleep:8,hash:1", "sleep.ms=5 hash.bytes=16777216", 4);
	finds("sleep:8,hash:1", "sleep.ms=50 hash.bytes=16777216", -1);
}

static void finds_window(double window_s, int expected)
{
	struct summary_row row = {.cell = {.experiment = "test",
					   .cast = "echo:1,spin:1",
					   .params = "echo.bytes=32",
					   .window_s = window_s}};
	assert_int_equal(row_set(&experiment, &row), expected);
}

static void test_sections_may_differ_in_the_window_alone(void **state)
{
	(void)state;
	finds_window(0.5, 5);
	finds_window(2, 6);
	/* The command line's. */
	finds_window(1, 5);
	assert_true(sets_are_alike(&experiment, 5, 6));
	assert_false(sets_are_alike(&experiment, 2, 3));
	assert_false(sets_are_alike(&experiment, 0, 2));
}

static void test_rows_of_others_belong_to_none(void **state)
{
	(void)state;
	struct summary_row row = {.cell = {.experiment = "other", .cast = "counter", .params = ""}};
	assert_int_equal(row_set(&experiment, &row), -1);
	finds("spin", "iterations=10", -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_compared_as_numbers),
		cmocka_unit_test(test_the_section_that_says_most_wins),
		cmocka_unit_test(test_several_roles),
		cmocka_unit_test(test_sections_may_differ_in_the_window_alone),
		cmocka_unit_test(test_rows_of_others_belong_to_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
