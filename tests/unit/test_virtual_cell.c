/*
 * virtual_cell: the words of virtual time in a cell's parameters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <gilbench/virtual_cell.h>

static char error[256];

static void round_trip(const char *params, const char *rest, const char *again)
{
	struct virtual_words words;
	char *others;
	assert_int_equal(virtual_words_read(params, &words, &others, error, sizeof(error)), 0);
	assert_string_equal(others, rest);
	char *text = virtual_words_text(&words, others);
	assert_string_equal(text, again);
	free(text);
	free(others);
}

static void test_machine_and_load_go_around_the_work(void **state)
{
	(void)state;
	round_trip("", "", "");
	round_trip("ms=5", "ms=5", "ms=5");
	round_trip("cores=8", "", "cores=8");
	round_trip("arrivals=random  a=1 cores=8 rate=2k b=2", "a=1 b=2",
		   "rate=2000 a=1 b=2 cores=8 arrivals=random");
	round_trip("more_cores=8 rates=1", "more_cores=8 rates=1", "more_cores=8 rates=1");
}

static void refuses(const char *params, const char *sentence)
{
	struct virtual_words words;
	char *rest;
	assert_int_equal(virtual_words_read(params, &words, &rest, error, sizeof(error)), -1);
	assert_string_equal(error, sentence);
}

static void test_faulty_words(void **state)
{
	(void)state;
	refuses("cores=0", "cores must be a whole number from 1 to 65536, not '0'");
	refuses("a=1 cores=1.5", "cores must be a whole number from 1 to 65536, not '1.5'");
	refuses("cores=nan", "cores must be a whole number from 1 to 65536, not 'nan'");
	refuses("rate=-1", "a rate is operations per second, from 0.001 to 10 million, not '-1'");
	refuses("arrivals=bursts",
		"arrivals may be 'random', not 'bursts'; without the word they are regular");
}

static void test_cores_are_of_virtual_cells(void **state)
{
	(void)state;
	struct cell cell = {.params = "ms=1 cores=64", .source = SOURCE_VIRTUAL};
	assert_int_equal(cell_cores(&cell), 64);
	cell.source = SOURCE_LIVE;
	assert_int_equal(cell_cores(&cell), 0);
}

/* Text to a cast, to words, and back. */
static void test_profiles_as_words(void **state)
{
	(void)state;
	struct profile_cast of = {0}, back;
	char *cast, *params;
	assert_int_equal(profile_cast_add(&of, "io:4 = gil 1ms, wait exp(10ms)", error, sizeof(error)), 0);
	assert_int_equal(profile_cast_add(&of, "cpu = gil lognormal(5ms, 0.5)", error, sizeof(error)), 0);
	profile_cast_words(&of, &cast, &params);
	assert_string_equal(cast, "io:4,cpu:1");
	assert_string_equal(params, "io.profile=gil:1ms+wait:exp(10ms) cpu.profile=gil:lognormal(5ms,0.5)");
	assert_true(params_have_profiles(params));
	assert_int_equal(profile_cast_read(cast, params, 9, &back, error, sizeof(error)), 0);
	assert_int_equal(back.count, 2);
	assert_string_equal(back.role[0].name, "io");
	assert_int_equal(back.role[0].tasks, 4);
	assert_int_equal(back.role[1].tasks, 1);
	assert_int_equal(back.role[1].profile.segment[0].mean_ns, 5000000);
	profile_cast_release(&back);
	profile_cast_release(&of);
	free(cast);
	free(params);
}

static void test_one_profile_takes_the_workers(void **state)
{
	(void)state;
	struct profile_cast of = {0}, back;
	char *cast, *params;
	assert_int_equal(profile_cast_add(&of, "gil 1ms", error, sizeof(error)), 0);
	profile_cast_words(&of, &cast, &params);
	assert_string_equal(cast, "profile");
	assert_string_equal(params, "profile=gil:1ms");
	assert_int_equal(profile_cast_read(cast, "profile=gil:1ms cores=8", 9, &back, error, sizeof(error)),
			 0);
	assert_int_equal(back.role[0].tasks, 9);
	assert_false(params_have_profiles("rate=1 ms=5"));
	assert_int_equal(profile_cast_read("io:1,cpu:1", "io.profile=gil:1ms", 2, &of, error, sizeof(error)),
			 -1);
	assert_string_equal(error, "the role 'cpu' has no profile");
	profile_cast_release(&back);
	free(cast);
	free(params);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machine_and_load_go_around_the_work),
		cmocka_unit_test(test_faulty_words),
		cmocka_unit_test(test_cores_are_of_virtual_cells),
		cmocka_unit_test(test_profiles_as_words),
		cmocka_unit_test(test_one_profile_takes_the_workers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
