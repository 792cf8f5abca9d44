/*
 * param: numbers with units, and tables of knobs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/param.h>

enum { MS, BYTES, GUARD };
static const struct param table[] = {
	[MS] = {"ms", 5, 0.001, 60000, NULL, "length"},
	[BYTES] = {"bytes", 1048576, 1, 1e9, NULL, "size"},
	[GUARD] = {"guard", 0, 0, 1, "lock|none", "what protects"},
	{0},
};

static char error[256];

static void refuses(const char *assignment, const char *sentence)
{
	double values[PARAM_MAX];
	param_defaults(table, values);
	assert_int_equal(param_set(table, values, assignment, error, sizeof(error)), -1);
	assert_string_equal(error, sentence);
	assert_float_equal(values[MS], 5, 0);
}

static void test_defaults_and_text(void **state)
{
	(void)state;
	double values[PARAM_MAX];
	assert_int_equal(param_count(table), 3);
	assert_int_equal(param_count(NULL), 0);
	param_defaults(table, values);
	char *text = param_text(table, values);
	assert_string_equal(text, "ms=5 bytes=1048576 guard=lock");
	free(text);
	text = param_text(NULL, values);
	assert_string_equal(text, "");
	free(text);
}

static void test_values_with_units(void **state)
{
	(void)state;
	double values[PARAM_MAX];
	param_defaults(table, values);
	assert_int_equal(param_set(table, values, "bytes=64KiB", error, sizeof(error)), 0);
	assert_int_equal(param_set(table, values, "ms=0.25", error, sizeof(error)), 0);
	assert_int_equal(param_set(table, values, "guard=none", error, sizeof(error)), 0);
	char *text = param_text(table, values);
	assert_string_equal(text, "ms=0.25 bytes=65536 guard=none");
	free(text);
}

static void test_refusals_say_what_would_be_right(void **state)
{
	(void)state;
	refuses("ms=0", "ms must be from 0.001 to 60000, not 0");
	refuses("ms=60001", "ms must be from 0.001 to 60000, not 60001");
	refuses("bytes=1.5", "bytes must be a whole number, not 1.5");
	refuses("guard=mutex", "guard must be one of lock|none, not 'mutex'");
	refuses("byte=5", "there is no parameter 'byte'; did you mean 'bytes'?");
	refuses("colour=5", "there is no parameter 'colour'; there are: ms, bytes, guard");
	refuses("ms", "'ms' is not NAME=VALUE");
	refuses("=5", "'=5' is not NAME=VALUE");
	refuses("ms=five", "ms must be a number (k, M, G, KiB, MiB, GiB are understood), not 'five'");
	refuses("ms=5x", "ms must be a number (k, M, G, KiB, MiB, GiB are understood), not '5x'");
	refuses("ms=", "ms must be a number (k, M, G, KiB, MiB, GiB are understood), not ''");
	refuses("ms=nan", "ms must be a number (k, M, G, KiB, MiB, GiB are understood), not 'nan'");
	double values[PARAM_MAX];
	assert_int_equal(param_set(NULL, values, "ms=5", error, sizeof(error)), -1);
	assert_string_equal(error, "there is no parameter 'ms': this workload has none");
}

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double seconds;
	} cases[] = {
		{"90s", 90},    {"3", 3},          {"5ms", 0.005}, {"2m", 120}, {"2min", 120},
		{"1.5h", 5400}, {"250us", 250e-6}, {"7ns", 7e-9},  {"0", 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double seconds = -1;
		assert_int_equal(param_duration(cases[i].text, &seconds), 0);
		assert_float_equal(seconds, cases[i].seconds, 1e-12);
	}
	static const char *const faulty[] = {"", "s", "5 parsecs", "5sec", "inf", "1e999", "ms5"};
	for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
		double seconds = -1;
		assert_int_equal(param_duration(faulty[i], &seconds), -1);
		assert_float_equal(seconds, -1, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults_and_text),
		cmocka_unit_test(test_values_with_units),
		cmocka_unit_test(test_refusals_say_what_would_be_right),
		cmocka_unit_test(test_durations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
