/*
 * command: the line that repeats a sample is what the driver runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <gilbench/driver.h>

#include "driver/command.h"

static void assert_command(const struct request *request, const char *expected)
{
	char *text = execute_command(request);
	assert_string_equal(text, expected);
	free(text);
}

static void test_a_batch(void **state)
{
	(void)state;
	struct cell cell = {.experiment = "x",
			    .cast = "mixed",
			    .params = "work_ms=1 spread=exp",
			    .model = "gil",
			    .policy = "py3,interval=1ms",
			    .workers = 4};
	struct request request = {.cell = &cell, .ops = 120, .seed = 9};
	assert_command(&request,
		       "gilbench once --workload mixed --param work_ms=1 --param spread=exp --model gil "
		       "--gil py3,interval=1ms --workers 4 --ops 120 --seed 9");
}

static void test_a_window(void **state)
{
	(void)state;
	struct cell cell = {.experiment = "x",
			    .cast = "sleep:8,hash:1",
			    .params = "sleep.ms=5",
			    .model = "uv",
			    .policy = "",
			    .workers = 9,
			    .kind = CELL_WINDOW,
			    .window_s = 0.3};
	struct request request = {.cell = &cell, .seed = 9, .affinity = "0,2"};
	assert_command(&request,
		       "gilbench once --workload sleep:8,hash:1 --param sleep.ms=5 --model uv --workers 9 "
		       "--window 0.3s --affinity 0,2 --seed 9");
}

static void test_the_first_argument_is_the_subcommand(void **state)
{
	(void)state;
	struct cell cell = {
		.experiment = "x", .cast = "null", .params = "", .model = "seq", .policy = "", .workers = 1};
	struct request request = {.cell = &cell, .ops = 1};
	char **arguments = command_arguments(&request);
	assert_string_equal(arguments[0], "once");
	assert_string_equal(arguments[2], "null");
	command_free(arguments);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_batch),
		cmocka_unit_test(test_a_window),
		cmocka_unit_test(test_the_first_argument_is_the_subcommand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
