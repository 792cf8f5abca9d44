/*
 * report text: numbers, wrapping, names for files and shells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/text.h"

#define SAME(NUMBER, EXPECTED) assert_string_equal((NUMBER).text, EXPECTED)

static void test_three_digits_and_a_unit(void **state)
{
	(void)state;
	SAME(text_ratio(1.9749), "1.97×");
	SAME(text_ratio(28.44), "28.4×");
	SAME(text_ratio(9.999), "10.0×");
	SAME(text_ratio(128.4), "128×");
	SAME(text_seconds(0.01234), "12.3\u00a0ms");
	SAME(text_seconds(0.9999), "1.00\u00a0s");
	SAME(text_seconds(8.5e-7), "850\u00a0ns");
	SAME(text_seconds(0), "0\u00a0s");
	SAME(text_bytes(3.5 * 1024 * 1024), "3.50\u00a0MiB");
	SAME(text_percent(0.013), "1.3\u00a0%");
	SAME(text_share(0.99234), "99.2\u00a0%");
	SAME(text_share(0.05), "5.00\u00a0%");
	SAME(text_share(0.00038), "0.038\u00a0%");
	SAME(text_share(1), "100\u00a0%");
	SAME(text_share(0), "0\u00a0%");
	SAME(text_count(1234), "1.23 k");
	SAME(text_count(120), "120");
}

static void test_what_is_not_known_is_a_dash(void **state)
{
	(void)state;
	SAME(text_ratio((double)NAN), "-");
	SAME(text_seconds((double)NAN), "-");
	SAME(text_bytes((double)INFINITY), "-");
	SAME(text_percent((double)NAN), "-");
	SAME(text_share((double)NAN), "-");
}

static void test_intervals_stand_beside_their_number(void **state)
{
	(void)state;
	struct interval known = {1.97, 1.95, 1.981}, unknown = {1.97, (double)NAN, (double)NAN};
	SAME(text_ratio_interval(&known), "1.97× [1.95,\u00a01.98]");
	SAME(text_ratio_interval(&unknown), "1.97×");
	struct interval wall = {0.1234, 0.12, 0.13};
	SAME(text_seconds_interval(&wall), "123\u00a0ms [120,\u00a0130]");
	struct interval share = {0.5, 0.4917, 0.503};
	SAME(text_share_interval(&share), "50.0\u00a0% [49.2,\u00a050.3]");
	SAME(text_share_interval(&unknown), "197\u00a0%");
}

static void puts_in(const char *text, int columns, const char *expected)
{
	char *got = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&got, &bytes);
	text_put(to, text, columns);
	fclose(to);
	assert_string_equal(got, expected);
	free(got);
}

static void test_columns_are_characters_not_bytes(void **state)
{
	(void)state;
	puts_in("3 µs", 6, "  3 µs");
	puts_in("3 µs", -6, "3 µs  ");
	puts_in("longer", 3, "longer");
	puts_in("longer", -3, "longer");
	puts_in("", 2, "  ");
}

static void wraps(const char *text, size_t columns, size_t lines, const char *expected)
{
	char *got = text_wrap(text, columns, lines);
	assert_string_equal(got, expected);
	free(got);
}

static void test_wrapping_counts_characters_not_bytes(void **state)
{
	(void)state;
	wraps("one two three", 7, 3, "one two\nthree");
	wraps("é é é é", 3, 4, "é é\né é");
	wraps("short", 80, 1, "short");
	wraps("averyverylongword stays", 5, 3, "averyverylongword\nstays");
	wraps("", 10, 2, "");
	wraps("tab\tand\nnewline", 80, 2, "tab and newline");
}

static void test_what_does_not_fit_ends_in_dots(void **state)
{
	(void)state;
	wraps("one two three four", 7, 1, "one two...");
	wraps("one two three four five", 9, 2, "one two\nthree...");
}

static void test_names_for_files(void **state)
{
	(void)state;
	static const char *const cases[][2] = {{"1 ms work, 4 ms wait", "1-ms-work-4-ms-wait"},
					       {"../../etc/passwd", "etc-passwd"},
					       {"é", "x"},
					       {"", "x"}};
	for (size_t i = 0; i < 4; i++) {
		char *got = text_slug(cases[i][0]);
		assert_string_equal(got, cases[i][1]);
		free(got);
	}
}

static void test_words_for_a_shell(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"ms=5", "ms=5"}, {"a b", "'a b'"}, {"it's", "'it'\\''s'"}, {"$(id)", "'$(id)'"}, {"", "''"}};
	for (size_t i = 0; i < 5; i++) {
		char *got = text_shell_word(cases[i][0]);
		assert_string_equal(got, cases[i][1]);
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_digits_and_a_unit),
		cmocka_unit_test(test_what_is_not_known_is_a_dash),
		cmocka_unit_test(test_intervals_stand_beside_their_number),
		cmocka_unit_test(test_columns_are_characters_not_bytes),
		cmocka_unit_test(test_wrapping_counts_characters_not_bytes),
		cmocka_unit_test(test_what_does_not_fit_ends_in_dots),
		cmocka_unit_test(test_names_for_files),
		cmocka_unit_test(test_words_for_a_shell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
