/*
 * numlist: lists of whole numbers as people type them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/numlist.h>

static const struct numlist_name names[] = {{"cores", 4}, {"cpus", 6}, {NULL, 0}};

static char error[256];

/* Reads `text` with limits 1 to 4096 and compares it with "1 2 4". */
static void reads(const char *text, const char *expected)
{
	int numbers[NUMLIST_MAX];
	char got[512] = "";
	int count = numlist_parse(text, names, 1, 4096, numbers, error, sizeof(error));
	for (int i = 0; i < count; i++) {
		size_t used = strlen(got);
		snprintf(got + used, sizeof(got) - used, "%s%d", i > 0 ? " " : "", numbers[i]);
	}
	assert_string_equal(count < 0 ? error : got, expected);
}

static void test_lists_come_back_sorted_and_once(void **state)
{
	(void)state;
	reads("1,2,4", "1 2 4");
	reads("8,1,8,4", "1 4 8");
	reads("1-4", "1 2 3 4");
	reads("1-8:3", "1 4 7");
	reads("2-4,3-6", "2 3 4 5 6");
	reads("1, 2", "1 2");
	reads("7", "7");
}

static void test_names_stand_for_numbers(void **state)
{
	(void)state;
	reads("1,2,cores,2*cores", "1 2 4 8");
	reads("1-cpus", "1 2 3 4 5 6");
	reads("cores-cpus", "4 5 6");
}

static void test_mistakes(void **state)
{
	(void)state;
	static const char *const faulty[] = {"",
					     ",",
					     "1,",
					     "a",
					     "1.5",
					     "4-1",
					     "1-4:0",
					     "1--2",
					     "2*3",
					     "2*x",
					     "*cores",
					     "1 2",
					     "99999999999999999999"};
	for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
		char expected[200];
		snprintf(
			expected, sizeof(expected),
			"'%s' is not a list of whole numbers such as 1,2,4 or 1-8 or 1-32:4 or cores,2*cores",
			faulty[i]);
		reads(faulty[i], expected);
	}
	reads("0", "'0': numbers must be from 1 to 4096");
	reads("1-5000", "'1-5000': numbers must be from 1 to 4096");
	reads("1-100", "'1-100': at most 64 numbers");
}

/* A factor times a name must not wrap round into the limits. */
static void test_a_product_past_the_limits(void **state)
{
	(void)state;
	reads("2000000000*cores", "'2000000000*cores': numbers must be from 1 to 4096");
	reads("9223372036854775807*cores",
	      "'9223372036854775807*cores' is not a list of whole numbers such as 1,2,4 or 1-8 or 1-32:4 or "
	      "cores,2*cores");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_come_back_sorted_and_once),
		cmocka_unit_test(test_names_stand_for_numbers),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_a_product_past_the_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
