/*
 * util: names, random bits, small files.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <gilbench/util.h>

static const char *const names[] = {"spin", "sleep", "sort", "primes"};

static void test_nearest_name_forgives_a_slip(void **state)
{
	(void)state;
	assert_string_equal(nearest_name("sipn", names, ARRAY_LEN(names)), "spin");
	assert_string_equal(nearest_name("slep", names, ARRAY_LEN(names)), "sleep");
	assert_string_equal(nearest_name("sort", names, ARRAY_LEN(names)), "sort");
	assert_string_equal(nearest_name("prime", names, ARRAY_LEN(names)), "primes");
}

static void test_nearest_name_does_not_guess_wildly(void **state)
{
	(void)state;
	assert_null(nearest_name("matmul", names, ARRAY_LEN(names)));
	assert_null(nearest_name("", names, ARRAY_LEN(names)));
	assert_null(nearest_name("spin", NULL, 0));
	/* Longer than any name: no suggestion, no overflow. */
	char long_word[200];
	memset(long_word, 's', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	assert_null(nearest_name(long_word, names, ARRAY_LEN(names)));
}

/* The reference sequence of splitmix64 from seed 0: Vigna's published C code gives these. */
static void test_random_is_splitmix64(void **state)
{
	(void)state;
	uint64_t seed = 0;
	assert_int_equal(random_next(&seed), 0xe220a8397b1dcdafu);
	assert_int_equal(random_next(&seed), 0x6e789e6aa1b965f4u);
	assert_int_equal(random_next(&seed), 0x06c45d188009454fu);
}

static void test_read_file_and_line(void **state)
{
	(void)state;
	char path[] = "/tmp/gilbench-test-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	/* More than one read's worth. */
	char block[9000];
	memset(block, 'x', sizeof(block));
	memcpy(block, "first\n", 6);
	assert_int_equal(write(fd, block, sizeof(block)), sizeof(block));
	close(fd);

	size_t length = 0;
	char *text = read_file(path, &length);
	assert_non_null(text);
	assert_int_equal(length, sizeof(block));
	assert_memory_equal(text, block, sizeof(block));
	assert_int_equal(text[length], '\0');
	free(text);

	char line[16];
	assert_int_equal(read_line(path, line, sizeof(line)), 0);
	assert_string_equal(line, "first");
	unlink(path);
	assert_int_equal(read_line(path, line, sizeof(line)), -ENOENT);
	assert_null(read_file(path, NULL));
}

static void test_read_line_of_an_empty_file(void **state)
{
	(void)state;
	char line[16] = "unchanged";
	assert_int_equal(read_line("/dev/null", line, sizeof(line)), -ENODATA);
}

static void test_data_dir_follows_the_environment(void **state)
{
	(void)state;
	setenv("GILBENCH_DATADIR", "/somewhere", 1);
	char *dir = data_dir();
	assert_string_equal(dir, "/somewhere");
	free(dir);
	unsetenv("GILBENCH_DATADIR");
	dir = data_dir();
	assert_non_null(dir);
	assert_int_equal(dir[0], '/');
	free(dir);
}

static void test_formatted_text(void **state)
{
	(void)state;
	char *text = xasprintf("%d-%s", 7, "x");
	assert_string_equal(text, "7-x");
	free(text);
	char *nothing = xcalloc(0, 0);
	assert_non_null(nothing);
	free(nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nearest_name_forgives_a_slip),
		cmocka_unit_test(test_nearest_name_does_not_guess_wildly),
		cmocka_unit_test(test_random_is_splitmix64),
		cmocka_unit_test(test_read_file_and_line),
		cmocka_unit_test(test_read_line_of_an_empty_file),
		cmocka_unit_test(test_data_dir_follows_the_environment),
		cmocka_unit_test(test_formatted_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
